"""The texts of the start page."""

from collections.abc import Iterator

from rich.cells import cell_len

from screens.shared.words import safe_text
from wizard.archive.sessions import SessionSummary
from wizard.engine import Field, Preparation
from wizard.engine.unfinished_sessions import WHAT_BEGINNING_ASKS, left_words, way_to


TICKET = "(ticket)"
"""The name of the ticket's row; no parameter can have it."""


def file_words(found: Preparation) -> str:
    """Where the procedure comes from, what is known of it, its version and hash."""
    version = f", version {found.procedure.version}" if found.procedure.version else ""
    owner = "" if found.origin == "built in" else f", owner {found.owner}"
    where = "" if found.trust.startswith(found.origin) else f"{found.origin}{owner}, "
    name, digest = found.loaded.seal
    return f"{where}{found.trust}{version}, {name} {short_hash(digest)}"


def note_of(field: Field, *, entered: bool, width: int) -> tuple[str, bool]:
    """What stands below a field, and whether it says that the value does not do.

    Args:
        field: The field.
        entered: Whether somebody gave it a value, or wanted to begin without one.
        width: Cells of a value that are seen at once.
    """
    if field.problem and entered:
        return field.problem, True
    if field.secret:
        return "asked for when it is needed; stored nowhere", False
    if not field.choices and safe_text(field.value) != field.value:
        return f"It holds characters that are not seen: {field.value}", True
    whole = field.value if not field.choices and cell_len(field.value) >= width else ""
    usual = f"by default {field.default}" if field.default and field.value != field.default else ""
    wanted = "" if field.value or usual else field.wanted
    return "; ".join(part for part in (whole, usual, wanted) if part), False


def short_hash(digest: str) -> str:
    """Both ends of a hash: `4be1…09c2`."""
    return digest if len(digest) <= 12 else f"{digest[:4]}…{digest[-4:]}"


def wrong_words(field: Field) -> str:
    """The problem of a field, for the line that does not stand beside it."""
    return f"{field.label}{'' if field.label.endswith('?') else ':'} {field.problem}"


def facts_of(found: Preparation) -> Iterator[tuple[str, str, str]]:
    """Name, label and text of what is known beside the form; the text may be empty."""
    yield "at once", f"Runs at once, read-only ({len(found.at_once)})", "\n".join(f"$ {each}" for each in found.at_once)
    yield from ((label, f"{label[:1].upper()}{label[1:]}", text) for label, text in found.facts)


def left_to_resume(found: Preparation) -> list[SessionSummary]:
    """Unfinished sessions on the target that nobody has open."""
    return [each for each in found.left if each.state != "running"]


def left_lines(found: Preparation) -> tuple[str, str]:
    """What was left unfinished on the target, a line each, and what can be done about it; empty where nothing was."""
    left = found.left
    lines = [f"! Unfinished: {left_words(each)}" for each in left]
    looks = [f" {way_to(each)}" if each.state == "running" else "" for each in left]
    resumes = "F3 resumes it. " if left_to_resume(found) else ""
    return "\n".join(f"{line}.{more}" for line, more in zip(lines, looks, strict=True)), resumes + WHAT_BEGINNING_ASKS


def standing_words(found: Preparation) -> str:
    """What stands above the keys whatever part of the page is seen: why it cannot begin, what was left unfinished."""
    number = len(found.left)
    there = "A live session is" if number == 1 else f"{number} live sessions are"
    left = f"{there} unfinished here: see the top of this page." if number else ""
    return " ".join(part for part in (*found.refusals, left) if part)
