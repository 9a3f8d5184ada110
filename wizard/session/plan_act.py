"""The order of one act, of a step or of its undo: look, ask, gates, look again, act, prove."""

from typing import Literal

from wizard.acts.plan import Countdown, Go, TickAll, Value
from wizard.session import questions
from wizard.session.actions import (
    Action,
    CaptureValue,
    ContinueWait,
    EndStep,
    JudgeOutput,
    RunCheck,
    Settle,
    SimulateItem,
    StartRun,
    StartWait,
)
from wizard.session.fencing import fence_of, is_fenced
from wizard.session.plan_input import ActContext
from wizard.session.state import Stage


_FRESH = 5.0
"""Seconds that what was looked at before an intent may be old."""


def plan_doing(context: ActContext) -> Action:
    """The next move of one act."""
    match context.actor.stage:
        case Stage.WAITING | Stage.LOOKING | Stage.ENDED:
            return _looking(context)
        case Stage.CLEARED:
            return _cleared(context)
        case Stage.UNKNOWN:
            return _unknown(context)
        case Stage.RUNNING | Stage.PROVING:
            return _proving(context)


def _wanted(context: ActContext) -> list[RunCheck]:
    """Fence, probe and `before`: what is looked at before an act."""
    step, undo = context.step.id, context.undo
    wanted: list[RunCheck] = []
    if is_fenced(context.operation):
        wanted += [RunCheck(step, "fence", index, undo) for index, _ in enumerate(fence_of(context.procedure))]
    if context.operation.probe is not None:
        wanted.append(RunCheck(step, "already", 0, undo))
    wanted += [RunCheck(step, "before", index, undo) for index, _ in enumerate(context.operation.before)]
    return wanted


def _survey(context: ActContext) -> Action | None:
    """The next look that has not been made; then the question that the first bad answer raises.

    Who did the step by hand already finds its effect there, and what had to hold before it may hold no more.
    """
    for look in _wanted(context):
        if look.purpose == "before" and _own_work_found(context):
            break
        answer = context.actor.check_results.get((look.purpose, look.index))
        if answer is None:
            return look
        covered = (look.purpose, look.index, answer.verdict) in context.actor.overridden
        doubt = None if covered else _doubt(context, look, answer.verdict)
        if doubt is not None:
            return doubt
    return None


def _own_work_found(context: ActContext) -> bool:
    probe = context.actor.check_results.get(("already", 0))
    return context.actor.doing_by_hand and probe is not None and probe.verdict == "yes"


def _grown_old(context: ActContext) -> RunCheck | None:
    """A look that is older than it may be and has to be made again, the first of them.

    The time that later looks took which answered at once does not count: one can only be made after the other. The
    time of polls, questions and sleep does.
    """
    actor, later = context.actor, 0.0
    old: RunCheck | None = None
    made = [look for look in _wanted(context) if (look.purpose, look.index) in actor.check_results]
    for look in sorted(made, key=lambda look: actor.checked_at[look.purpose, look.index].seq, reverse=True):
        key = (look.purpose, look.index)
        answer = actor.check_results[key]
        if (*key, answer.verdict) not in actor.overridden and context.passed(actor.checked_at[key]) - later > _FRESH:
            old = look
        later += answer.seconds if answer.attempts == 1 else 0.0
    return old


def _doubt(context: ActContext, look: RunCheck, verdict: str) -> Action | None:
    # For the probe a no is the good answer: what is not there yet may be done.
    if verdict == ("no" if look.purpose == "already" else "yes"):
        return None
    if look.purpose == "already" and _own_work_found(context):
        return None
    if look.purpose == "fence":
        return questions.fence(context, look)
    if verdict == "no answer":
        return questions.no_answer(context, look)
    return questions.found_done(context) if look.purpose == "already" else questions.before(context, look)


def _looking(context: ActContext) -> Action:
    plan, actor, step = context.operation.act.plan, context.actor, context.step
    if actor.given is not None and isinstance(plan, Value):
        return CaptureValue(step.id, plan.name, actor.given)
    doubt = _survey(context)
    if doubt is not None:
        return doubt
    if not context.undo and step.soak is not None and "soak" not in actor.passed:
        return _waiting(context, "soak", _left(context, step.soak.since, step.soak.for_))
    match plan:
        case Go():
            return questions.go(context)
        case TickAll():
            return _items(context, plan)
        case Value():
            return _proving(context) if plan.name in actor.captured else questions.value_wanted(context, plan)
        case Countdown():
            return _wait(context, plan)


def _gate(context: ActContext) -> Action | None:
    if context.undo:
        return None
    step, actor = context.step, context.actor
    if step.confirm is not None and "confirm" not in actor.passed:
        return questions.confirm(context)
    again = actor.attempt > 0 and step.repeat == "never" and context.starts_command
    if (step.type is not None or again) and "type" not in actor.passed:
        return questions.type_name(context)
    return None


