"""Live sessions that were left unfinished where the next one is about to begin, as far as is known before it does."""

from collections.abc import Iterable, Mapping

from wizard.archive.session_words import given_words, stood, ticket_words
from wizard.archive.sessions import UNFINISHED, SessionSummary
from wizard.fields.templates import names_in, render_text
from wizard.model.procedure import Procedure


WHAT_BEGINNING_ASKS = (
    "If you begin here on the same target, you are asked: go on with it, close it, or begin beside it."
)
HOW_LEFT = {
    "paused": "paused",
    "open": "left when its wizard was killed",
    "unknown": "left with a command whose outcome nobody knows",
}
"""How a session was left that is not over, by its state."""
_HOW = {**HOW_LEFT, "running": "open elsewhere"}


def left_before(
    procedure: Procedure, values: Mapping[str, str], known: Iterable[SessionSummary]
) -> tuple[SessionSummary, ...]:
    """Those of the known sessions that are unfinished, live, and most likely on the target of these values.

    What the target is only its captures say, and they run when a session begins. Before that the fence says what of it
    must be; without a fence it is the procedure with its parameters.

    Args:
        procedure: The one that is about to begin.
        values: The values of the form.
        known: Sessions, in the order they are to be shown.
    """
    wanted = _fenced(procedure, values)
    return tuple(
        each
        for each in known
        if each.state in UNFINISHED and each.mode != "rehearsal" and _alike(each, procedure, wanted, values)
    )


def _alike(session: SessionSummary, procedure: Procedure, wanted: Mapping[str, str], values: Mapping[str, str]) -> bool:
    same = session.procedure == procedure.procedure
    if wanted:
        theirs = session.target or (_fenced(procedure, session.parameters) if same else {})
        return all(theirs.get(name) == value for name, value in wanted.items())
    return same and all(values.get(name) == value for name, value in session.parameters.items())


def _fenced(procedure: Procedure, values: Mapping[str, str]) -> dict[str, str]:
    """What the fence says of the target, where the values tell it already."""
    known = {name for name, value in values.items() if value}
    return {
        name: render_text(text, values)
        for name, text in procedure.fence.items()
        if name in procedure.target and known.issuperset(names_in(text))
    }


def way_to(session: SessionSummary) -> str:
    """What to type to get to it."""
    running = session.state == "running"
    return f"`uplevel observe {session.id}` looks on." if running else f"`uplevel resume {session.id}` resumes it."


def left_words(session: SessionSummary) -> str:
    """`Upgrade Redis, step 3 of 16, paused, last at 2026-11-27 09:15 UTC by mara, ticket DM-1, session 01K...`."""
    at = f"step {session.step_number} of {session.steps}" if session.step_number else ""
    last = f"{_HOW.get(session.state, session.state)}, last record {stood(session.last)}, begun by {session.operator}"
    parts = (session.title, at, last, ticket_words(session), given_words(session), f"session {session.id}")
    return ", ".join(part for part in parts if part)
