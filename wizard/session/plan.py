"""plan(situation, state, now) -> the next move. Pure: the same journal always leads to the same move."""

from wizard.acts.plan import TickAll
from wizard.clock import Instant
from wizard.fields.templates import render_text
from wizard.model.procedure import Procedure, Step
from wizard.session import questions
from wizard.session.actions import (
    Action,
    AwaitAnswer,
    BeginStep,
    BeginUndo,
    Close,
    EndPhase,
    EndStep,
    Evaluate,
    Follow,
    Nothing,
    Pause,
    RunCheck,
    Scope,
    StartRun,
)
from wizard.session.fencing import fence_of
from wizard.session.plan_act import plan_doing, what_it_changed
from wizard.session.plan_input import ActContext, PlanInput
from wizard.session.secrets_needed import secrets_needed
from wizard.session.state import PROVEN, SessionState, Stage
from wizard.session.target_questions import handed_over
from wizard.session.target_sharing import claiming, sharing
from wizard.session.undo_path import is_decided, undo_target
from wizard.session.watching import closing, due, over_unseen


def plan(plan_input: PlanInput, state: SessionState, now: Instant) -> Action:
    """The one move that comes next."""
    for part in (_ending, sharing, _watching, _standing, _opening, _resuming, _watching_again, _taking_back):
        action = part(plan_input, state)
        if action is not None:
            return action
    procedure = plan_input.procedure
    if state.undo is not None:
        step = procedure.step(state.undo.id)
        if step.undo is None or is_decided(step, state):  # to take it back is all there is to do
            return EndStep(step.id, "undone", state.undo.reason)
        return plan_doing(ActContext(plan_input, state, step, step.undo, state.undo, now))
    if state.current is None:
        return _next_step(procedure, state)
    step = procedure.step(state.current)
    return _first_asking(plan_input, state, step, now)


def _ending(_situation: PlanInput, state: SessionState) -> Action | None:
    if state.closed is not None or state.paused:
        return Nothing()
    if state.open_run is None and state.stopping is not None:
        return closing(state) or Close("stopped", state.stopping)
    return Pause() if state.pausing else None


def _watching(plan_input: PlanInput, state: SessionState) -> Action | None:
    return due(plan_input.procedure, state)


def _watching_again(plan_input: PlanInput, state: SessionState) -> Action | None:
    lapsed = next((step for step in over_unseen(plan_input.procedure, state) if step.repeat == "safe"), None)
    return None if lapsed is None else StartRun(lapsed.id)


def _standing(_situation: PlanInput, state: SessionState) -> Action | None:
    awaited = state.open_run or state.starting
    if awaited is not None:
        return Follow(awaited.intent.run)
    actor = state.undo or (state.step(state.current) if state.current else None)
    if state.question is not None and not (actor is not None and actor.waiting is not None):
        return AwaitAnswer(state.question)
    return None


def _opening(plan_input: PlanInput, state: SessionState) -> Action | None:
    if state.recovered:
        return questions.recovered(state)
    if state.handed is not None:
        return handed_over(state, state.handed)
    missing = state.secret_names - plan_input.secrets
    if missing and state.operator is not None:  # each was given once, and is wanted again only where it is needed
        missing &= _needed_again(plan_input.procedure, state)
    if missing:
        return questions.secret(plan_input.procedure, state, min(missing))
    if state.value_problem is not None:
        return questions.value(state, state.value_problem)
    return (
        _to_evaluate(plan_input.procedure, state, "target")
        or _to_evaluate(plan_input.procedure, state, "who")
        or _at_the_target(plan_input.procedure, state)
        or claiming(plan_input, state)
        or _to_evaluate(plan_input.procedure, state, "remember")
    )


def _needed_again(procedure: Procedure, state: SessionState) -> frozenset[str]:
    proven = last_proven(procedure, state) if state.resuming else None
    return secrets_needed(procedure, state, proven.after if proven is not None else ())


def _to_evaluate(procedure: Procedure, state: SessionState, scope: Scope) -> Evaluate | None:
    """The next value of the world that is not known yet."""
    named = {"target": procedure.target, "who": procedure.who, "remember": procedure.remember}[scope]
    return next((Evaluate(scope, name) for name in named if f"{scope}.{name}" not in state.remembered), None)


