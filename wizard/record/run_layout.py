"""How the folder of a run is laid out. The supervisor writes it; what it holds is read by whoever imports this.

`output` holds what the command printed, redacted, and `timing` when each piece of it came, and from which stream. Of
an output that is longer than what is kept, `output` has the beginning. What follows goes to segments: the folder
`tail.OFFSET` holds an `output` and a `timing` of its own, which begin at that byte of all that was printed. Old
segments go as new ones come. When the command has ended, the supervisor appends them to the run's `output` and removes
them; of a supervisor that was killed they stay, as evidence.

A record of `timing` is 16 bytes, little endian: a uint64 whose top two bits are the stream and whose other bits are the
offset in the `output` beside it where the piece begins, and a uint64 of CLOCK_BOOTTIME in nanoseconds. A piece reaches
to the next record's offset, the last one to the end of `output`. Offsets never fall.
"""

import re
import struct
from dataclasses import dataclass
from enum import IntEnum


CLAIM = "claim"
STARTED = "started.json"
EXIT = "exit.json"
OUTPUT = "output"
TIMING = "timing"
BESIDE = (CLAIM, STARTED, TIMING, EXIT)
"""What stands in a run's folder beside its output, when the run has ended."""
CONTROL = "control"
"""The socket of the supervisor."""
CRASH = "crash"
"""Where a supervisor that fails says so."""

_SEGMENT = re.compile(r"tail\.([0-9]{1,20})")
_TIMING = struct.Struct("<QQ")
TIMING_SIZE = _TIMING.size
_OFFSET_BITS = 62
_OFFSET = (1 << _OFFSET_BITS) - 1


def unfinished(name: str) -> str:
    """The name of a file that is being written, and will be there whole or not at all."""
    return f".{name}.new"


def segment_name(begin: int) -> str:
    """The name of the folder of the segment that begins at this byte of all that was printed."""
    return f"tail.{begin}"


def segment_begin(name: str) -> int | None:
    """Where the segment of this name begins; None where it is the name of none."""
    found = _SEGMENT.fullmatch(name)
    return None if found is None else int(found[1])


class Stream(IntEnum):
    """Where a piece of output came from: the terminal, or a standard error that its step keeps apart."""

    TERMINAL = 0
    STDERR = 1


@dataclass(frozen=True, slots=True)
class Timing:
    """One piece of output.

    Attributes:
        offset: Where it begins in its file.
        stream: Where it came from, a `Stream`, or a number that this version does not know.
        boottime: When it came, CLOCK_BOOTTIME in nanoseconds.
    """

    offset: int
    stream: int
    boottime: int


def pack_timing(offset: int, stream: Stream, boottime: int) -> bytes:
    """One record as it lies in the file."""
    return _TIMING.pack(stream << _OFFSET_BITS | offset, boottime)


def unpack_timing(records: bytes) -> list[Timing]:
    """Records as they lie in the file, without one at the end that is torn."""
    whole = records[: len(records) - len(records) % TIMING_SIZE]
    return [Timing(place & _OFFSET, place >> _OFFSET_BITS, when) for place, when in _TIMING.iter_unpack(whole)]
