"""What happens between several people at one target, in words: one wording for every front end and the record."""

from wizard.record.events import (
    HandedOver,
    HolderCited,
    OtherClosed,
    TakenOver,
    TakeOverAsked,
    TakeOverEnded,
    TakeOverWanted,
    TargetHeld,
)
from wizard.session.state import SessionState


_CAME = {
    "given": "they gave the target",
    "kept": "they keep the target",
    "silent": "nobody answered",
    "ended": "nobody answered, and their wizard was ended",
    "free": "the target is free",
    "impossible": "they could not be asked",
}


def operator_words(
    event: TargetHeld | TakeOverAsked | TakeOverEnded | TakeOverWanted | TakenOver | OtherClosed | HandedOver,
) -> str:
    """One of these events in a clause."""
    match event:
        case TargetHeld(target=target):
            return f"target held: {', '.join(f'{name} {value}' for name, value in target.items())}"
        case TakeOverAsked(holder=holder, reason=reason):
            return f"asked {person(holder)} for the target: {reason}"
        case TakeOverEnded():
            return came_of_asking(event)
        case TakeOverWanted(by=by):
            return f"{person(by)} asks for the target"
        case TakenOver(by=by, reason=reason):
            return f"{went_to(by)}: {reason}"
        case OtherClosed(session=session, problem=problem):
            return f"session {session} {f'could not be closed: {problem}' if problem else 'is closed'}"
        case HandedOver(note=note):
            return f"handed over: {note}"


def came_of_asking(event: TakeOverEnded, more: str = "") -> str:
    """What came of asking for a target, and why; `more` stands between the two."""
    return f"{_CAME[event.outcome]}{more}{f': {event.why}' if event.why else ''}"


def who_is_there(state: SessionState, *, attended: bool) -> str:
    """That a session was left, and whether its command goes on; or that somebody is at it again."""
    running = ", and its command goes on" if state.open_run is not None else ""
    return "somebody is at the session again" if attended else f"nobody is at the session{running}"


def went_to(by: HolderCited) -> str:
    """Where the target went."""
    return f"the target went to {person(by)}"


def person(cited: HolderCited) -> str:
    """`mara on bastion, session 01K...`."""
    return f"{cited.user} on {cited.host}, session {cited.session}"
