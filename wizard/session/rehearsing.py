"""What a rehearsal says beside its questions: why something cannot be as it will be, and what to add to the file."""

from collections.abc import Iterable

from wizard.record.events import CheckAnswered
from wizard.session.permission_denied import what_was_denied
from wizard.session.state import SessionState


NO_WORLD = "empty"
"""The world of a procedure that names none: a platform with nothing on it."""
NAME_A_WORLD = "To play on another platform, add to the file: rehearsal: {world: digitalmarketplace}"

_EMPTY = f"This rehearsal plays on an empty platform, because the procedure names no world. {NAME_A_WORLD}"
_SANDBOX = (
    "In a rehearsal a command writes only below the folder it starts in, and never outside. Take the path from a "
    "parameter, and rehearse with one that does not begin with a /: -p NAME=trial, or in the file "
    "NAME: {default: /the/real/path, example: trial}"
)
_CONNECTION = (
    "In a rehearsal a command connects to the rehearsal's own servers alone, through a tunnel or a conduit of the "
    "pretend cf, as long as that is open, and it listens on no port."
)
_DENIED = {"path": _SANDBOX, "connection": _CONNECTION}
_ESTATE = (
    "This rehearsal plays on the platform of {world}, which has that estate's names alone. Rehearse without the names "
    "that you gave by -p or --params; a live run takes them."
)


def rehearses(state: SessionState) -> bool:
    """Whether nothing real happens in this session."""
    return state.opened.mode == "rehearsal"


def with_advice(text: str, state: SessionState, answers: Iterable[CheckAnswered | None]) -> str:
    """The text of a question about something that did not go well; in a rehearsal with what its author can do.

    Args:
        text: The question.
        state: The session.
        answers: What it is about.
    """
    if not rehearses(state):
        return text
    told = "\n".join(f"{each.got}\n{each.why}" for each in answers if each is not None)
    if (advice := _DENIED.get(what_was_denied(told, state.opened.session) or "")) is not None:
        return f"{text.rstrip()} {advice}"
    cited = state.opened.rehearsal
    return f"{text.rstrip()} {_EMPTY}" if cited is not None and cited.world == NO_WORLD else text


def with_estate(text: str, state: SessionState, answer: CheckAnswered) -> str:
    """The text of a question about a value that could not be had; in a rehearsal with whose names the platform has.

    Args:
        text: The question.
        state: The session.
        answer: What was asked for the value. Nothing is added where it was not that something is missing.
    """
    cited = state.opened.rehearsal
    missing = "not found" in f"{answer.got} {answer.why}"
    if cited is None or cited.world == NO_WORLD or not missing:
        return text
    return f"{text} {_ESTATE.format(world=cited.world)}"
