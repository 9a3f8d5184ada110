"""Who holds a session: one lock a session, freed by the kernel when its holder dies."""

import fcntl
import json
import os
import pwd
import socket
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, Self

from wizard.clock import Clock, boot_id, parse_rfc3339, process_start
from wizard.errors import RecordProblem, SessionBusy
from wizard.places.private import open_file, replace_file


_MOST_BYTES = 4096
_A_LOOK = 0.2
"""Seconds after which a lock is kept by somebody, and not only looked at."""


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
        return f"{self.user}@{self.host} pid {self.pid} since {_short(self.since)}"


class Lock(Protocol):
    """Something only one process holds at a time."""

    def release(self) -> None:
        """Give it back; twice does nothing."""
        ...


class SessionLock:
    """The lock of one session. It ends with `release`, with the context, or with the process however it dies.

    Args:
        file: The locked file.
        holder: The file that says who holds it.
    """

    def __init__(self, file: int, holder: Path) -> None:
        self._file = file
        self._holder = holder

    @classmethod
    def take(cls, folder: Path, clock: Clock) -> Self:
        """Lock a session at once, or not at all.

        Args:
            folder: The session's folder.
            clock: Where `since` comes from.

        Raises:
            SessionBusy: Somebody holds it; the sentence says who.
            RecordProblem: The lock file cannot be opened or trusted.
        """
        file = open_file(folder / "lock", os.O_RDWR | os.O_CREAT)
        try:
            _lock(file, folder)
        except BlockingIOError as problem:
            os.close(file)
            raise _busy(folder) from problem
        except OSError as problem:
            os.close(file)
            raise RecordProblem(
                f"The session {folder.name} cannot be locked: {problem.strerror}.",
                "Its file system may not know locks; keep the state folder on a local disk.",
            ) from problem
        lock = cls(file, folder / "holder.json")
        try:
            replace_file(lock._holder, json.dumps(asdict(_myself(clock))).encode("ascii"))
        except RecordProblem:
            lock.release()
            raise
        return lock

    def release(self) -> None:
        """Give the lock back; twice does nothing."""
        if self._file >= 0:
            self._holder.unlink(missing_ok=True)
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def holder_of(folder: Path) -> Holder | None:
    """Who says to hold a session, by its holder file; None when nobody does or the file is no such file."""
    try:
        file = open_file(folder / "holder.json", os.O_RDONLY)
    except (OSError, RecordProblem):
        return None
    with os.fdopen(file, "rb") as stream:
        try:
            found = json.loads(stream.read(_MOST_BYTES))
            return Holder(
                user=str(found["user"]),
                host=str(found["host"]),
                pid=int(found["pid"]),
                start=None if found["start"] is None else int(found["start"]),
                boot_id=str(found["boot_id"]),
                since=str(found["since"]),
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            return None


def is_held(folder: Path) -> bool:
    """Whether some process holds the session now.

    Whom the holder file names and who lives here holds it. Of anybody else (a wizard that was killed, a machine that
    was restarted or has another name now, another machine that shares the folder) only the lock itself tells.
    """
    if not os.path.lexists(folder / "holder.json"):
        return False
    return _lives_here(holder_of(folder)) or _is_locked(folder)


def where_held(folder: Path) -> str:
    """Where a session is open that is held: `in another terminal`, or on which machine it is."""
    holder = holder_of(folder)
    here = holder is None or holder.boot_id == boot_id() or holder.host == socket.gethostname()
    return "in another terminal" if holder is None or here else f"on the machine {holder.host}"


def _lives_here(holder: Holder | None) -> bool:
    return holder is not None and holder.boot_id == boot_id() and process_start(holder.pid) == holder.start


def _is_locked(folder: Path) -> bool:
    """Whether the lock is taken, found out by sharing it for a moment."""
    try:
        file = open_file(folder / "lock", os.O_RDONLY)
    except (OSError, RecordProblem):
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False  # a file system without locks: nobody can take this one
    finally:
        os.close(file)
    return False


def _lock(file: int, folder: Path) -> None:
    """Take the lock, unless somebody keeps it; who only looks whether it is taken has it for a moment."""
    deadline = time.monotonic() + _A_LOOK
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if _lives_here(holder_of(folder)) or time.monotonic() > deadline:
                raise
            time.sleep(_A_LOOK / 20)
        else:
            return


def _busy(folder: Path) -> SessionBusy:
    holder = holder_of(folder)
    by = str(holder) if holder else "by somebody who has not said who"
    return SessionBusy(
        f"The session {folder.name} is open {where_held(folder)}: {by}.",
        f"Leave it there first. Until then it can only be read: `uplevel export {folder.name} --format md` gives its "
        f"transcript so far, `uplevel verify {folder.name}` checks its record.",
    )


def _myself(clock: Clock) -> Holder:
    now = clock.now()
    return Holder(
        user=_user(),
        host=socket.gethostname(),
        pid=os.getpid(),
        start=process_start(os.getpid()),
        boot_id=now.boot_id,
        since=now.rfc3339(),
    )


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"


def _short(since: str) -> str:
    """The time of day in the local zone, with the date when it was not today."""
    try:
        then = parse_rfc3339(since).astimezone()
    except ValueError:
        return since
    today = datetime.now(UTC).astimezone().date()
    return f"{then:%H:%M}" if then.date() == today else f"{then:%Y-%m-%d %H:%M}"
