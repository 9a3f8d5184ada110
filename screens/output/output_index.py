"""Where the lines of a growing file begin, without holding the file: one number per block of 64 KiB."""

import os
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

from wizard.places.plain_file import open_plain


BLOCK = 65536
LONGEST_LINE = 8192
"""Bytes of a line that are ever read for showing it, and so are searched."""

_SLICE = 8 * 1024 * 1024
"""Bytes looked at in one go, so that a key never waits for a flood; about 5 ms."""


@dataclass(frozen=True, slots=True)
class RawLine:
    """One line of the file, without its line end.

    Args:
        data: Its bytes, at most `LONGEST_LINE` of them.
        length: How long it is in the file.
        start: Where it begins in the file.
    """

    data: bytes
    length: int
    start: int = 0


class OutputIndex:
    """Counts the line ends of a file that grows at its end. The file may not be there yet.

    Args:
        path: The file; it is opened without following a link at its name, and read only by position.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1
        self._ends = array("Q")
        self._open_line = False
        self._newlines = 0
        self.size = 0
        """Bytes indexed so far."""

    @property
    def lines(self) -> int:
        """How many lines there are so far, the unfinished last one too."""
        return self._newlines + self._open_line

    def close(self) -> None:
        """Let go of the file; what is counted stays."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def grow(self, most: int = _SLICE) -> bool:
        """Take up to `most` new bytes into account; whether there may be more of them already."""
        if not self._opened():
            return False
        if os.fstat(self._file).st_size < self.size:
            self._forget()
        left = most
        while left > 0:
            data = os.pread(self._file, BLOCK - self.size % BLOCK, self.size)
            if not data:
                return False
            self._count(data)
            left -= len(data)
        return True

    def window(self, first: int, count: int) -> list[RawLine]:
        """The lines from number `first` (from 0) on, at most `count`."""
        found: list[RawLine] = []
        start = self._start(first)
        data, base = b"", start
        for number in range(first, min(first + count, self.lines)):
            end = data.find(b"\n", start - base)
            if end < 0:
                data, base = self._read(start, BLOCK), start
                end = data.find(b"\n")
            stop = base + end if end >= 0 else self._end(number)
            found.append(self._line(start, stop, data[start - base :][:LONGEST_LINE]))
            start = stop + 1
        return found

    @property
    def file(self) -> int:
        """The descriptor of the file, or -1 when it is not open."""
        return self._file

    def number_at(self, offset: int) -> int:
        """The number of the line that holds this byte of the file."""
        block = min(offset, max(0, self.size - 1)) // BLOCK
        if block >= len(self._ends):
            return 0
        before = self._ends[block - 1] if block else 0
        number = before + self._read(block * BLOCK, min(offset, self.size) - block * BLOCK).count(b"\n")
        return min(number, max(0, self.lines - 1))

    def _line(self, start: int, stop: int, head: bytes) -> RawLine:
        """A line cut to what is shown: its head, or of a line that was redrawn in place its newest state."""
        length = stop - start
        if length <= LONGEST_LINE:
            return RawLine(head[:length], length, start)
        newest = newest_state(self._read(stop - LONGEST_LINE, LONGEST_LINE))
        if newest is not None:
            return RawLine(newest, len(newest), start)
        return RawLine(head[:LONGEST_LINE], length, start)

    def _end(self, number: int) -> int:
        """Where line `number` ends."""
        return self._start(number + 1) - 1 if number < self._newlines else self.size

    def _start(self, number: int) -> int:
        """Where line `number` begins: behind the line end of that count."""
        if number <= 0:
            return 0
        block = bisect_left(self._ends, number)
        if block >= len(self._ends):
            return self.size
        data = self._read(block * BLOCK, BLOCK)
        wanted = number - (self._ends[block - 1] if block else 0)
        return block * BLOCK + _place(data, wanted) + 1

    def _count(self, data: bytes) -> None:
        if self.size % BLOCK == 0:
            self._ends.append(self._newlines)
        self._newlines += data.count(b"\n")
        self._ends[-1] = self._newlines
        self.size += len(data)
        self._open_line = not data.endswith(b"\n")

    def _read(self, start: int, length: int) -> bytes:
        """Bytes that are indexed already; what came later is not looked at, so that counts and bytes agree."""
        return os.pread(self._file, max(0, min(length, self.size - start)), start) if self._file >= 0 else b""

    def _opened(self) -> bool:
        if self._file < 0:
            try:
                self._file = open_plain(self._path)
            except OSError:
                return False
        return True

    def _forget(self) -> None:
        self._ends = array("Q")
        self._open_line = False
        self._newlines = self.size = 0


def newest_state(end: bytes) -> bytes | None:
    """What is shown of a line that is too long and was redrawn in place, by its end; None where it was not."""
    _, redrawn, newest = end.rstrip(b"\r").partition(b"\r")
    return newest if redrawn else None


def _place(data: bytes, number: int) -> int:
    """Where the line end of that number (from 1) is; halves the bytes counted at each step."""
    low, high = 0, len(data)
    while high - low > 64:
        middle = (low + high) // 2
        count = data.count(b"\n", low, middle)
        if count >= number:
            high = middle
        else:
            number -= count
            low = middle
    place = low - 1
    for _ in range(number):
        place = data.find(b"\n", place + 1, high)
    return place
