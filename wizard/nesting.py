"""How deep brackets nest in a text, so that no parser is given one that it could not come back from."""

import re
from collections.abc import Iterator


JSON_TEXTS = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""Texts of JSON; brackets in them open nothing."""

QUOTED = re.compile(r"\"(?:[^\"\\]++|\\.)*+\"?|'(?:[^'\\]++|\\.)*+'?|`(?:[^`\\]++|\\.)*+`?|#[^\n]*", re.DOTALL)
"""Texts of TOML and of JMESPath, and comments."""

_OPENING, _CLOSING = "([{", ")]}"


def too_deep(text: str, most: int, skipped: re.Pattern[str]) -> int | None:
    """Where brackets nest deeper than they may; None where they do not.

    Args:
        text: What is looked at.
        most: How many brackets may be open at a time.
        skipped: What is no bracket whatever it holds.
    """
    if sum(map(text.count, _OPENING)) <= most:
        return None
    depth = 0
    for at, bracket in _brackets(text, skipped):
        depth = depth + 1 if bracket in _OPENING else max(0, depth - 1)
        if depth > most:
            return at
    return None


def _brackets(text: str, skipped: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    token = re.compile(rf"{skipped.pattern}|(?P<bracket>[()\[\]{{}}])", skipped.flags)
    for found in token.finditer(text):
        if found["bracket"] is not None:
            yield found.start(), found["bracket"]


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """The place of a character, both counted from 1."""
    before = text[:at]
    return before.count("\n") + 1, at - before.rfind("\n")
