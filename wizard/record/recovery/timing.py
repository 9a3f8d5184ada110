"""The file `timing` of a run: when each piece of its output came, and from which stream.

A record is 16 bytes, little endian: a uint64 whose top two bits are the stream and whose other bits are the offset in
`output` where the piece begins, and a uint64 of CLOCK_BOOTTIME in nanoseconds. A piece reaches to the next record's
offset, the last one to the end of `output`. Offsets never fall. What the command printed on its terminal is stream 0;
stream 1 is its standard error, where the step keeps that apart.
"""

import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from wizard.places.plain_file import open_plain


TIMING = "timing"

_RECORD = struct.Struct("<QQ")
_OFFSET_BITS = 62
_OFFSET = (1 << _OFFSET_BITS) - 1
_AT_ONCE = 4096
"""Records read in one go."""


class Stream(IntEnum):
    """Where a piece of output came from."""

    TERMINAL = 0
    STDERR = 1


@dataclass(frozen=True, slots=True)
class Timing:
    """One piece of a run's output.

    Attributes:
        offset: Where it begins in `output`.
        stream: Where it came from, a `Stream`, or a number that this version does not know.
        boottime: When it came, CLOCK_BOOTTIME in nanoseconds.
    """

    offset: int
    stream: int
    boottime: int


def pack_timing(offset: int, stream: Stream, boottime: int) -> bytes:
    """One record as it lies in the file."""
    return _RECORD.pack(stream << _OFFSET_BITS | offset, boottime)


def read_timing(path: Path, first: int = 0) -> Iterator[Timing]:
    """Go through the records of a run's `timing`, without holding the file in memory.

    Args:
        path: The file. It may be growing, be missing, or end in a torn record; it is read as far as it is whole.
        first: Number of the record to begin with, so that who follows a run goes on where it stopped.
    """
    try:
        file = open_plain(path)
    except OSError:
        return
    try:
        at = first * _RECORD.size
        while records := _read(file, at):
            for place, boottime in _RECORD.iter_unpack(records):
                yield Timing(place & _OFFSET, place >> _OFFSET_BITS, boottime)
            at += len(records)
    finally:
        os.close(file)


def timing_at(path: Path, offset: int) -> int:
    """The number of the record whose piece holds this offset of `output`, found by halving.

    Returns:
        The number, for `read_timing(path, number)`; 0 when there is none.
    """
    return max(0, _first(path, lambda place, _: place & _OFFSET > offset) - 1)


def timing_since(path: Path, boottime: int) -> int:
    """The number of the first record of a piece that came at this time or later, found by halving.

    Args:
        path: The file.
        boottime: CLOCK_BOOTTIME in nanoseconds.

    Returns:
        The number; how many records there are when nothing came so late.
    """
    return _first(path, lambda _, when: when >= boottime)


def _first(path: Path, holds: Callable[[int, int], bool]) -> int:
    """The number of the first record of which this holds, given that it holds of all behind it."""
    try:
        file = open_plain(path)
    except OSError:
        return 0
    try:
        low, high = 0, os.fstat(file).st_size // _RECORD.size
        while low < high:
            middle = (low + high) // 2
            record = os.pread(file, _RECORD.size, middle * _RECORD.size)
            if len(record) == _RECORD.size and not holds(*_RECORD.unpack(record)):
                low = middle + 1
            else:
                high = middle
        return low
    finally:
        os.close(file)


def _read(file: int, at: int) -> bytes:
    found = os.pread(file, _AT_ONCE * _RECORD.size, at)
    return found[: len(found) - len(found) % _RECORD.size]
