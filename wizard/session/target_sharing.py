"""One at a time: which move the target asks for, and what each event of several people at it does to the state."""

from dataclasses import replace

from wizard.model.procedure import Procedure
from wizard.record.events import (
    HandedOver,
    OtherClosed,
    TakenOver,
    TakeOverAsked,
    TakeOverEnded,
    TakeOverWanted,
    TargetBusy,
    TargetHeld,
    UnfinishedFound,
)
from wizard.session import target_questions as questions
from wizard.session.actions import Action, AwaitAnswer, CloseOther, Hold, RequestTakeOver, Yield
from wizard.session.change import deviate
from wizard.session.operator_words import person, went_to
from wizard.session.plan_input import PlanInput
from wizard.session.state import SessionState, When


OperatorEvent = (
    TargetHeld
    | TargetBusy
    | UnfinishedFound
    | OtherClosed
    | TakeOverAsked
    | TakeOverEnded
    | TakeOverWanted
    | TakenOver
    | HandedOver
)


def identity_of(procedure: Procedure, state: SessionState) -> dict[str, str]:
    """What names the session's target: the captures of `target`; without any, the procedure and its parameters."""
    if procedure.target:
        return {name: state.values.get(name, "") for name in sorted(procedure.target)}
    values = {name: value for name, value in state.opened.parameters.items() if name not in state.secret_names}
    return {"procedure": procedure.procedure, **dict(sorted(values.items()))}


def sharing(plan_input: PlanInput, state: SessionState) -> Action | None:
    """The move of a session that knows its target: to hold it, to give it, to settle what others left there."""
    if not plan_input.locks:
        return None
    if state.giving:
        return Yield()
    if state.wanted is not None and state.open_run is None and state.starting is None:
        question = state.question
        return (
            AwaitAnswer(question) if question and question.question_kind == "take over" else questions.take_over(state)
        )
    if state.question is not None:
        return None
    if state.lock and not state.holds:
        return claiming(plan_input, state)
    if state.holds and state.closing_other is not None:
        return CloseOther(*state.closing_other)
    return questions.unfinished(state) if state.holds and state.unfinished else None


def claiming(plan_input: PlanInput, state: SessionState) -> Action | None:
    """The move of a session that is where it should be and does not hold its target yet."""
    if not plan_input.locks or state.holds:
        return None
    if state.taking is not None and state.busy is not None and state.busy.holder is not None:
        return RequestTakeOver(state.taking)
    if state.busy is None:
        return Hold()
    return None if state.open_run is not None else questions.busy(state, state.busy)


def fold_operators(state: SessionState, event: OperatorEvent, when: When) -> SessionState:
    """The state after one of these events."""
    match event:
        case TargetHeld():
            return replace(
                state, holds=True, lock=event.lock, busy=None, taking=None, asked_over=None, refused_over=None
            )
        case TargetBusy():
            return replace(state, holds=False, busy=event)
        case UnfinishedFound():
            return replace(state, unfinished=event.sessions)
        case OtherClosed():
            left = tuple(each for each in state.unfinished if event.problem or each.holder.session != event.session)
            return replace(state, closing_other=None, unfinished=left, other_problem=event.problem)
        case TakeOverAsked():
            return replace(state, asked_over=event)
        case TakeOverEnded():
            return _asked(state, event, when)
        case TakeOverWanted():
            # Whoever asks last is the one who is answered, so that an answer never goes to somebody it did not name.
            open_one = state.question
            question = None if open_one is not None and open_one.question_kind == "take over" else open_one
            return replace(state, wanted=event, question=question)
        case TakenOver():
            state = deviate(state, when, state.current, went_to(event.by), event.reason)
            return left_alone(replace(state, paused=True, question=None))
        case HandedOver():
            return left_alone(replace(state, paused=True, pausing=False, question=None, handed=event))


def left_alone(state: SessionState) -> SessionState:
    """The state of a session that nobody is at: it holds nothing, and nobody is asked for anything.

    What it asked of another session stays: the other wizard may have been ended all the same.
    """
    return replace(state, holds=False, busy=None, wanted=None, giving=False, taking=None, refused_over=None)


def _asked(state: SessionState, event: TakeOverEnded, when: When) -> SessionState:
    asked = state.asked_over
    state = replace(state, busy=None, taking=None, asked_over=None, refused_over=event)
    if asked is None or event.outcome not in {"given", "ended"}:
        return state
    how = "took over the target from" if event.outcome == "given" else "took over the target, without an answer, from"
    return deviate(state, when, state.current, f"{how} {person(asked.holder)}", asked.reason, said=event.why)
