"""A file of output with the times of its pieces beside it: a run's `output`, or a segment of its live end."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wizard.places.plain_file import plain_file
from wizard.record.run_layout import TIMING, TIMING_SIZE, Stream, Timing, unpack_timing


_AT_ONCE = 4096 * TIMING_SIZE
"""Bytes of `timing` read in one go."""


@dataclass(frozen=True, slots=True)
class OutputFile:
    """One file, read by its own offsets. It may be growing, or be missing.

    Attributes:
        path: The file. What no record of `timing` speaks of came from the terminal.
    """

    path: Path

    @property
    def timing(self) -> Path:
        return self.path.with_name(TIMING)

    @property
    def size(self) -> int:
        """Bytes in it now."""
        with suppress(OSError):
            return self.path.stat(follow_symlinks=False).st_size
        return 0

    def pieces(self, offset: int = 0) -> Iterator[Timing]:
        """The piece that holds this offset, and those behind it, as far as `timing` is whole."""
        with suppress(OSError), plain_file(self.timing) as file:
            at = max(0, _first(file, lambda piece: piece.offset > offset) - 1) * TIMING_SIZE
            while pieces := unpack_timing(os.pread(file, _AT_ONCE, at)):
                yield from pieces
                at += len(pieces) * TIMING_SIZE

    def piece_since(self, moment: int) -> Timing | None:
        """The first piece that came at this moment or later; the last one when none did, None without any.

        Args:
            moment: CLOCK_BOOTTIME in nanoseconds.
        """
        with suppress(OSError), plain_file(self.timing) as file:
            found = _first(file, lambda piece: piece.boottime >= moment)
            for number in (found, found - 1):
                if number >= 0 and (pieces := unpack_timing(os.pread(file, TIMING_SIZE, number * TIMING_SIZE))):
                    return pieces[0]
        return None

    def spans(self, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Stream, begin and end of the parts of a stretch, in order and without gaps; neighbours are of two streams."""
        stream = int(Stream.TERMINAL)
        for piece in self.pieces(begin):
            if piece.offset >= end:
                break
            if piece.stream != stream:
                if piece.offset > begin:
                    yield stream, begin, piece.offset
                    begin = piece.offset
                stream = piece.stream
        if end > begin:
            yield stream, begin, end

    def apart(self, data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
        """Bytes of the file, cut where their stream changes.

        Args:
            data: The bytes.
            at: Their offset.

        Yields:
            The stream and the bytes of each part.
        """
        for stream, begin, end in self.spans(at, at + len(data)):
            yield stream, data[begin - at : end - at]

    def ends(self, first: int, last: int, stream: Stream | None = None) -> tuple[bytes, bytes, int]:
        """The beginning and the end of what was printed.

        Args:
            first: Bytes of the beginning at most.
            last: Bytes of the end at most, from behind the beginning on.
            stream: What was printed there alone; None: everything.

        Returns:
            Both, and how many bytes are left out between them.

        Raises:
            OSError: It cannot be read.
        """
        with plain_file(self.path) as file:
            size = os.fstat(file).st_size

            def taken(begin: int, end: int) -> bytes:
                return b"".join(_cut(file, self._of(stream, size), begin, end))

            whole = sum(end - begin for begin, end in self._of(stream, size))
            head = min(first, whole)
            tail = max(head, whole - last)
            return taken(0, head), taken(tail, whole), tail - head

    def _of(self, stream: Stream | None, size: int) -> Iterator[tuple[int, int]]:
        if stream is None:
            return iter([(0, size)])
        return ((begin, end) for one, begin, end in self.spans(0, size) if one == stream)


def _cut(file: int, spans: Iterator[tuple[int, int]], first: int, last: int) -> Iterator[bytes]:
    """The bytes of these spans, from the `first` of them all to the `last`."""
    before = 0
    for begin, end in spans:
        at, stop = max(begin, begin + first - before), min(end, begin + last - before)
        before += end - begin
        while at < stop and (data := os.pread(file, stop - at, at)):
            yield data
            at += len(data)
        if before >= last:
            return


def _first(file: int, holds: Callable[[Timing], bool]) -> int:
    """The number of the first record of which this holds, given that it holds of all behind it; found by halving."""
    low, high = 0, os.fstat(file).st_size // TIMING_SIZE
    while low < high:
        middle = (low + high) // 2
        record = unpack_timing(os.pread(file, TIMING_SIZE, middle * TIMING_SIZE))
        if record and not holds(record[0]):
            low = middle + 1
        else:
            high = middle
    return low
