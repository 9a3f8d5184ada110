"""plan(situation, state, now) -> the next move. Pure: the same journal always leads to the same move."""

from wizard.clock import Instant
from wizard.procedure import ByHand, Procedure, Step, Watch
from wizard.session import questions
from wizard.session.moves import (
    AwaitAnswer,
    BeginStep,
    BeginUndo,
    Close,
    EndPhase,
    EndStep,
    Evaluate,
    Follow,
    Launch,
    Look,
    Move,
    Nothing,
    Pause,
)
from wizard.session.plan_act import plan_doing
from wizard.session.scene import Scene, Situation
from wizard.session.state import SessionState, Stage
from wizard.session.undoing import undo_target
from wizard.session.watching import closing, due, over_unseen


def plan(situation: Situation, state: SessionState, now: Instant) -> Move:
    """The one move that comes next."""
    for part in (_ending, _watching, _standing, _opening, _resuming, _watching_again, _taking_back):
        move = part(situation, state)
        if move is not None:
            return move
    procedure = situation.procedure
    if state.undo is not None:
        step = procedure.step(state.undo.id)
        doing = step.undo
        if doing is not None:
            return plan_doing(Scene(situation, state, step, doing, state.undo, now))
    if state.current is None:
        return _next_step(procedure, state)
    step = procedure.step(state.current)
    return _first_asking(situation, state, step, now)


def _ending(_situation: Situation, state: SessionState) -> Move | None:
    if state.closed is not None or state.paused:
        return Nothing()
    if state.open_run is None and state.stopping is not None:
        return closing(state) or Close("stopped", state.stopping)
    return Pause() if state.pausing else None


def _watching(situation: Situation, state: SessionState) -> Move | None:
    return due(situation.procedure, state)


def _watching_again(situation: Situation, state: SessionState) -> Move | None:
    lapsed = next((step for step in over_unseen(situation.procedure, state) if step.repeat == "safe"), None)
    return None if lapsed is None else Launch(lapsed.id)


def _standing(_situation: Situation, state: SessionState) -> Move | None:
    awaited = state.open_run or state.starting
    if awaited is not None:
        return Follow(awaited.intent.run)
    actor = state.undo or (state.step(state.current) if state.current else None)
    if state.question is not None and not (actor is not None and actor.waiting is not None):
        return AwaitAnswer(state.question)
    return None


def _opening(situation: Situation, state: SessionState) -> Move | None:
    if state.recovered:
        return questions.recovered(state)
    missing = sorted(state.secret_names - situation.secrets)
    if missing:
        return questions.secret(situation.procedure, state, missing[0])
    if state.value_problem is not None:
        return questions.value(state, state.value_problem)
    for name in situation.procedure.target:
        if f"target.{name}" not in state.remembered:
            return Evaluate("target", name)
    for name in situation.procedure.remember:
        if f"remember.{name}" not in state.remembered:
            return Evaluate("remember", name)
    return None


def last_proven(procedure: Procedure, state: SessionState) -> Step | None:
    """The step that was done last, if it has checks to prove it; waits and answers, which change nothing, apart.

    What an earlier step had proven, a later one may have changed on purpose.
    """
    done = [step for step in procedure.steps() if state.step(step.id).end in {"done", "found done"}]
    for step in sorted(done, key=lambda step: _ended_seq(state, step), reverse=True):
        if isinstance(step.act, Watch):  # what it runs may be over by right
            continue
        if step.after or step.changes or isinstance(step.act, ByHand):
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
    return actor.acted or actor.stage in {Stage.RUNNING, Stage.UNKNOWN, Stage.PROVING}


def _resuming(situation: Situation, state: SessionState) -> Move | None:
    if not state.resuming:
        return None
    wanted = [Look(None, "fence", index) for index, _ in enumerate(situation.procedure.fence)]
    proven = last_proven(situation.procedure, state)
    if proven is not None and not _under_way(state):
        wanted += [Look(proven.id, "held", index) for index, _ in enumerate(proven.after)]
    for look in wanted:
        if (look.purpose, look.index) not in state.held:
            return look
    if all(answer.verdict == "yes" for answer in state.held.values()):
        return None
    return questions.held(situation.procedure, state)


def _taking_back(situation: Situation, state: SessionState) -> Move | None:
    if not state.undo_requested:
        return None
    target = undo_target(situation.procedure, state)
    return None if target is None else BeginUndo(target.id)


def _next_step(procedure: Procedure, state: SessionState) -> Move:
    latest = -1
    for number, phase in enumerate(procedure.phases):
        for step in phase.steps:
            # What ended before a step that stands earlier was done for the thing that was taken back meanwhile.
            if state.step(step.id).end in {None, "undone"} or _ended_seq(state, step) < latest:
                return BeginStep(step.id)
            latest = _ended_seq(state, step)
        if state.phases_ended.get(number, -1) < latest:
            return EndPhase(number, phase.title)
    return closing(state) or Close("completed")


def applies(step: Step, state: SessionState) -> bool:
    """Whether the step's `when` matches the session's values."""
    return all(state.values.get(name) in wanted for name, wanted in step.when.items())


def unmet_needs(step: Step, state: SessionState) -> list[str]:
    """The ids of steps this one needs and that are not done."""
    return [need for need in step.needs if state.step(need).end not in {"done", "found done", "not applicable"}]


def _first_asking(situation: Situation, state: SessionState, step: Step, now: Instant) -> Move:
    actor = state.step(step.id)
    if not applies(step, state):
        return EndStep(step.id, "not applicable")
    if actor.leaving is not None:
        return EndStep(step.id, "skipped", actor.leaving)
    unmet = unmet_needs(step, state)
    if unmet and not actor.overridden_needs:
        return questions.needs(Scene(situation, state, step, step, actor, now), unmet)
    return plan_doing(Scene(situation, state, step, step, actor, now))
