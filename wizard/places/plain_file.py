"""The one way to open a file that somebody else may have put there: no link is followed, no FIFO is waited for."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


_GUARD = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WORDS = {errno.ELOOP: "It is a link", errno.ENXIO: "It is no plain file", errno.EISDIR: "It is a folder"}
_PIECE = 1 << 20


def open_plain(path: str | Path, flags: int = os.O_RDONLY, *, folder: int | None = None, follow: bool = False) -> int:
    """Open a plain file, or create it 0600 where `flags` say so.

    Args:
        path: The file.
        flags: As for `os.open`; what keeps links, FIFOs and inherited descriptors away is added.
        folder: A descriptor that a relative path begins at.
        follow: Whether the last name may be a link, as of what a person named.

    Returns:
        A file descriptor; the caller closes it.

    Raises:
        OSError: It cannot be opened, or is no plain file; its `strerror` says so in words.
    """
    guard = _GUARD & ~os.O_NOFOLLOW if follow else _GUARD
    try:
        file = os.open(path, flags | guard, 0o600, dir_fd=folder)
    except OSError as problem:
        if problem.errno in _WORDS:
            raise OSError(problem.errno, _WORDS[problem.errno], str(path)) from problem
        raise
    except ValueError as problem:  # a NUL in the path
        raise OSError(errno.EINVAL, "Its name is none that a file can have", str(path)) from problem
    try:
        if stat.S_ISREG(os.fstat(file).st_mode):
            return file
    except OSError:
        os.close(file)
        raise
    os.close(file)
    raise OSError(errno.EINVAL, "It is no plain file", str(path))


@contextmanager
def plain_file(path: str | Path, *, folder: int | None = None, follow: bool = False) -> Iterator[int]:
    """A plain file, open for reading; as `open_plain`."""
    file = open_plain(path, folder=folder, follow=follow)
    try:
        yield file
    finally:
        os.close(file)


def read_plain(path: str | Path, most: int | None = None, *, folder: int | None = None, follow: bool = False) -> bytes:
    """The bytes of a plain file, or its first `most`; as `open_plain`."""
    with plain_file(path, folder=folder, follow=follow) as file:
        pieces, left = [], most
        while left is None or left > 0:
            piece = os.read(file, _PIECE if left is None else min(_PIECE, left))
            if not piece:
                break
            pieces.append(piece)
            left = None if left is None else left - len(piece)
        return b"".join(pieces)


def read_all(path: str | Path, most: int) -> bytes:
    """The bytes of a plain file that has to be a small one; as `open_plain`.

    Raises:
        OSError: It cannot be opened, is no plain file, or is longer than `most`.
    """
    found = read_plain(path, most + 1)
    if len(found) > most:
        raise OSError(errno.EFBIG, "It is longer than such a file can be", str(path))
    return found