def _at_the_target(procedure: Procedure, state: SessionState) -> Action | None:
    """The fence, before anything of the place is remembered or begun."""
    if state.steps:
        return None
    for index, _ in enumerate(fence_of(procedure)):
        if ("fence", index) not in state.resume_checks:
            return RunCheck(None, "fence", index)
    refused = [
        answer for (purpose, _), answer in state.resume_checks.items() if purpose == "fence" and answer.verdict != "yes"
    ]
    return questions.not_at_the_target(state, refused[0]) if refused else None


def last_proven(procedure: Procedure, state: SessionState) -> Step | None:
    """The step that was done last, if it has checks to prove it; waits and answers, which change nothing, apart.

    What an earlier step had proven, a later one may have changed on purpose.
    """
    done = [step for step in procedure.steps() if state.step(step.id).end in PROVEN]
    for step in sorted(done, key=lambda step: _ended_seq(state, step), reverse=True):
        if step.act.beside is not None:  # what it runs may be over by right
            continue
        if step.after or step.changes or isinstance(step.act.plan, TickAll):
            return step if step.after else None
    return None


def _ended_seq(state: SessionState, step: Step) -> int:
    moment = state.step(step.id).ended_at
    return -1 if moment is None else moment.seq


def _under_way(state: SessionState) -> bool:
    """Whether an act has begun to change the world and is not behind us; its own checks look at what it changed."""
    if state.undo is not None:
        return True
    actor = state.step(state.current or "")
    return actor.has_effect or actor.stage in {Stage.RUNNING, Stage.UNKNOWN, Stage.PROVING}


def _resuming(plan_input: PlanInput, state: SessionState) -> Action | None:
    if not state.resuming:
        return None
    wanted = [RunCheck(None, "fence", index) for index, _ in enumerate(fence_of(plan_input.procedure))]
    proven = last_proven(plan_input.procedure, state)
    if proven is not None and not _under_way(state):
        wanted += [RunCheck(proven.id, "held", index) for index, _ in enumerate(proven.after)]
    for look in wanted:
        if (look.purpose, look.index) not in state.resume_checks:
            return look
    if all(answer.verdict == "yes" for answer in state.resume_checks.values()):
        return None
    return questions.resume_checks(plan_input.procedure, state, final=_final_ahead(plan_input.procedure, state))


def _final_ahead(procedure: Procedure, state: SessionState) -> bool:
    """Whether the step before us cannot be taken back."""
    if state.current is not None:
        return procedure.step(state.current).no_return is not None
    action = _next_step(procedure, state)
    return isinstance(action, BeginStep) and procedure.step(action.step).no_return is not None


def _taking_back(plan_input: PlanInput, state: SessionState) -> Action | None:
    if not state.undo_requested:
        return None
    target = undo_target(plan_input.procedure, state)
    return None if target is None else BeginUndo(target.id)


def _next_step(procedure: Procedure, state: SessionState) -> Action:
    latest = -1
    for number, phase in enumerate(procedure.phases):
        for step in phase.steps:
            # What ended before a step that stands earlier was done for the thing that was taken back meanwhile.
            if state.step(step.id).end in {None, "undone"} or _ended_seq(state, step) < latest:
                return BeginStep(step.id)
            latest = _ended_seq(state, step)
        if state.phases_ended.get(number, -1) < latest:
            return EndPhase(number, render_text(phase.title, state.values))
    return closing(state) or Close("completed")


def applies(step: Step, state: SessionState) -> bool:
    """Whether the step's `when` matches the session's values."""
    return all(state.values.get(name) in wanted for name, wanted in step.when.items())


def unmet_needs(step: Step, state: SessionState) -> list[str]:
    """The ids of steps this one needs and that are not done.

    What a person accepted without proof will do, but not in front of a step that cannot be taken back.
    """
    enough = {*PROVEN, "not applicable", *({"accepted"} if step.no_return is None else set())}
    return [need for need in step.needs if state.step(need).end not in enough]


def _first_asking(plan_input: PlanInput, state: SessionState, step: Step, now: Instant) -> Action:
    actor = state.step(step.id)
    if not applies(step, state):
        return EndStep(step.id, "not applicable")
    context = ActContext(plan_input, state, step, step, actor, now)
    if actor.leaving is not None:
        return what_it_changed(context) or EndStep(step.id, "skipped", actor.leaving)
    unmet = unmet_needs(step, state)
    if unmet and not actor.overridden_needs:
        return questions.needs(context, unmet)
    return plan_doing(context)
