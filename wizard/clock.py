"""Time and ids behind a protocol, so that tests inject both."""

import os
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Protocol


_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment on both clocks.

    Attributes:
        utc: Wall clock, timezone-aware UTC, microseconds.
        boottime: CLOCK_BOOTTIME in nanoseconds; goes on while the machine sleeps.
        boot_id: The kernel's id of this boot; boottimes compare only within one.
    """

    utc: datetime
    boottime: int
    boot_id: str

    def rfc3339(self) -> str:
        """The wall clock as `2026-11-23T02:00:00.000000Z`."""
        return self.utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def seconds_since(self, earlier: "Instant") -> float:
        """Seconds passed since an earlier instant: by boottime within one boot, else by UTC."""
        if self.boot_id == earlier.boot_id:
            return (self.boottime - earlier.boottime) / 1e9
        return (self.utc - earlier.utc).total_seconds()


class Clock(Protocol):
    """Where the engine gets its time and its ids."""

    def now(self) -> Instant:
        """The present moment."""
        ...

    def new_id(self) -> str:
        """A fresh ULID: 26 characters, sortable by time of birth."""
        ...


@cache
def boot_id() -> str:
    """The kernel's id of this boot, or `unknown` where there is none (not Linux)."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "unknown"


def boottime() -> int:
    """CLOCK_BOOTTIME in nanoseconds (CLOCK_MONOTONIC where there is none)."""
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def ulid(milliseconds: int, random_bits: int) -> str:
    """A ULID of a time in milliseconds since the epoch and 80 random bits (github.com/ulid/spec)."""
    number = (milliseconds << 80) | random_bits
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def parse_rfc3339(text: str) -> datetime:
    """The datetime of what `Instant.rfc3339` wrote.

    Raises:
        ValueError: The text is not such a time.
    """
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> Instant:
        return Instant(datetime.now(UTC), boottime(), boot_id())

    def new_id(self) -> str:
        return ulid(time.time_ns() // 1_000_000, int.from_bytes(secrets.token_bytes(10)))


def process_start(pid: int) -> int | None:
    """A process's start time in clock ticks since boot (field 22 of /proc/PID/stat).

    Together with the pid and the boot id it names a process for good, because pids are used again.

    Returns:
        The start time, or None when there is no such process or it is a zombie.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    fields = stat[stat.rindex(b")") + 2 :].split()
    return None if fields[0] in {b"Z", b"X"} else int(fields[19])


def own_tty() -> str:
    """The terminal of standard input, or an empty text."""
    try:
        return os.ttyname(0)
    except OSError:
        return ""
