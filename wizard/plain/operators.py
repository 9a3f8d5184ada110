"""What happens between several people at one target, as lines."""

from collections.abc import Iterator

from wizard.record.events import (
    HandedOver,
    OtherClosed,
    TakenOver,
    TakeOverAsked,
    TakeOverEnded,
    TakeOverWanted,
    TargetHeld,
)
from wizard.session.sharing import person


_CAME = {
    "given": "the target was given",
    "kept": "they keep the target",
    "silent": "nobody answered",
    "ended": "nobody answered, and their wizard was ended",
    "free": "the target is free",
    "impossible": "they could not be asked",
}


def tell_operators(event: object) -> Iterator[str]:
    """The lines of one event; none where it is no such event, or where a question tells it."""
    match event:
        case TargetHeld(target=target):
            named = ", ".join(f"{name} {value}" for name, value in target.items())
            yield f"  {'target held':<14} {named}"
        case TakeOverAsked(holder=holder, reason=reason):
            yield f"  asking {person(holder)} for the target: {reason}"
        case TakeOverEnded(outcome=outcome, why=why):
            yield f"  {_CAME[outcome]}{f': {why}' if why else ''}"
        case TakeOverWanted(by=by):
            yield f"! {person(by)} asks for the target"
        case TakenOver(by=by, reason=reason):
            yield f"! the target went to {person(by)}: {reason}"
        case OtherClosed(session=session, problem=problem):
            yield f"  session {session} {f'could not be closed: {problem}' if problem else 'is closed'}"
        case HandedOver(note=note):
            yield f"  handed over: {note}"
        case _:
            return