def _cleared(context: ActContext) -> Action:
    held_up = _gate(context) or _survey(context) or _grown_old(context)
    if held_up is not None:
        return held_up
    if context.by_hand is not None or context.actor.doing_by_hand:
        return questions.did_it(context)
    return StartRun(context.step.id, undo=context.undo)


def _items(context: ActContext, plan: TickAll) -> Action:
    gate = _gate(context)
    if gate is not None:
        return gate
    rehearsal = context.state.opened.mode == "rehearsal"
    for index, item in enumerate(plan.items):
        if index not in context.actor.ticked:
            return questions.item(context, plan, index)
        if rehearsal and item.plays is not None and index not in context.actor.played:
            return SimulateItem(context.step.id, index)
    return _proving(context)


def _wait(context: ActContext, plan: Countdown) -> Action:
    if context.actor.waited:
        return _proving(context)
    if plan.since is not None:
        left = _left(context, plan.since, plan.seconds)
    elif context.actor.waiting is not None:
        left = plan.seconds - context.passed(context.actor.waiting.began)
    else:
        left = plan.seconds
    return _waiting(context, "wait", left)


def _waiting(context: ActContext, kind: Literal["soak", "wait"], left: float) -> Action:
    if context.actor.waiting is None:
        return StartWait(context.step.id, kind, max(left, 0.0))
    if context.actor.waiting.cut_short:
        return ContinueWait(context.step.id, kind, 0.0, context.actor.waiting.cut_short)
    if context.state.question is None and left > 0:
        return questions.waiting(context, kind)
    return ContinueWait(context.step.id, kind, left)


def _left(context: ActContext, since: str, seconds: float) -> float:
    ended = context.state.step(since).ended_at
    return seconds if ended is None else seconds - context.passed(ended)


def _unknown(context: ActContext) -> Action:
    actor = context.actor
    if actor.probing and context.operation.probe is not None:
        probe = actor.check_results.get(("already", 0))
        if probe is None:
            return RunCheck(context.step.id, "already", 0, context.undo)
        if probe.verdict != "no answer" and actor.run is not None:
            return Settle(actor.run, finished=probe.verdict == "yes")
    return questions.unknown(context)


def _value_of(context: ActContext, name: str) -> Action:
    """From the output of the command; where there is none that was what it should be, from the operator."""
    actor = context.actor
    if actor.given is not None:
        return CaptureValue(context.step.id, name, actor.given)
    elsewhere = actor.by_hand or actor.found_done
    if elsewhere or any(purpose == "expect" for purpose, _, _ in actor.overridden):
        return questions.value_missing(context, name)
    return CaptureValue(context.step.id, name)


def _to_remember(context: ActContext) -> Action | None:
    """The next value of the world that the step leaves behind for later ones, or None when all are known."""
    actor, step = context.actor, context.step
    for index, name in enumerate(step.remember):
        if name in actor.captured:
            continue
        answer = actor.check_results.get(("remember", index))
        if answer is None:
            return RunCheck(step.id, "remember", index)
        if ("remember", index, answer.verdict) not in actor.overridden:
            return questions.failed(context)
        return (
            questions.value_missing(context, name) if actor.given is None else CaptureValue(step.id, name, actor.given)
        )
    return None


def what_it_changed(context: ActContext) -> RunCheck | None:
    """The probe, of a step that did not prove itself and has no undo: if it changed nothing, it bars no way back."""
    actor = context.actor
    wanted = not context.undo and context.step.undo is None and context.operation.probe is not None and actor.has_effect
    return RunCheck(context.step.id, "already", 0) if wanted and ("already", 0) not in actor.check_results else None


def _look_after(context: ActContext) -> RunCheck | None:
    """The next check after an act whose command did not tell whether it succeeded: the world may."""
    checks = range(len(context.operation.after) if context.unheard else 0)
    index = next((index for index in checks if ("after", index) not in context.actor.check_results), None)
    return None if index is None else RunCheck(context.step.id, "after", index, context.undo)


def _proving(context: ActContext) -> Action:
    actor, step, undo = context.actor, context.step, context.undo
    if context.starts_command and not actor.by_hand and not actor.found_done:
        judged = actor.check_results.get(("expect", 0))
        if judged is None:
            return JudgeOutput(step.id, undo)
        if judged.verdict != "yes" and ("expect", 0, judged.verdict) not in actor.overridden:
            return _look_after(context) or what_it_changed(context) or questions.failed(context)
    missing = next((name for name in context.operation.capture if name not in actor.captured), None)
    if missing is not None:
        return _value_of(context, missing)
    for index, _ in enumerate(context.operation.after):
        answer = actor.check_results.get(("after", index))
        if answer is None:
            return RunCheck(step.id, "after", index, undo)
        if answer.verdict != "yes" and ("after", index, answer.verdict) not in actor.overridden:
            return what_it_changed(context) or questions.failed(context)
    if undo:
        return EndStep(step.id, "undone", actor.reason)
    unknown = _to_remember(context)
    if unknown is not None:
        return unknown
    return EndStep(step.id, "found done" if actor.found_done else "done")
