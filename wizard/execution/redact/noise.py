"""What may stand inside a secret without hiding it from a reader: all that sanitizing drops, folds or marks.

Escape sequences of every kind, control characters, unseen characters and combining marks, bytes that are no UTF-8, and
backslashes and equal signs, which escape what follows or a line end, and a line end with the indent behind it.
"""

import re
from collections.abc import Iterator
from functools import cache

from wizard.execution.sanitize import INVISIBLE, LONGEST_STRING


_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f"
    "\ufe20-\ufe2f\ufffd"
)
"""Combining marks that stand over a letter and selectors of its shape: the letter is still read."""

_STRING = b"[^\\x07\\x18\\x1a\\x1b\\n\\xc2]|\\xc2[^\\x9c\\n]"
STRING = re.compile(
    rb"(?P<begin>\x1b[]PX^_]|\xc2[\x90\x98\x9d-\x9f])(?P<inside>(?:%b){1,%d})" % (_STRING, LONGEST_STRING)
)
"""What stands in an OSC, DCS, APC, PM or SOS string."""

_CSI = rb"[0-?]{0,256}[ -/]{0,16}[@-~]?"
_REST_OF_STRING = rb"(?:%b){0,%d}(?:\x07|\x1b\\|\xc2\x9c)?" % (_STRING, LONGEST_STRING)

_Kind = tuple[bytes, bytes]
"""A class of first bytes, and what must follow one of them."""

_ESCAPES: list[_Kind] = [
    (rb"\x1b", rb"(?:\[%b|[]PX^_]%b|[ -/]{0,16}[0-~]?)" % (_CSI, _REST_OF_STRING)),
    (rb"\xc2", rb"(?:\x9b%b|[\x90\x98\x9d-\x9f]%b|[\x80-\x9f])" % (_CSI, _REST_OF_STRING)),
]
_WRONG: list[_Kind] = [
    (rb"\xc0\xc1\xf5-\xff", rb""),
    (rb"\xc2-\xdf", rb"(?![\x80-\xbf])"),
    (rb"\xe0", rb"(?![\xa0-\xbf][\x80-\xbf])[\x80-\xbf]{0,2}"),
    (rb"\xed", rb"(?![\x80-\x9f][\x80-\xbf])[\x80-\xbf]{0,2}"),
    (rb"\xe1-\xec\xee\xef", rb"(?![\x80-\xbf]{2})[\x80-\xbf]?"),
    (rb"\xf0", rb"(?![\x90-\xbf][\x80-\xbf]{2})[\x80-\xbf]{0,3}"),
    (rb"\xf4", rb"(?![\x80-\x8f][\x80-\xbf]{2})[\x80-\xbf]{0,3}"),
    (rb"\xf1-\xf3", rb"(?![\x80-\xbf]{3})[\x80-\xbf]{0,2}"),
    (rb"\x80-\xbf", rb"(?<![\xc2-\xf4].)(?<![\xe0-\xf4][\x80-\xbf].)(?<![\xf0-\xf4][\x80-\xbf]{2}.)"),
]
"""Bytes that are no UTF-8; those that begin a character without ending it take along what follows."""


def _unseen() -> Iterator[_Kind]:
    """What is not seen, and the combining marks, in UTF-8."""
    ranges = re.findall("(.)(?:-(.))?", INVISIBLE + _MARKS, re.DOTALL)
    codes = (code for first, last in ranges for code in range(ord(first), ord(last or first) + 1))
    spelled = (chr(code).encode() for code in codes if not 0xD800 <= code <= 0xDFFF)
    lasts: dict[bytes, set[int]] = {}
    for code in spelled:
        lasts.setdefault(code[:-1], set()).add(code[-1])
    alike: dict[tuple[bytes, bytes], set[int]] = {}
    for head, last in lasts.items():
        alike.setdefault((head[:-1], _class(last)), set()).add(head[-1])
    for (head, last_class), before in alike.items():
        if head:
            yield re.escape(head[:1]), re.escape(head[1:]) + _class(before) + last_class
        else:
            yield _class(before)[1:-1], last_class


def _class(codes: set[int]) -> bytes:
    """A class of bytes, written in ranges."""
    firsts = sorted(code for code in codes if code - 1 not in codes)
    lasts = sorted(code for code in codes if code + 1 not in codes)
    return b"[" + b"".join(b"\\x%02x-\\x%02x" % pair for pair in zip(firsts, lasts, strict=True)) + b"]"


