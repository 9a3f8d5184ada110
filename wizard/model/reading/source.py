"""Where the bytes of a procedure come from: the disk, or a session's own copy. Each file is read once."""

import errno
import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol


MAX_BYTES = 1_000_000


class SourceProblem(Exception):
    """A file that cannot be read, told as a sentence."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it was read.

    Attributes:
        path: Relative to the main file's folder, with /.
        data: Its bytes.
        sha256: Their hash, in hex.
    """

    path: str
    data: bytes = field(repr=False)
    sha256: str


class FileSource(Protocol):
    """Gives the bytes of a path relative to the main file's folder."""

    def read(self, path: str) -> bytes:
        """The bytes.

        Raises:
            SourceProblem: They cannot be had.
        """
        ...


def source_file(path: str, data: bytes) -> SourceFile:
    """The record of a file that was read."""
    return SourceFile(path, data, hashlib.sha256(data).hexdigest())


_REASONS = {
    errno.ENOENT: "There is no such file.",
    errno.ENOTDIR: "There is no such file.",
    errno.EACCES: "You may not read this file.",
    errno.EISDIR: "This is a folder, not a procedure file.",
    errno.ELOOP: "This is a link; the file itself must stand here.",
    errno.ENAMETOOLONG: "The name of the file is too long.",
}


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, f"The file cannot be read: {os.strerror(error.errno or 0)}.")


def _ordinary_bytes(descriptor: int) -> bytes:
    """All bytes of an open regular file, or one more than `MAX_BYTES` of them."""
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISDIR(mode):
        raise SourceProblem(_REASONS[errno.EISDIR])
    if not stat.S_ISREG(mode):
        raise SourceProblem("This is no ordinary file, so uplevel does not read it.")
    data = b""
    while len(data) <= MAX_BYTES and (piece := os.read(descriptor, MAX_BYTES + 1 - len(data))):
        data += piece
    return data


def read_bytes(path: Path, *, follow: bool) -> bytes:
    """The bytes of a regular file of at most `MAX_BYTES`; never waits for a FIFO.

    Args:
        path: The file.
        follow: Whether the last part of the path may be a link.

    Raises:
        SourceProblem: It is something else, too large, or unreadable.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise SourceProblem(_reason(error)) from error
    except ValueError as error:
        raise SourceProblem("There is no such file.") from error
    try:
        data = _ordinary_bytes(descriptor)
    except OSError as error:
        raise SourceProblem(_reason(error)) from error
    finally:
        os.close(descriptor)
    if len(data) > MAX_BYTES:
        raise SourceProblem("The file is larger than 1 MB. No procedure is; if it is data, keep it elsewhere.")
    return data


@dataclass(frozen=True, slots=True)
class DiskSource:
    """Files below the main file's folder; only the main file itself may be a link."""

    main: Path

    def read(self, path: str) -> bytes:
        if path == self.main.name:
            return read_bytes(self.main, follow=True)
        place = self.main.parent
        for part in PurePosixPath(path).parts:
            place = place / part
            if place.is_symlink():
                raise SourceProblem(f"{part} is a link, and a procedure includes no links.")
        return read_bytes(place, follow=False)


@dataclass(frozen=True, slots=True)
class StoredSource:
    """The files a session stored."""

    files: Mapping[str, bytes]

    def read(self, path: str) -> bytes:
        try:
            return self.files[path]
        except KeyError:
            raise SourceProblem("The session did not store this file.") from None
