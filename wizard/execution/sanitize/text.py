"""Text of people and files (names, parameters, notes, titles): what a terminal would obey is made visible."""

import re
import unicodedata
from itertools import groupby


INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff"
)
"""Inside a character class: bidi controls, zero-width and other unseen characters, lone surrogates."""

UNSAFE = re.compile(f"[\\x00-\\x1f\\x7f-\\x9f{INVISIBLE}]")
"""One character that may not stand in a line of any terminal or page; no sanitized line has one."""

_UNSEEN = re.compile(f"[{INVISIBLE}]")

_MARKS = 8
"""Combining marks on one character; no language needs more, and thousands of them hold up a terminal."""

_MANY_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{_MARKS + 1},}}")


def visible(found: re.Match[str]) -> str:
    """A character by its number, such as `<U+202E>`."""
    return f"<U+{ord(found.group()):04X}>"


def show_invisible(text: str) -> str:
    """The text with bidi controls, zero-width characters, lone surrogates and floods of marks made visible."""
    return text if text.isascii() else fewer_marks(_UNSEEN.sub(visible, text))


def fewer_marks(text: str) -> str:
    """The text with at most 8 combining marks in a row; how many more there were is said, as `<+992 marks>`."""
    return text if text.isascii() else _MANY_MARKS.sub(_thinned, text)


def _thinned(found: re.Match[str]) -> str:
    parts = []
    for is_mark, chars in groupby(found.group(), lambda char: unicodedata.category(char)[0] == "M"):
        run = "".join(chars)
        more = len(run) - _MARKS
        parts.append(f"{run[:_MARKS]}<+{more} marks>" if is_mark and more > 0 else run)
    return "".join(parts)


def sanitize_text(text: str, *, newlines: bool = False, tabs: bool = False) -> str:
    """The text with every control character, bidi control and zero-width character made visible as `<U+001B>`.

    Args:
        text: Anything a person or a file said.
        newlines: Keep line ends; CR LF becomes LF. Otherwise they are made visible too.
        tabs: Keep tabs.
    """
    if text.isprintable() and text.isascii():
        return text
    if newlines:
        text = text.replace("\r\n", "\n")

    def shown(found: re.Match[str]) -> str:
        char = found.group()
        return char if (newlines and char == "\n") or (tabs and char == "\t") else visible(found)

    return fewer_marks(UNSAFE.sub(shown, text))
