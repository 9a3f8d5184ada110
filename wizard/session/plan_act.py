"""The order of one act, of a step or of its undo: look, ask, gates, look again, act, prove (DESIGN 4)."""

from typing import Literal

from wizard.procedure import Ask, ByHand, Choose, Wait
from wizard.session import questions
from wizard.session.fencing import fence_of, is_fenced
from wizard.session.moves import CaptureValue, EndStep, Judge, Launch, Look, Move, Play, Settle, Sit, StartWait
from wizard.session.scene import Scene
from wizard.session.state import Stage


_FRESH = 5.0
"""Seconds that what was looked at before an intent may be old (DESIGN 4)."""


def plan_doing(scene: Scene) -> Move:
    """The next move of one act."""
    match scene.actor.stage:
        case Stage.WAITING | Stage.LOOKING | Stage.ENDED:
            return _looking(scene)
        case Stage.CLEARED:
            return _cleared(scene)
        case Stage.UNKNOWN:
            return _unknown(scene)
        case Stage.RUNNING | Stage.PROVING:
            return _proving(scene)


def _wanted(scene: Scene) -> list[Look]:
    """Fence, probe and `before`: what is looked at before an act."""
    step, undo = scene.step.id, scene.undo
    wanted: list[Look] = []
    if is_fenced(scene.doing):
        wanted += [Look(step, "fence", index, undo) for index, _ in enumerate(fence_of(scene.procedure))]
    if scene.doing.probe is not None:
        wanted.append(Look(step, "already", 0, undo))
    wanted += [Look(step, "before", index, undo) for index, _ in enumerate(scene.doing.before)]
    return wanted


def _survey(scene: Scene) -> Move | None:
    """The next look that has not been made; then the question that the first bad answer raises.

    Who did the step by hand already finds its effect there, and what had to hold before it may hold no more.
    """
    for look in _wanted(scene):
        if look.purpose == "before" and _own_work_found(scene):
            break
        answer = scene.actor.looks.get((look.purpose, look.index))
        if answer is None:
            return look
        covered = (look.purpose, look.index, answer.verdict) in scene.actor.overridden
        doubt = None if covered else _doubt(scene, look, answer.verdict)
        if doubt is not None:
            return doubt
    return None


def _own_work_found(scene: Scene) -> bool:
    probe = scene.actor.looks.get(("already", 0))
    return scene.actor.doing_by_hand and probe is not None and probe.verdict == "yes"


def _grown_old(scene: Scene) -> Look | None:
    """A look that is older than it may be and has to be made again, the first of them.

    The time that later looks took which answered at once does not count: one can only be made after the other. The
    time of polls, questions and sleep does.
    """
    actor, later = scene.actor, 0.0
    old: Look | None = None
    made = [look for look in _wanted(scene) if (look.purpose, look.index) in actor.looks]
    for look in sorted(made, key=lambda look: actor.looked[look.purpose, look.index].seq, reverse=True):
        key = (look.purpose, look.index)
        answer = actor.looks[key]
        if (*key, answer.verdict) not in actor.overridden and scene.passed(actor.looked[key]) - later > _FRESH:
            old = look
        later += answer.seconds if answer.attempts == 1 else 0.0
    return old


def _doubt(scene: Scene, look: Look, verdict: str) -> Move | None:
    # For the probe a no is the good answer: what is not there yet may be done.
    if verdict == ("no" if look.purpose == "already" else "yes"):
        return None
    if look.purpose == "already" and _own_work_found(scene):
        return None
    if look.purpose == "fence":
        return questions.fence(scene, look)
    if verdict == "no answer":
        return questions.no_answer(scene, look)
    return questions.found_done(scene) if look.purpose == "already" else questions.before(scene, look)


def _looking(scene: Scene) -> Move:
    act, actor, step = scene.doing.act, scene.actor, scene.step
    if actor.given is not None and isinstance(act, Ask | Choose):
        return CaptureValue(step.id, act.name, actor.given)
    doubt = _survey(scene)
    if doubt is not None:
        return doubt
    if not scene.undo and step.soak is not None and "soak" not in actor.passed:
        return _waiting(scene, "soak", _left(scene, step.soak.since, step.soak.for_))
    match act:
        case ByHand():
            return _items(scene, act)
        case Wait():
            return _wait(scene, act)
        case Ask() | Choose():
            return _proving(scene) if act.name in actor.captured else questions.value_wanted(scene, act)
        case _:
            return questions.go(scene)


def _gate(scene: Scene) -> Move | None:
    if scene.undo:
        return None
    step, actor = scene.step, scene.actor
    if step.confirm is not None and "confirm" not in actor.passed:
        return questions.confirm(scene)
    again = actor.attempt > 0 and step.repeat == "never" and scene.starts_command
    if (step.type is not None or again) and "type" not in actor.passed:
        return questions.type_name(scene)
    return None


