"""Marks and words, and lines that fit: what all screens write in the same way."""

from datetime import UTC, datetime
from functools import lru_cache
from io import StringIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from wizard.execution.sanitize import sanitize_text


MARKS = {
    "to do": "○",
    "now": "▶",
    "running": "●",
    "done": "✓",
    "done by hand": "✓",
    "accepted": "≈",
    "found done": "=",
    "needs you": "!",
    "waiting": "◔",
    "failed": "✗",
    "unknown": "?",
    "skipped": "–",  # noqa: RUF001 - the mark of the screens
    "undone": "↶",
    "does not apply": "·",
}
"""The mark of each state; the word stands beside it wherever there is room."""

ENDS = {"completed": "✓", "ended": "≈", "stopped": "■", "failed": "✗"}
"""The mark of each end of a session."""

VERDICTS = {"yes": "✓ yes", "no": "no", "no answer": "? no answer", "": ""}


def safe_text(text: str, *, newlines: bool = False, tabs: bool = False) -> str:
    """A text of people, files or commands, with everything a terminal would obey made visible."""
    return sanitize_text(text, newlines=newlines, tabs=tabs)


def prose(text: str) -> str:
    """Running text as a person sees it: its own line ends are only those of paragraphs."""
    paragraphs = (" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n"))
    return safe_text("\n".join(part for part in paragraphs if part), newlines=True)


def cut(text: str, width: int) -> str:
    """The text in at most `width` cells, with an ellipsis where something is missing."""
    if cell_len(text) <= width:
        return text
    return "" if width < 1 else set_cell_size(text, width - 1).rstrip() + "…"


def ends_kept(text: str, width: int) -> str:
    """The text in at most `width` cells, cut in its middle: its beginning and the name it ends with stay."""
    if cell_len(text) <= width or width < _TWO_ENDS:
        return cut(text, width)
    tail = width * 2 // 5
    end = text
    while cell_len(end) > tail:
        end = end[1:]
    _, space, word = end.partition(" ")
    end = f"{space}{word}" if cell_len(word) > tail // 2 else end
    return cut(text, width - cell_len(end)) + end


_TWO_ENDS = 12


@lru_cache(maxsize=512)
def wrapped(text: str, width: int) -> tuple[str, ...]:
    """The text in lines of at most `width` cells, broken between words, and within one that is longer."""
    console = Console(width=max(width, 1), file=StringIO())
    lines = Text(safe_text(text, newlines=True)).wrap(console, max(width, 1))
    return tuple(line.plain.rstrip() for line in lines)


def cell(text: str, width: int) -> str:
    """The text in exactly `width` cells."""
    return set_cell_size(cut(text, width), max(width, 0))


def ends(left: str, right: str, width: int) -> str:
    """One line: `left` cut where it must be, `right` whole at the other end."""
    room = width - cell_len(right)
    return cell(left, room - 1) + " " + right if room > 1 else cut(right, width)


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


def short_hash(digest: str) -> str:
    """Both ends of a hash: `4be1…09c2`."""
    return digest if len(digest) <= 12 else f"{digest[:4]}…{digest[-4:]}"
