"""The spellings in which a secret turns up in output: as it is, encoded, escaped, quoted, as numbers, line by line."""

import base64
import codecs
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from wizard.execution.redact.escapes import escaped
from wizard.execution.redact.noise import digits, plain


SHORTEST = 6
"""Bytes below which a value cannot be told from ordinary text."""

_PIECE = 256
"""Bytes of the longest literal; a longer spelling is registered in pieces, so that what is held back stays small."""

_ENCODED_UP_TO = 8192
"""Bytes of the largest value whose encodings are registered too; beyond it the tables would cost seconds to build."""


_WIDE = tuple((codecs.getencoder(name), size) for name, size in (("utf-16-be", 2), ("utf-16-le", 2), ("utf-32-be", 4)))
"""Encodings of more than one byte a character, and the bytes of a unit."""

_MOST_WRAPS = 16
"""Blanks in a value of which each alone may be lost to a line end."""


def weak(value: str) -> bool:
    """Whether the value is too short to be found reliably; such a secret is masked only as a whole word."""
    return len(plain(_encode(value))) < SHORTEST


def in_letters(value: str) -> list[bytes]:
    """Every text, of at least `SHORTEST` bytes and as `plain` leaves it, that gives this value away."""
    return _literals(value, _in_letters, plain)


def in_digits(value: str) -> list[bytes]:
    """Every row of numbers, as `digits` leaves it, that gives this value away."""
    return _literals(value, _in_digits, digits)


def _literals(value: str, spelled: Callable[[str], Iterable[bytes]], quiet: Callable[[bytes], bytes]) -> list[bytes]:
    found: dict[bytes, None] = {}
    for part in _parts(value):
        for spelling in spelled(part):
            for piece in _pieces(quiet(spelling)):
                found.setdefault(piece)
    return list(found)


def _encode(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def _parts(value: str) -> Iterator[str]:
    """The value itself, what stands inside its quotes, and each of its lines."""
    yield value
    stripped = value.strip()
    if stripped != value:
        yield stripped
    if len(stripped) > SHORTEST + 1 and stripped[0] == stripped[-1] and stripped[0] in "'\"":
        yield stripped[1:-1]
    lines = value.splitlines()
    if len(lines) > 1:
        yield from (line.strip() for line in lines)


def _in_letters(value: str) -> Iterator[bytes]:
    raw = _encode(value)
    yield raw
    yield from _wrapped(raw)
    if len(raw) > _ENCODED_UP_TO:
        return
    for spelling in (value.upper(), value.lower(), *(unicodedata.normalize(form, value) for form in ("NFC", "NFD"))):
        yield _encode(spelling)
    yield from _base64(raw)
    yield from _base64(value.encode("utf-16-le", "surrogatepass"))
    for plain_alphabet in list(_base64(raw))[::2]:
        yield from _base64(plain_alphabet)
    yield from _base32(raw)
    yield from map(_encode, escaped(value))


def _wrapped(raw: bytes) -> Iterator[bytes]:
    """The value where a line end took the place of a blank, or of all of them."""
    places = [at for at, byte in enumerate(raw) if byte == ord(" ")]
    yield from (raw[:at] + raw[at + 1 :] for at in places[:_MOST_WRAPS])
    yield raw.replace(b" ", b"")


def _in_digits(value: str) -> Iterator[bytes]:
    """In hex, octal, decimal and binary, byte by byte and, as escapes have it, character by character."""
    raw = _encode(value)
    if len(raw) < SHORTEST or len(raw) > _ENCODED_UP_TO:
        return
    for between, each in (
        *(("", "%02x"), ("-", "%02x"), ("x", "%02x"), ("0x", "%02x"), ("25", "%02x")),
        *(("", "%03o"), ("", "%04o"), ("", "%d")),
    ):
        yield between.join(each % byte for byte in raw).encode()
    yield "".join(f"{byte:08b}" for byte in raw).encode()
    for encode, size in _WIDE:
        units, _ = encode(value, "surrogatepass")
        yield units.hex().encode()
        yield units.hex("u", size).encode()
    for between, each in (("", "%02x"), ("x", "%02x"), ("x", "%04x"), ("u", "%02x"), ("", "%d")):
        yield between.join(each % ord(char) for char in value).encode()


def _base64(raw: bytes) -> Iterator[bytes]:
    """The characters that are the value's alone, whatever stands before and behind it in what was encoded."""
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + raw)
        own = text[(shift * 8 + 5) // 6 : (shift + len(raw)) * 8 // 6]
        yield own
        yield own.translate(bytes.maketrans(b"+/", b"-_"))


def _base32(raw: bytes) -> Iterator[bytes]:
    for shift in range(5):
        yield base64.b32encode(bytes(shift) + raw)[(shift * 8 + 4) // 5 : (shift + len(raw)) * 8 // 5]


def _pieces(literal: bytes) -> Iterator[bytes]:
    """The literal, or pieces of it that overlap; no piece begins inside a character."""
    if len(literal) < SHORTEST:
        return
    start = 0
    while len(literal) - start > _PIECE:
        yield literal[start : start + _PIECE]
        start += _PIECE
        while 0x80 <= literal[start] < 0xC0:
            start -= 1
    rest = max(0, len(literal) - _PIECE)
    while rest and 0x80 <= literal[rest] < 0xC0:
        rest -= 1
    yield literal[rest:]
