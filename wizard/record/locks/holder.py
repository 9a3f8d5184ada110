"""Who holds a lock: a person at a machine, and the process that stands for them."""

import os
import pwd
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from wizard.clock import Clock, boot_id, parse_rfc3339, process_start


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock.

    Attributes:
        user: The user's name.
        host: The machine.
        pid: The process.
        start: Its start time in clock ticks since boot; with the pid it names the process for good.
        boot_id: The boot that pid and start belong to.
        since: UTC, RFC 3339.
    """

    user: str
    host: str
    pid: int
    start: int | None
    boot_id: str
    since: str

    def __str__(self) -> str:
        return f"{self.user}@{self.host} pid {self.pid} since {short_time(self.since)}"

    @classmethod
    def of_this_process(cls, clock: Clock) -> Self:
        """The calling process, from now on."""
        now, pid = clock.now(), os.getpid()
        return cls(user_name(), socket.gethostname(), pid, process_start(pid), now.boot_id, now.rfc3339())

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Self:
        """The holder that a JSON object names.

        Raises:
            ValueError, KeyError, TypeError, ArithmeticError: It names none.
        """
        return cls(
            user=plain(found["user"]),
            host=plain(found["host"]),
            pid=int(found["pid"]),
            start=None if found["start"] is None else int(found["start"]),
            boot_id=plain(found["boot_id"]),
            since=plain(found["since"]),
        )

    @property
    def lives_here(self) -> bool:
        """Whether its process is there, on this machine and in this boot."""
        return self.start is not None and self.boot_id == boot_id() and process_start(self.pid) == self.start


def plain(found: object) -> str:
    """A text out of JSON that somebody else may have written; what no encoding can write becomes a question mark."""
    return str(found).encode("utf-8", "replace").decode("utf-8")


def user_name(uid: int | None = None) -> str:
    """The name of a user, or `user 1234` where it has none; of whoever calls, when none is given."""
    uid = os.getuid() if uid is None else uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def short_time(since: str) -> str:
    """The time of day in the local zone, with the date and the zone when it was not today."""
    try:
        then = parse_rfc3339(since).astimezone()
    except ValueError:
        return since
    today = datetime.now(UTC).astimezone().date()
    return f"{then:%H:%M}" if then.date() == today else f"{then:%Y-%m-%d %H:%M %Z}"
