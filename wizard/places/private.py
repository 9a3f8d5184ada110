"""Folders and files that belong to one user alone: made 0700 and 0600 under any umask, never reached through a link."""

import errno
import os
import stat
from pathlib import Path

from wizard.errors import RecordProblem, UplevelError


_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFREG: "a file",
}


def cannot(operation: str, path: Path, problem: OSError) -> UplevelError:
    """The error for a system call that failed on a file of ours.

    Args:
        operation: What could not be done, such as `make`.
        path: The file or folder.
        problem: What the system said.
    """
    if problem.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        cure = "Free some space there, then try again."
    elif problem.errno == errno.EROFS:
        cure = "The file system is read-only; mount it writable, or use another folder."
    else:
        cure = "Look at the folder's owner and mode, or use another folder."
    said = os.strerror(problem.errno) if problem.errno else str(problem)
    return RecordProblem(f"Could not {operation} {path}: {said}.", cure)


def _refuse(path: Path, why: str, cure: str = "") -> UplevelError:
    return RecordProblem(f"uplevel does not use {path}: {why}.", cure)


def kind_of(found: os.stat_result) -> str:
    """What a name stands for, in words: `a link`."""
    return _KINDS.get(stat.S_IFMT(found.st_mode), "something")


def _check_owner_and_mode(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise _refuse(path, f"it belongs to user {found.st_uid}, not to you (user {os.geteuid()})")
    if found.st_mode & _WRITABLE_BY_OTHERS:
        raise _refuse(path, "others may write to it", f"If that is not wanted: chmod go-w {path}")


def check_folder(path: Path, found: os.stat_result) -> None:
    """See that what was found at `path` is a folder that only this user can change.

    Raises:
        RecordProblem: It is something else, belongs to somebody else, or others may write to it.
    """
    if not stat.S_ISDIR(found.st_mode):
        raise _refuse(path, f"it is {kind_of(found)} where a folder should be")
    _check_owner_and_mode(path, found)


def check_file(path: Path, found: os.stat_result) -> None:
    """See that what was found at `path` is a plain file with one name that only this user can change.

    Raises:
        RecordProblem: It is something else, has a second name, belongs to somebody else, or others may write to it.
    """
    if not stat.S_ISREG(found.st_mode):
        raise _refuse(path, f"it is {kind_of(found)} where a file should be")
    if found.st_nlink > 1:
        raise _refuse(path, "the same file has a second name elsewhere (a hard link)")
    _check_owner_and_mode(path, found)


def require_own_folder(path: Path) -> None:
    """See that `path` (a link to a folder is followed) is a folder that only this user can change.

    Raises:
        RecordProblem: It is not.
    """
    try:
        found = path.stat()
    except OSError as problem:
        raise cannot("look at", path, problem) from problem
    check_folder(path, found)


def make_folders(path: Path) -> None:
    """Make a folder and those above it, each 0700; what is there already is left as it is.

    Raises:
        RecordProblem: A folder cannot be made; the sentence names the file in the way or the reason.
    """
    for folder in reversed([path, *path.parents]):
        if _is_folder(folder):
            continue
        if os.path.lexists(folder) and not _is_folder(folder):  # looked at again: somebody else may just have made it
            raise _refuse(folder, "it is in the way of a folder", f"Move it elsewhere: mv {folder} {folder}.aside")
        _require_own_house(folder)
        make_folder(folder, exist_ok=True)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError as problem:
        raise cannot("look at", path, problem) from problem


def _require_own_house(folder: Path) -> None:
    """Refuse to leave a folder of root's in the house of somebody else, who could not use it afterwards."""
    owner = folder.parent.stat().st_uid
    if os.geteuid() == 0 and owner != 0:
        raise _refuse(
            folder,
            f"it would belong to root, in a folder that belongs to user {owner}",
            "Do this as that user, or set HOME and the XDG variables to folders of root's.",
        )


def make_folder(path: Path, *, exist_ok: bool = False) -> None:
    """Make one folder 0700 under any umask, and sync the folder above so that it survives a power loss.

    Raises:
        RecordProblem: It cannot be made.
    """
    try:
        path.mkdir(mode=0o700, exist_ok=exist_ok)
        if stat.S_IMODE(path.stat().st_mode) != 0o700:  # a rehearsal's fence refuses even a change to the same mode
            path.chmod(0o700)
    except OSError as problem:
        raise cannot("make the folder", path, problem) from problem
    sync_folder(path.parent)


def open_folder(path: Path) -> int:
    """Open a folder of this user's without following a link in its last name.

    Returns:
        A file descriptor for the `dir_fd` of others; the caller closes it.

    Raises:
        RecordProblem: It is missing, a link, not a folder, somebody else's, or writable by others.
    """
    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as problem:
        if problem.errno in {errno.ELOOP, errno.ENOTDIR} and os.path.lexists(path):
            check_folder(path, os.lstat(path))
        raise cannot("open the folder", path, problem) from problem
    try:
        check_folder(path, os.fstat(folder))
    except UplevelError:
        os.close(folder)
        raise
    return folder


def open_file(path: Path, flags: int) -> int:
    """Open or create (0600) a plain file of this user's in a folder of this user's, following no link in either name.

    Args:
        path: The file.
        flags: As for `os.open`; O_NOFOLLOW, O_CLOEXEC and O_NONBLOCK (against a planted FIFO) are added.

    Returns:
        A file descriptor; the caller closes it.

    Raises:
        FileExistsError: O_EXCL was asked for and the name is taken.
        FileNotFoundError: There is no such file and O_CREAT was not asked for.
        RecordProblem: It cannot be opened, or is nothing uplevel may trust.
    """
    folder = open_folder(path.parent)
    try:
        return _open_below(folder, path, flags)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError as problem:
        if problem.errno in {errno.ELOOP, errno.ENXIO, errno.EISDIR} and os.path.lexists(path):
            check_file(path, os.lstat(path))
        raise cannot("open", path, problem) from problem
    finally:
        os.close(folder)


def _open_below(folder: int, path: Path, flags: int) -> int:
    guard = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    file = os.open(path.name, flags | guard, mode=0o600, dir_fd=folder)
    try:
        found = os.fstat(file)
        check_file(path, found)
        if flags & os.O_CREAT and stat.S_IMODE(found.st_mode) != 0o600:
            os.fchmod(file, 0o600)
    except (UplevelError, OSError):
        os.close(file)
        raise
    return file


def write_new_file(path: Path, content: bytes) -> None:
    """Write a new file 0600, whole and synced, or leave nothing behind.

    Raises:
        RecordProblem: The name is taken, or the file cannot be written.
    """
    try:
        file = open_file(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    except OSError as problem:
        raise cannot("make", path, problem) from problem
    try:
        write_whole(file, content)
        os.fsync(file)
    except OSError as problem:
        path.unlink(missing_ok=True)
        raise cannot("write", path, problem) from problem
    finally:
        os.close(file)


def remove_file(path: Path) -> None:
    """Remove a file, if there is one.

    Raises:
        RecordProblem: It cannot be removed, or is a folder.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise cannot("remove", path, problem) from problem


def write_whole(file: int, content: bytes) -> None:
    """Write all bytes, in as many writes as the system wants.

    Raises:
        OSError: A write failed; part of the content may be written.
    """
    left = memoryview(content)
    while left:
        left = left[os.write(file, left) :]


def replace_file(path: Path, content: bytes) -> None:
    """Put a small file in place of another at once: temporary, fsync, rename, fsync of the folder.

    Only one process may do so at a time: what a killed one left under the temporary name is taken for nobody's.

    Raises:
        RecordProblem: It cannot be written; the old file is untouched.
    """
    temporary = path.with_name(f".{path.name}.new")
    remove_file(temporary)
    write_new_file(temporary, content)
    try:
        temporary.replace(path)
    except OSError as problem:
        temporary.unlink(missing_ok=True)
        raise cannot("write", path, problem) from problem
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable.

    Raises:
        RecordProblem: The system could not do it.
    """
    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError:
        return  # A folder above ours that may be passed but not read cannot be synced by us.
    except OSError as problem:
        raise cannot("open the folder", path, problem) from problem
    try:
        os.fsync(folder)
    except OSError as problem:
        if problem.errno != errno.EINVAL:  # a file system without directory sync says EINVAL
            raise cannot("sync the folder", path, problem) from problem
    finally:
        os.close(folder)
