"""The world's file: changed under a lock, by a whole new file put in its place."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time

from wizard.platforms.digitalmarketplace.world import EstateWorld


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

DAMAGED = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What reading a world can raise, or working on it, when a command of the rehearsal damaged its file."""

_NAME, _LOCK, _NEXT = "world.json", "lock", "world.next"
_PATIENCE, _PAUSE = 10.0, 0.01
"""Seconds to wait for a lock that no pretend command holds for longer than it takes to write, and between two tries."""

# Commands of the rehearsal may change these files, and the wizard, which nothing confines, works on them: a link or a
# FIFO in the place of one must neither lead it out of the sandbox nor hold it up.
_GUARDED = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read(folder: str) -> EstateWorld:
    """The world as it is.

    Args:
        folder: The folder that holds the world's file.

    Raises:
        OSError: The file cannot be read.
    """
    with open(_open(f"{folder}/{_NAME}", os.O_RDONLY), encoding="utf-8") as file:
        return EstateWorld.read(file.read())


def write(folder: str, world: EstateWorld) -> None:
    """Put a world into its file; the caller holds the lock, or is the only one.

    Raises:
        OSError: The file cannot be written.
    """
    if os.path.lexists(f"{folder}/{_NEXT}"):
        os.unlink(f"{folder}/{_NEXT}")  # noqa: PTH108 - a launcher does not load pathlib
    descriptor = _open(f"{folder}/{_NEXT}", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - as above
        file.write(world.write().decode())
    os.rename(f"{folder}/{_NEXT}", f"{folder}/{_NAME}")  # noqa: PTH104 - as above


def change(folder: str, deed: Callable[[EstateWorld], EstateWorld | None]) -> None:
    """Give the world to a deed and keep what it returns; None keeps the world as it was.

    Raises:
        OSError: The file cannot be read or written.
    """
    lock = _open(f"{folder}/{_LOCK}", os.O_RDWR | os.O_CREAT)
    try:
        _take(lock)
        after = deed(read(folder))
        if after is not None:
            write(folder, after)
    finally:
        os.close(lock)


def _open(path: str, flags: int) -> int:
    """A plain file of the sandbox.

    Raises:
        OSError: It cannot be opened, or is a link, a FIFO, a folder.
    """
    file = os.open(path, flags | _GUARDED, 0o600)
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise OSError(errno.EINVAL, "This is no plain file", path)


def _take(lock: int) -> None:
    """Wait for the lock, but not for ever: a command that was left running may hold it.

    Raises:
        OSError: Somebody else keeps it.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return
