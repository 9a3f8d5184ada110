"""Small JSON files of a run's folder: made durable, never followed through links."""

import hashlib
import json
import os
from contextlib import suppress
from typing import Any

from wizard.places.plain_file import open_plain, plain_file, read_plain
from wizard.record.run_layout import unfinished


_MOST_BYTES = 1 << 20
"""More than any of these files holds; what is longer is none of them."""
RESERVED = 8192
"""Bytes set aside at the start of a run, so that its outcome still fits on a disk that is full by then."""


def file_state(path: str) -> str:
    """What a file is now, for comparing it with what it was.

    Args:
        path: Absolute; links are followed.

    Returns:
        The sha256 of its bytes in hex, `absent`, or `unreadable`.
    """
    try:
        with plain_file(path, follow=True) as opened, os.fdopen(opened, "rb", closefd=False) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return "absent"
    except OSError:
        return "unreadable"


def read_document(folder: int, name: str) -> dict[str, Any] | None:
    """The JSON object of one file.

    Returns:
        The object, or None when there is no such file.

    Raises:
        ValueError: The file is not a regular file of ours with a JSON object in it.
    """
    try:
        content = read_plain(name, _MOST_BYTES, folder=folder)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise ValueError(f"{name} cannot be read: {problem.strerror}") from problem
    try:
        found = json.loads(content)
    except RecursionError as problem:
        raise ValueError(f"{name} is no document of ours") from problem
    if not isinstance(found, dict):
        raise ValueError(f"{name} holds no JSON object")
    return found


def create_document(folder: int, name: str, document: dict[str, Any]) -> bool:
    """Create a file that must not exist yet, durably.

    Returns:
        Whether this call created it; False when it was there before.

    Raises:
        OSError: It could not be written; it is then not there.
    """
    try:
        opened = open_plain(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, folder=folder)
    except FileExistsError:
        return False
    try:
        _write_and_sync(opened, document)
        os.fsync(folder)
    except OSError:
        # Half a file would say that somebody has it; the caller does nothing after an error, so nobody has.
        os.unlink(name, dir_fd=folder)
        raise
    return True


def reserve(folder: int, name: str) -> None:
    """Set disk space aside for `replace_document(folder, name, ...)`, where the file system can."""
    with suppress(OSError):
        opened = open_plain(unfinished(name), os.O_WRONLY | os.O_CREAT, folder=folder)
        try:
            os.posix_fallocate(opened, 0, RESERVED)
        finally:
            os.close(opened)


def replace_document(folder: int, name: str, document: dict[str, Any]) -> None:
    """Write a file so that it is there whole or not at all: temporary file, fsync, rename, fsync of the folder."""
    temporary = unfinished(name)
    try:
        opened = open_plain(temporary, os.O_WRONLY | os.O_CREAT, folder=folder)
    except OSError:
        # Something that is no file of ours stands there. What is reserved is only room.
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        opened = open_plain(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, folder=folder)
    _write_and_sync(opened, document)
    os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    os.fsync(folder)


def _write_and_sync(opened: int, document: dict[str, Any]) -> None:
    """Write over whatever the file holds, so that reserved blocks are used, and close it."""
    with os.fdopen(opened, "wb", buffering=0) as file:
        rest = memoryview(json.dumps(document, sort_keys=True).encode("ascii") + b"\n")
        length = len(rest)
        while rest:
            rest = rest[os.write(file.fileno(), rest) :]
        os.ftruncate(file.fileno(), length)
        os.fsync(file.fileno())
