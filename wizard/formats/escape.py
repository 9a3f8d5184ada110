"""Text into Markdown, so that no text can become markup or leave its fence."""

import re


_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&!$])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])")
_TICKS = re.compile(r"`+")


def prose(text: str) -> str:
    """A text as one line of prose or a table cell."""
    flat = _MARKUP.sub(r"\\\1", " ".join(text.split()))
    return _LINE_START.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", flat)


def code(text: str) -> str:
    """A text as inline code on one line, fit for a table cell; empty stays empty.

    Code spans know no escapes, but a table splits its cells before it looks for them, so a bar is escaped there.
    """
    flat = " ".join(text.split())
    if not flat:
        return ""
    if "\\|" in flat:
        return prose(text)  # a backslash before the escape of a bar would undo it
    tick = "`" * (_longest(flat) + 1)
    room = " " if "`" in flat else ""
    return f"{tick}{room}{flat}{room}{tick}".replace("|", "\\|")


def fenced(text: str, kind: str = "text") -> list[str]:
    """A block of text in a fence longer than any run of backticks in it."""
    fence = "`" * max(3, _longest(text) + 1)
    return [f"{fence}{kind}", *text.removesuffix("\n").split("\n"), fence]


def _longest(text: str) -> int:
    return max((len(found[0]) for found in _TICKS.finditer(text)), default=0)
