"""A world in memory and in its file: written at each change, read again where somebody else has changed it."""

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

from wizard.places.private import write_whole
from wizard.platforms.sdk.world import World


DAMAGED = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What reading a world can raise whose file is damaged."""

_NAME, _LOCK, _NEXT = "world.json", "lock", "world.next"

# A link or a FIFO in the place of a file must neither lead us out of the sandbox nor hold us up.
_GUARDED = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

Stamp = tuple[int, int]


W = TypeVar("W", bound=World)


class WorldStore(Generic[W]):
    """The world of one sandbox. Several may stand on one file, in threads and processes.

    Args:
        folder: The folder that holds the world's file.
        kind: What the worlds of its platform are.
    """

    def __init__(self, folder: Path, kind: type[W]) -> None:
        self._folder = folder
        self._kind = kind
        self._world: W | None = None
        self._text = b""
        self._stamp: Stamp = (0, 0)

    def stamp(self) -> Stamp:
        """When the file was last changed, in nanoseconds, and which file it is; zeros while there is none."""
        try:
            found = (self._folder / _NAME).stat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_ino

    def read(self) -> W:
        """The world as it is, to be looked at.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is damaged; so with the others of `DAMAGED`.
        """
        return self._kind.read(_bytes(self._folder))

    def write(self, world: W) -> None:
        """Put a world into its file; the caller holds the lock, or is the only one.

        Raises:
            OSError: The file cannot be written.
        """
        following = self._folder / _NEXT
        following.unlink(missing_ok=True)
        text = world.write()
        with _opened(following, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
            write_whole(file, text)
        following.rename(self._folder / _NAME)
        self._world, self._text, self._stamp = world, text, self.stamp()

    @contextmanager
    def changing(self) -> Iterator[W]:
        """The world, to be changed: nobody else does meanwhile. What was changed is written, unless something raised.

        Raises:
            OSError: The file cannot be read or written.
            ValueError: It is damaged; so with the others of `DAMAGED`.
        """
        with _opened(self._folder / _LOCK, os.O_RDWR | os.O_CREAT) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            world, self._world = self._world, None  # what raises leaves none, so that it is read again
            if world is None or self._stamp != self.stamp():
                self._text, self._stamp = _bytes(self._folder), self.stamp()
                world = self._kind.read(self._text)
            yield world
            if world.write() == self._text:
                self._world = world
            else:
                self.write(world)


_STORES: WeakValueDictionary[Path, WorldStore[Any]] = WeakValueDictionary()


def store_of(folder: Path, kind: type[W]) -> WorldStore[W]:
    """The store of a world: one in a process, so that what one part of it changed is not read by another."""
    store = _STORES.get(folder)
    if store is None:
        store = _STORES[folder] = WorldStore(folder, kind)
    return store


def name_of(folder: Path) -> str:
    """The name of the world in a folder, whatever platform it is of.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is damaged; so with the others of `DAMAGED`.
    """
    return str(json.loads(_bytes(folder))["world"])


def _bytes(folder: Path) -> bytes:
    with _opened(folder / _NAME, os.O_RDONLY) as file:
        return os.read(file, os.fstat(file).st_size)


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    """A plain file of the sandbox.

    Raises:
        OSError: It cannot be opened, or is a link, a FIFO, a folder.
    """
    file = os.open(path, flags | _GUARDED, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, "This is no plain file", str(path))
        yield file
    finally:
        os.close(file)
