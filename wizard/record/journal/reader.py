"""Read a journal without changing it and without trusting it: what is good, and what kind of damage follows."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wizard.clock import parse_rfc3339
from wizard.errors import UsageProblem
from wizard.places.plain_file import open_plain, read_all
from wizard.record.journal.line import FIRST_PREV, MAX_LINE, Record, parse


MOST_BYTES = 1 << 28
"""No journal is longer: a quarter of a million records of the usual length."""
_STEP_TOLERANCE_S = 2.0


class Harm(StrEnum):
    """What is wrong with a journal."""

    NONE = "none"
    TORN_TAIL = "torn tail"
    """The end is incomplete as a crash leaves it: cut, or filled with zeros. Nothing good follows."""
    BROKEN = "broken"
    """A whole line is wrong, or good records follow the damage. No crash does that."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Where a journal stops being good.

    Attributes:
        harm: What kind of damage.
        offset: First damaged byte; the length of the file when there is none.
        seq: The number of the record that should have stood there.
        what: hash, prev, seq, not JSON, ... as the end of a sentence that begins with "it"; empty when there is none.
    """

    harm: Harm
    offset: int
    seq: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """A journal as it was read.

    Attributes:
        records: The good records from the first on.
        damage: What comes after them.
        size: Bytes in the file.
    """

    records: list[Record]
    damage: Damage
    size: int

    @property
    def lost(self) -> int:
        """How many bytes are not part of a good record."""
        return self.size - self.damage.offset


def scan_bytes(content: bytes) -> Scan:
    """Read a journal's bytes. Never raises, whatever they are."""
    records: list[Record] = []
    prev, offset = FIRST_PREV, 0
    while offset < len(content):
        end = content.find(b"\n", offset) + 1
        found = _next(content[offset : end or len(content)], len(records), prev)
        if isinstance(found, str):
            return Scan(records, _damage(content, offset, len(records), found), len(content))
        records.append(found)
        prev, offset = found.h, end
    return Scan(records, Damage(Harm.NONE, offset, len(records)), len(content))


def _next(line: bytes, seq: int, prev: str) -> Record | str:
    """The record of a line if it is the one that must come now, else what is wrong."""
    found = parse(line)
    if isinstance(found, str):
        return found
    if found.seq != seq:
        return f"has the number {found.seq} where {seq} should be"
    if found.prev != prev:
        return "does not follow the record before it"
    return found


def _damage(content: bytes, offset: int, seq: int, what: str) -> Damage:
    """Tell a torn tail from a broken chain.

    A crash cuts the file or leaves zeros at its end. A whole line without zeros that is wrong was changed by somebody,
    and so was a file where a good record follows the damage.
    """
    rest = content[offset:]
    whole_lines = rest.split(b"\n")[:-1]
    if any(not isinstance(parse(line + b"\n"), str) for line in whole_lines):
        return Damage(Harm.BROKEN, offset, seq, what)
    if any(b"\0" not in line for line in whole_lines):
        return Damage(Harm.BROKEN, offset, seq, what)
    return Damage(Harm.TORN_TAIL, offset, seq, what)


def _read(path: Path, limit: int, *, from_end: bool = False) -> bytes:
    """Read the beginning or the end of a plain file, never through a link and never waiting on a FIFO.

    Raises:
        OSError: It cannot be read, or is not a plain file.
    """
    with os.fdopen(open_plain(path), "rb") as stream:
        if from_end:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - limit))
        return stream.read(limit)


def scan(path: Path) -> Scan:
    """Read a journal file: the good records and the kind of damage after them.

    Args:
        path: The journal file.

    Raises:
        UsageProblem: There is no plain file that can be read; what stands in it never raises.
    """
    return scan_bytes(read_journal(path))


def read_journal(path: Path) -> bytes:
    """The bytes of a journal file.

    Raises:
        UsageProblem: There is no plain file that can be read.
    """
    try:
        return read_all(path, MOST_BYTES)
    except FileNotFoundError as problem:
        raise no_session(path.parent) from problem
    except OSError as problem:
        raise UsageProblem(f"The journal {path} cannot be read: {problem.strerror}.") from problem


def no_session(folder: Path) -> UsageProblem:
    """The error for a folder without a journal that begins."""
    return UsageProblem(
        f"There is no session here: {folder} has no journal with a first record.",
        "`uplevel sessions` lists the sessions there are.",
    )


def read_head(path: Path) -> Record | None:
    """Record 0 of a journal file, reading no more than that; None when there is no good one. Never raises."""
    try:
        start = _read(path, MAX_LINE)
    except OSError:
        return None
    found = _next(start[: start.find(b"\n") + 1], 0, FIRST_PREV)
    return None if isinstance(found, str) else found


def read_last(path: Path) -> Record | None:
    """The last whole record of a journal file, reading only its end; the chain is not checked. Never raises.

    For lists, which want to know whether a session was closed; `verify` and `resume` read everything.
    """
    try:
        end = _read(path, 2 * MAX_LINE, from_end=True)
    except OSError:
        return None
    for line in reversed(end.split(b"\n")[:-1]):
        found = parse(line + b"\n")
        if not isinstance(found, str):
            return found
    return None


def clock_step(before: Record, after: Record) -> float | None:
    """Whether the wall clock was set between two records.

    Returns:
        By how many seconds it was set (negative: back), or None if it was not: it disagrees with boottime by no more
        than 2 s and did not go back. Across a reboot only a step back can be seen.
    """
    try:
        by_wall = (parse_rfc3339(after.at) - parse_rfc3339(before.at)).total_seconds()
    except ValueError:
        return None
    if before.boot_id != after.boot_id:
        return by_wall if by_wall < 0 else None
    step = by_wall - (after.boottime - before.boottime) / 1e9
    return step if by_wall < 0 or abs(step) > _STEP_TOLERANCE_S else None
