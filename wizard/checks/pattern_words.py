"""Patterns as people read them."""

import re
from collections.abc import Mapping

from wizard.fields.templates import parse_template, render


_PLAINER = (
    (re.compile(r"\[0-9a-f-\]\{36\}"), "a guid"),
    (re.compile(r"(?<!\\)\$?(?<!\\)\|\^?"), " or "),
    (re.compile(r"^\^|(?<!\\)\$$|\\b"), ""),
    (re.compile(r"\\s[+*]?|\[ \\t\][+*]?"), " "),
    (re.compile(r"\((?:\\d\+|\[1-9\]\\d\*)\)|\\d\+|\\1"), "N"),
    (re.compile(r"\\S\+|(?<!\\)\.[*+]"), "…"),
    (re.compile(r"\\([^\w])"), r"\1"),
    (re.compile(r"…(?: *…)+"), "…"),
)
"""What patterns are made of, and what people read instead: `N/N` for a number and the same again, `…` for whatever."""


def in_words(pattern: str, values: Mapping[str, str]) -> str:
    """A pattern with its values as they are, anchors gone, blanks, numbers and plain signs made plain."""
    text = render(parse_template(pattern), values)
    for part, plain in _PLAINER:
        text = part.sub(plain, text)
    return text