def _cleared(scene: Scene) -> Move:
    held_up = _gate(scene) or _survey(scene) or _grown_old(scene)
    if held_up is not None:
        return held_up
    if scene.by_hand is not None or scene.actor.doing_by_hand:
        return questions.did_it(scene)
    return Launch(scene.step.id, undo=scene.undo)


def _items(scene: Scene, act: ByHand) -> Move:
    gate = _gate(scene)
    if gate is not None:
        return gate
    rehearsal = scene.state.opened.mode == "rehearsal"
    for index, item in enumerate(act.items):
        if index not in scene.actor.ticked:
            return questions.item(scene, act, index)
        if rehearsal and item.plays is not None and index not in scene.actor.played:
            return Play(scene.step.id, index)
    return _proving(scene)


def _wait(scene: Scene, act: Wait) -> Move:
    if scene.actor.waited:
        return _proving(scene)
    if act.since is not None:
        left = _left(scene, act.since, act.for_)
    elif scene.actor.waiting is not None:
        left = act.for_ - scene.passed(scene.actor.waiting.began)
    else:
        left = act.for_
    return _waiting(scene, "wait", left)


def _waiting(scene: Scene, sort: Literal["soak", "wait"], left: float) -> Move:
    if scene.actor.waiting is None:
        return StartWait(scene.step.id, sort, max(left, 0.0))
    if scene.actor.waiting.cut_short:
        return Sit(scene.step.id, sort, 0.0, scene.actor.waiting.cut_short)
    if scene.state.question is None and left > 0:
        return questions.waiting(scene, sort)
    return Sit(scene.step.id, sort, left)


def _left(scene: Scene, since: str, seconds: float) -> float:
    ended = scene.state.step(since).ended_at
    return seconds if ended is None else seconds - scene.passed(ended)


def _unknown(scene: Scene) -> Move:
    actor = scene.actor
    if actor.probing and scene.doing.probe is not None:
        probe = actor.looks.get(("already", 0))
        if probe is None:
            return Look(scene.step.id, "already", 0, scene.undo)
        if probe.verdict != "no answer" and actor.run is not None:
            return Settle(actor.run, finished=probe.verdict == "yes")
    return questions.unknown(scene)


def _value_of(scene: Scene, name: str) -> Move:
    """From the output of the command; where there is none that was what it should be, from the operator."""
    actor = scene.actor
    if actor.given is not None:
        return CaptureValue(scene.step.id, name, actor.given)
    elsewhere = actor.by_hand or actor.found_done
    if elsewhere or any(purpose == "expect" for purpose, _, _ in actor.overridden):
        return questions.value_missing(scene, name)
    return CaptureValue(scene.step.id, name)


def _to_remember(scene: Scene) -> Move | None:
    """The next value of the world that the step leaves behind for later ones, or None when all are known."""
    actor, step = scene.actor, scene.step
    for index, name in enumerate(step.remember):
        if name in actor.captured:
            continue
        answer = actor.looks.get(("remember", index))
        if answer is None:
            return Look(step.id, "remember", index)
        if ("remember", index, answer.verdict) not in actor.overridden:
            return questions.failed(scene)
        return questions.value_missing(scene, name) if actor.given is None else CaptureValue(step.id, name, actor.given)
    return None


def what_it_changed(scene: Scene) -> Look | None:
    """The probe, of a step that did not prove itself and has no undo: if it changed nothing, it bars no way back."""
    actor = scene.actor
    wanted = not scene.undo and scene.step.undo is None and scene.doing.probe is not None and actor.acted
    return Look(scene.step.id, "already", 0) if wanted and ("already", 0) not in actor.looks else None


def _look_after(scene: Scene) -> Look | None:
    """The next check after an act whose command did not tell whether it succeeded: the world may."""
    checks = range(len(scene.doing.after) if scene.unheard else 0)
    index = next((index for index in checks if ("after", index) not in scene.actor.looks), None)
    return None if index is None else Look(scene.step.id, "after", index, scene.undo)


def _proving(scene: Scene) -> Move:
    actor, step, undo = scene.actor, scene.step, scene.undo
    if scene.starts_command and not actor.by_hand and not actor.found_done:
        judged = actor.looks.get(("expect", 0))
        if judged is None:
            return Judge(step.id, undo)
        if judged.verdict != "yes" and ("expect", 0, judged.verdict) not in actor.overridden:
            return _look_after(scene) or what_it_changed(scene) or questions.failed(scene)
    missing = next((name for name in scene.doing.capture if name not in actor.captured), None)
    if missing is not None:
        return _value_of(scene, missing)
    for index, _ in enumerate(scene.doing.after):
        answer = actor.looks.get(("after", index))
        if answer is None:
            return Look(step.id, "after", index, undo)
        if answer.verdict != "yes" and ("after", index, answer.verdict) not in actor.overridden:
            return what_it_changed(scene) or questions.failed(scene)
    if undo:
        return EndStep(step.id, "undone", actor.reason)
    unknown = _to_remember(scene)
    if unknown is not None:
        return unknown
    return EndStep(step.id, "found done" if actor.found_done else "done")
