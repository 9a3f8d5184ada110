"""A line with everything that is otherwise obeyed or dropped shown by marks: for who must know what was printed."""

import re

from wizard.execution.sanitize.line import StyledLine, StyledRun
from wizard.execution.sanitize.style import PLAIN, Style
from wizard.execution.sanitize.text import INVISIBLE, fewer_marks


_MARKED = Style(reverse=True)
_WRONG_BYTES = (0xDC80, 0xDCFF)
_PICTURES = 0x2400
_PICTURE_OF_DELETE = "\u2421"
_SEEN = re.compile(f"([\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f{INVISIBLE}]+)")


def mark_line(raw: bytes) -> StyledLine:
    """The line with a mark for each control character, unseen character and wrong byte; nothing is obeyed.

    Args:
        raw: The bytes of one line, without its line end. An escape is `␛`, a bidi control `<U+202E>`, a byte that is no
            UTF-8 `<0xFF>`. Marks are reversed, so that a command that prints the same signs cannot pretend one.
    """
    parts = _SEEN.split(raw.decode("utf-8", "surrogateescape"))
    runs = [
        StyledRun("".join(map(_mark, part)), _MARKED) if place % 2 else StyledRun(fewer_marks(part), PLAIN)
        for place, part in enumerate(parts)
    ]
    return tuple(run for run in runs if run.text)


def _mark(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(_PICTURES + code)
    if code == 0x7F:
        return _PICTURE_OF_DELETE
    if _WRONG_BYTES[0] <= code <= _WRONG_BYTES[1]:
        return f"<0x{code - 0xDC00:02X}>"
    return f"<U+{code:04X}>"