def _any(kinds: list[_Kind]) -> bytes:
    """An expression for one of the kinds. Its class of first bytes stands in front, which makes the search fast."""
    firsts = b"".join(first for first, _ in kinds)
    rests = b"|".join(b"(?<=[" + first + b"])" + rest for first, rest in kinds)
    return b"[" + firsts + b"](?:" + rests + b")"


_HIDDEN = [*_ESCAPES, *_unseen()]
_CONTROL: _Kind = (rb"\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f=\\", b"")
_WITHIN_LINE = _any([*_HIDDEN, *_WRONG, _CONTROL])
_INDENT = rb"(?:[\t\n\r ]|%b)*+" % _WITHIN_LINE
_SEPARATORS = b"\t\r\n \"#%&'()+,:;=\\{}"

_ALL_HIDDEN = re.compile(_any(_HIDDEN), re.DOTALL)
_COLOURS = re.compile(rb"\x1b\[[0-9;]{0,256}+[mK]")
_HIDDEN_CHARACTER = re.compile(f"[\\x80-\\x9f{INVISIBLE}{_MARKS}]")
_FOLD = bytes(range(256)).lower().replace(b"\r", b"\n")
_LESS = bytes({*range(32), 127, *b"=\\"} - {*b"\t\n\r"})
_TURN = re.compile(rb"\n[\t\n ]+")
_UNFINISHED = re.compile(
    rb"(?:\x1b(?:\[[0-?]{0,256}[ -/]{0,16}|[]PX^_](?:%b){0,%d}[\x1b\xc2]?|[ -/]{0,16})"
    rb"|\xc2\x9b[0-?]{0,256}[ -/]{0,16}|\xc2[\x90\x98\x9d-\x9f](?:%b){0,%d}[\x1b\xc2]?"
    rb"|[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z"
    % (_STRING, LONGEST_STRING, _STRING, LONGEST_STRING)
)
_LONGEST_UNFINISHED = 2 * LONGEST_STRING + 4


def plain(raw: bytes, *, indented: bool = False) -> bytes:
    """The bytes without noise, in lower case. What is usual is done in C.

    Args:
        raw: Bytes that end in nothing unfinished.
        indented: Whether blanks at their begin are an indent.
    """
    text = _without_hidden(raw).translate(_FOLD, _LESS)
    if indented:
        text = text.lstrip(b"\t\n ")
    if b"\n " in text or b"\n\t" in text:
        text = _TURN.sub(b"", text)
    return text.translate(None, b"\n")


def digits(raw: bytes, *, indented: bool = False) -> bytes:
    """The same without what stands between the numbers of bytes: blanks, commas, backslashes, `%`, `&#`."""
    del indented
    return _without_hidden(raw).translate(_FOLD, _LESS + _SEPARATORS)


def _without_hidden(raw: bytes) -> bytes:
    only_escapes = raw.isascii()
    if not only_escapes:
        read = raw.decode("utf-8", "replace")
        only_escapes = _HIDDEN_CHARACTER.search(read) is None
        raw = raw if only_escapes else read.encode()
    if not only_escapes:
        return _ALL_HIDDEN.sub(b"", raw)
    if b"\x1b" not in raw:
        return raw
    text = b"".join(_COLOURS.split(raw))  # quicker than a substitution
    return _ALL_HIDDEN.sub(b"", raw) if b"\x1b" in text else text


def unfinished(raw: bytes) -> int:
    """The length of an escape or a character that has begun at the end of `raw` and may turn out to be noise."""
    end = raw[-_LONGEST_UNFINISHED:]
    if b"\xc2" in end:
        begin = 0
    else:
        begin = end.rfind(b"\x1b", 0, len(end) - 1)
        if begin < 0:
            begin = len(end) - 3
    found = _UNFINISHED.search(end, max(0, min(begin, len(end) - 3)))
    return 0 if found is None else len(end) - found.start()


@cache
def noise_in_letters() -> re.Pattern[bytes]:
    """Each piece of noise that `plain` takes out."""
    return re.compile(_any([*_HIDDEN, *_WRONG, _CONTROL, (rb"\r\n", _INDENT)]), re.DOTALL)


@cache
def noise_in_digits() -> re.Pattern[bytes]:
    """Each piece of noise that `digits` takes out."""
    separators = re.escape(_SEPARATORS)
    return re.compile(_any([*_HIDDEN, *_WRONG, _CONTROL, (separators, b"[" + separators + b"]*")]), re.DOTALL)
