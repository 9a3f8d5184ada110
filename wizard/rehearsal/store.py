"""The world's file: changed under a lock, by a whole new file put in its place (DESIGN 8)."""

from __future__ import annotations

import fcntl
import json
import os

from wizard.rehearsal.world import World


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_NAME, _LOCK, _NEXT = "world.json", "lock", "world.next"


def read(folder: str) -> World:
    """The world as it is.

    Args:
        folder: The folder that holds the world's file.

    Raises:
        OSError: The file cannot be read.
    """
    with open(f"{folder}/{_NAME}", encoding="utf-8") as file:  # noqa: PTH123 - a launcher does not load pathlib
        return World(json.load(file))


def write(folder: str, world: World) -> None:
    """Put a world into its file; the caller holds the lock, or is the only one.

    Raises:
        OSError: The file cannot be written.
    """
    descriptor = os.open(f"{folder}/{_NEXT}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(world.facts, file)
    os.rename(f"{folder}/{_NEXT}", f"{folder}/{_NAME}")  # noqa: PTH104 - as above


def change(folder: str, deed: Callable[[World], World | None]) -> None:
    """Give the world to a deed and keep what it returns; None keeps the world as it was.

    Raises:
        OSError: The file cannot be read or written.
    """
    lock = os.open(f"{folder}/{_LOCK}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        after = deed(read(folder))
        if after is not None:
            write(folder, after)
    finally:
        os.close(lock)
