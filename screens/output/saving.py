"""A run's output, or a transcript, byte by byte into a file of the operator's."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wizard.errors import UsageProblem
from wizard.places.plain_file import open_plain


_PIECE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Saved:
    """A finished copy.

    Args:
        path: Where it is, whole.
        size: How many bytes it has.
    """

    path: Path
    size: int


def save_copy(source: Path, target: str, told: Callable[[int], bool]) -> Saved:
    """Copy what there is of a file now. Nothing is overwritten, and nothing half is left behind.

    Args:
        source: What to copy; it may be growing.
        target: The path that was typed; a folder that is not absolute is below the current one.
        told: Called with the bytes copied so far; False ends the copy.

    Raises:
        UsageProblem: It could not be copied; the sentence says why.
    """
    reading = _opened(source, os.O_RDONLY, "The output cannot be read")
    try:
        return _written(target, lambda writing: _copied(reading, writing, told))
    finally:
        os.close(reading)


def save_bytes(content: bytes, target: str) -> Saved:
    """Write a new file. Nothing is overwritten, and nothing half is left behind.

    Args:
        content: What to write.
        target: The path that was typed; a folder that is not absolute is below the current one.

    Raises:
        UsageProblem: It could not be written; the sentence says why.
    """

    def write(writing: int) -> int:
        _all(writing, content)
        os.fsync(writing)
        return len(content)

    return _written(target, write)


def _written(target: str, write: Callable[[int], int]) -> Saved:
    path = Path(target).expanduser().absolute()
    writing = _opened(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, f"{path} cannot be written")
    try:
        return Saved(path, write(writing))
    except (OSError, UsageProblem) as problem:
        with suppress(OSError):
            path.unlink()
        if isinstance(problem, UsageProblem):
            raise
        raise UsageProblem(f"{path} cannot be written: {problem.strerror}. Nothing was kept of it.") from problem
    finally:
        os.close(writing)


def _all(writing: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(writing, rest) :]


def _opened(path: Path, flags: int, otherwise: str) -> int:
    try:
        return open_plain(path, flags)
    except FileExistsError as problem:
        raise UsageProblem(f"{path} is there already, and nothing is overwritten. Type another name.") from problem
    except OSError as problem:
        raise UsageProblem(f"{otherwise}: {problem.strerror}.") from problem


def _copied(reading: int, writing: int, told: Callable[[int], bool]) -> int:
    size, done = os.fstat(reading).st_size, 0
    while done < size:
        piece = os.pread(reading, min(_PIECE, size - done), done)
        if not piece:
            break
        _all(writing, piece)
        done += len(piece)
        if not told(done):
            raise UsageProblem("The copy was given up; nothing was kept of it.")
    os.fsync(writing)
    return done
