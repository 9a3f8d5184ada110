"""A session in a list: the same lines wherever one stands."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len

from screens.shared.words import ENDS, safe_text, wrapped


if TYPE_CHECKING:
    from wizard.archive.sessions import SessionSummary


_MARKS = {"running": "●", "paused": "!", "unknown": "?", "open": "!", "damaged": "✗", **ENDS}
_INDENT = 4
_STATES = {"unknown": "outcome unknown", "running": "open elsewhere"}


def session_lines(session: "SessionSummary", width: int) -> str:
    """Mark, title, mode, where it stands; below it what tells it from others, whole.

    Args:
        session: The session.
        width: Cells; what is longer wraps.
    """
    title = safe_text(session.title or session.procedure or "no procedure")
    mode, _ = session.mode_words
    right = "   ".join(part for part in (mode, _place(session), _state(session)) if part)
    first = f"  {_MARKS.get(session.state, '?')} {title}"
    if cell_len(first) + 2 + cell_len(right) <= width:
        lines = [first + " " * (width - cell_len(first) - cell_len(right)) + right]
    else:
        lines = [
            f"  {_MARKS.get(session.state, '?')} {part}" if at == 0 else f"{' ' * _INDENT}{part}"
            for at, part in enumerate(wrapped(title, width - _INDENT))
        ]
        lines += [" " * _INDENT + part for part in wrapped(right, width - _INDENT)]
    lines += [" " * _INDENT + line for line in _packed(_about(session), width - _INDENT)]
    return "\n".join(line + " " * (width - cell_len(line)) for line in lines)


def session_about(session: "SessionSummary") -> str:
    """What is to be known of a session before it is opened; empty where there is nothing."""
    looks_on = f"It is open elsewhere. `uplevel observe {session.id}` looks on." if session.state == "running" else ""
    return session.problem or looks_on


def ago(then: str, now: datetime | None = None) -> str:
    """How long ago a moment (RFC 3339) was: `2 h ago`; empty when it is no moment."""
    try:
        moment = datetime.fromisoformat(then)
    except ValueError:
        return ""
    seconds = ((now or datetime.now(UTC)) - moment).total_seconds()
    for size, word in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {word} ago"
    return "just now"


def _place(session: "SessionSummary") -> str:
    return f"step {session.step_number} of {session.steps}" if session.step_number else ""


def _state(session: "SessionSummary") -> str:
    since = ago(session.last)
    told = {"paused": f"paused {since}", "open": f"left open {since}"}
    return session.outcome or told.get(session.state) or _STATES.get(session.state, session.state)


def _about(session: "SessionSummary") -> list[str]:
    from wizard.archive.session_words import (  # late: the first frame stands without the engine
        given_words,
        stood,
        ticket_words,
    )

    begun = f"begun {stood(session.started)} by {session.operator}" if session.started else ""
    auto = "played by itself" if session.auto else ""
    parts = (ticket_words(session), given_words(session), begun, auto, f"session {session.id}")
    return [safe_text(part) for part in parts if part]


def _packed(parts: list[str], width: int) -> list[str]:
    """The parts in lines; one that fits into a line stays in one."""
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(f"{lines[-1]} · {part}") <= width:
            lines[-1] += f" · {part}"
        else:
            lines += wrapped(part, width)
    return lines
