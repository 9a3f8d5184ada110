"""The file of an edit: read whole, written whole or not at all."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from wizard.data.editing.applying import edited
from wizard.data.editing.changes import Changes, EditProblem, Value
from wizard.data.editing.difference import difference


_LARGEST = 1 << 20


def edit_file(path: Path, changes: Changes, *, write: bool) -> list[str]:
    """Make the changes in a file, or look at what they would be.

    The new file takes the place of the old one by a rename and has its permissions.

    Args:
        path: The file; a link is not followed.
        changes: What is to be changed.
        write: Whether to write; otherwise nothing is touched.

    Returns:
        The diff, secrets masked; empty when everything stands as wanted already.

    Raises:
        EditProblem: There is no such file, or the changes do not fit it.
        OSError: It cannot be written; the old one stands.
    """
    before, mode = _read(path)
    after = edited(before, changes)
    if after == before:
        return []
    if write:
        _write(path, before, after, mode)
    return difference(before, after, frozenset(_texts([*changes.set.values()])))


def _read(path: Path) -> tuple[str, int]:
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as problem:
        why = "is a link, and an edit does not follow links" if path.is_symlink() else os.strerror(problem.errno or 0)
        raise EditProblem(f"{path}: {why}.", "The step before makes the file; look there.") from None
    with os.fdopen(file, "rb") as stream:
        facts = os.fstat(file)
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > _LARGEST:
            raise EditProblem(f"{path} is no file of at most 1 MiB.")
        data = stream.read(_LARGEST)
    try:
        return data.decode("utf-8"), stat.S_IMODE(facts.st_mode)
    except UnicodeDecodeError:
        raise EditProblem(f"{path} is no UTF-8 text.") from None


def _write(path: Path, before: str, text: str, mode: int) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "wb") as stream:
            stream.write(text.encode("utf-8"))
            stream.flush()
            # Behind a rehearsal's fence nobody changes permissions; the file is then narrower than it was, never wider.
            with suppress(PermissionError):
                os.fchmod(file, mode)
            os.fsync(file)
        if _read(path)[0] != before:
            raise EditProblem(
                f"{path} was changed by somebody else just now; nothing is written.", "Look, and try again."
            )
        temporary.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        temporary.unlink(missing_ok=True)


def _texts(values: "list[Value]") -> "list[str]":
    found: list[str] = []
    for value in values:
        if isinstance(value, str):
            found.append(value)
        else:
            found.extend(_texts([*value] if isinstance(value, list) else [*value.values()]))
    return found
