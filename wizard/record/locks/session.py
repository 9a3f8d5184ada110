"""One lock a session, freed by the kernel when its holder dies."""

import fcntl
import json
import os
import socket
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Self

from wizard.clock import Clock, boot_id
from wizard.errors import RecordProblem, SessionBusy
from wizard.places.private import open_file, replace_file
from wizard.record.locks.holder import Holder


_MOST_BYTES = 4096
_A_LOOK = 0.2
"""Seconds after which a lock is kept by somebody, and not only looked at."""


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
            replace_file(lock._holder, json.dumps(asdict(Holder.of_this_process(clock))).encode("ascii"))
        except RecordProblem:
            lock.release()
            raise
        return lock

    def release(self) -> None:
        """Give the lock back; twice does nothing."""
        if self._file >= 0:
            with suppress(OSError):  # something else was put in its place; then nobody is misled by it
                self._holder.unlink()
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
            return Holder.read(found)
        except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError):
            return None


def is_held(folder: Path) -> bool:
    """Whether some process holds the session now.

    Whom the holder file names and who lives here holds it. Of anybody else (a wizard that was killed, a machine that
    was restarted or has another name now, another machine that shares the folder) only the lock itself tells.
    """
    if not os.path.lexists(folder / "holder.json"):
        return False
    return _lives(folder) or _is_locked(folder)


def where_held(folder: Path) -> str:
    """Where a session is open that is held: `in another terminal`, or on which machine it is."""
    holder = holder_of(folder)
    here = holder is None or holder.boot_id == boot_id() or holder.host == socket.gethostname()
    return "in another terminal" if holder is None or here else f"on the machine {holder.host}"


def _lives(folder: Path) -> bool:
    holder = holder_of(folder)
    return holder is not None and holder.lives_here


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
            if _lives(folder) or time.monotonic() > deadline:
                raise
            time.sleep(_A_LOOK / 20)
        else:
            return


def _busy(folder: Path) -> SessionBusy:
    holder = holder_of(folder)
    by = str(holder) if holder else "by somebody who has not said who"
    return SessionBusy(
        f"The session {folder.name} is open {where_held(folder)}: {by}.",
        f"Leave it there first. Until then it can only be read: `uplevel observe {folder.name}` looks on, "
        f"`uplevel export {folder.name} --format md` gives its transcript so far, "
        f"`uplevel verify {folder.name}` checks its record.",
    )
