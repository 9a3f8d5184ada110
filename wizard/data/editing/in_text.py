"""Lines of a text, picked by patterns."""

import re
from collections.abc import Iterator

from wizard.data.editing.changes import Changes, EditProblem


_LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""Lines as every tool counts them: a form feed ends none."""


def edited_text(text: str, changes: Changes) -> str:
    """The text with picked lines replaced or removed; line ends stay as they are.

    Raises:
        EditProblem: A pattern is none, or picks another number of lines than one.
    """
    lines = _LINE.findall(text)
    for pattern, value in changes.set.items():
        if not isinstance(value, str):
            raise EditProblem(f"{pattern}: a line of a text is set to a text, not to a list or a mapping.")
        if "\n" in value or "\r" in value:
            raise EditProblem(f"{pattern}: a line of a text is set to one line, and this value has several.")
        at = _one(lines, pattern, value)
        lines[at] = value + _line_end(lines[at])
    for pattern in changes.remove:
        gone = set(_picked(lines, pattern))
        lines = [line for at, line in enumerate(lines) if at not in gone]
    return "".join(lines)


def _one(lines: list[str], pattern: str, value: str) -> int:
    found = list(_picked(lines, pattern))
    if not found:
        # A value that its own pattern no longer finds is recognised by itself.
        found = [at for at, line in enumerate(lines) if line.rstrip("\r\n") == value]
    if len(found) != 1:
        many = "no line" if not found else f"{len(found)} lines"
        raise EditProblem(f"{pattern} picks {many}; an edit replaces exactly one.")
    return found[0]


def _picked(lines: list[str], pattern: str) -> Iterator[int]:
    try:
        compiled = re.compile(pattern)
    except re.error as problem:
        raise EditProblem(f"{pattern} is no regular expression: {problem}.") from None
    return (at for at, line in enumerate(lines) if compiled.search(line.rstrip("\r\n")))


def _line_end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
