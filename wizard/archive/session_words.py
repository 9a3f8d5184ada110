"""One session in a line: the words that every list of sessions has for it."""

from collections.abc import Mapping

from wizard.archive.sessions import SessionSummary


_LONGEST = 60


def stood(moment: str) -> str:
    """A moment (RFC 3339 UTC) as lists write it: `2026-11-27 09:15 UTC`; empty when there is none."""
    return f"{moment[:16].replace('T', ' ')} UTC" if moment else ""


def ticket_words(session: SessionSummary) -> str:
    """`ticket DM-4711`, or nothing."""
    return f"ticket {_short(session.ticket)}" if session.ticket else ""


def given_words(session: SessionSummary) -> str:
    """`stage production, plan large-7.x`: what it was begun with that the procedure does not have without an answer."""
    return values_words(session.given)


def values_words(values: Mapping[str, str]) -> str:
    """Values by name, in a line, the stage before the others; a long one is cut, with a mark."""
    ordered = sorted(values.items(), key=lambda item: item[0] != "stage")
    return ", ".join(f"{name} {_short(value)}" for name, value in ordered)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
