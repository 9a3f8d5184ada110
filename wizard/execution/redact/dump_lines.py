"""One line of a dump of bytes, as `hexdump`, `od` and `xxd` print it: an offset, units, often a second column."""

import re
from dataclasses import dataclass, field


_CELL = rb"(?:  [ -~]| \\[0abfnrtv]|[0-7]{3})"


def _expression(text: bytes) -> re.Pattern[bytes]:
    """Compile an expression in which H stands for a digit of hex and CELL for a letter as `od -c` writes it."""
    return re.compile(text.replace(b"CELL", _CELL).replace(b"H", b"[0-9A-Fa-f]"), re.DOTALL)


_LINE = _expression(
    rb"(?:(?P<xxd>HHHHHHHH:)|HH{5,15})[ \t]+?"
    rb"(?P<units>(?P<bits>[01]{8}(?: [01]{8}){1,15})"
    rb"|(?P<hex>HH(?:[ ]{1,2}HH){0,31}|(?:H{16}|H{8}|H{4})(?:[ ]{1,2}(?:H{16}|H{8}|H{4})){0,15}(?: (?:HH)+)?)"
    rb"|(?P<octal>[0-7]{3}(?: [0-7]{3}){0,31}|[0-7]{6}(?:[ ]{1,2}[0-7]{6}){0,15})"
    rb"|(?P<decimal>[0-9]{1,3}(?:[ ]{1,4}[0-9]{1,3}){0,31})"
    rb"|(?P<cells>CELL(?: CELL){0,31}))"
    rb"(?:[ \t]*\r?|(?(xxd)  .*|[ \t]+[|>].*))"
)
_BEGUN = _expression(
    rb"H{0,16}:?|HHHHHHHH:[ ](?:H+[ ])*H+[ ][ ].*|H{6,16}:?[ \t]+"
    rb"(?:(?:H+[ ]{1,4})*+(?:H*[ \t]*\r?|[ \t]*[|>].*)|(?:CELL[ ]?)*+[ ]{0,3}(?:\\|[0-7]{1,2})?\r?)"
)
_OFFSET = _expression(rb"H{0,16}:?(?:[ \t]*\Z)?")
_UNIT = re.compile(rb"[^ ]+")
_NAMED = {b"\\0": 0, b"\\a": 7, b"\\b": 8, b"\\t": 9, b"\\n": 10, b"\\v": 11, b"\\f": 12, b"\\r": 13}
LONGEST = 512
"""Bytes of the longest line of a dump."""


@dataclass(slots=True)
class DumpLine:
    """A line and the bytes that stand in it.

    Attributes:
        raw: All of it, with its line end.
        shown: How many bytes of it were emitted already: of the offset and of blanks.
        units: Begin and end of each unit, and its bytes in the order they are written in.
        masked: The units to leave out, with the mark that takes their place.
    """

    raw: bytes
    shown: int
    units: list[tuple[int, int, bytes]]
    masked: dict[int, bytes] = field(default_factory=dict)

    def clean(self) -> bytes:
        """What is emitted of it. Where a unit is left out the second column goes too."""
        if not self.masked:
            return self.raw[self.shown :]
        out: list[bytes] = []
        at = self.shown
        for place, (start, end, _) in enumerate(self.units):
            kept = place not in self.masked
            if kept or self.masked[place] or place == 0:
                out += [self.raw[at:start], self.raw[max(at, start) : end] if kept else self.masked[place]]
            at = end
        rest = self.raw[at:]
        return b"".join(out) + rest[len(rest.rstrip(b"\r\n")) :]


def dump_line(raw: bytes, shown: int) -> DumpLine | None:
    """The line taken apart, or None if it is none of a dump."""
    found = _LINE.fullmatch(raw.rstrip(b"\n")) if len(raw) <= LONGEST else None
    if found is None:
        return None
    start = found.start("units")
    if found["cells"] is not None:
        cells = found["cells"]
        units = [(start + at, start + at + 3, _cell(cells[at : at + 3])) for at in range(0, len(cells), 4)]
    else:
        read = next(reader for kind, reader in _READERS.items() if found[kind] is not None)
        units = [
            (start + unit.start(), start + unit.end(), read(unit.group())) for unit in _UNIT.finditer(found["units"])
        ]
    return DumpLine(raw, shown, units)


def begun(line: bytes) -> int | None:
    """The length of its offset, as far as it is there, if this may become a line of a dump."""
    if len(line) > LONGEST or _BEGUN.fullmatch(line) is None:
        return None
    found = _OFFSET.match(line)
    return found.end() if found is not None else 0


def _hex(unit: bytes) -> bytes:
    return bytes.fromhex(unit.decode())


def _octal(unit: bytes) -> bytes:
    return (int(unit, 8) & (0xFFFF if len(unit) == 6 else 0xFF)).to_bytes(2 if len(unit) == 6 else 1, "big")


def _decimal(unit: bytes) -> bytes:
    return bytes([int(unit) & 0xFF])


def _bits(unit: bytes) -> bytes:
    return bytes([int(unit, 2)])


_READERS = {"bits": _bits, "hex": _hex, "octal": _octal, "decimal": _decimal}


def _cell(cell: bytes) -> bytes:
    if cell[:1] != b" ":
        return _octal(cell)
    return bytes([_NAMED[cell[1:]]]) if cell[1:2] == b"\\" else cell[2:]
