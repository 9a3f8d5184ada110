"""What each event of several people at one target does to the state."""

from dataclasses import replace

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
from wizard.session.change import deviate
from wizard.session.operator_words import person, went_to
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
