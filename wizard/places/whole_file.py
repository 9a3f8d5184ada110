"""A new file that is there whole or not at all, whoever is killed while it is written."""

import errno
import fcntl
import os
from pathlib import Path

from wizard.places.plain_file import open_plain
from wizard.places.private import sync_folder, write_whole


_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK}


def write_whole_file(path: Path, content: bytes) -> None:
    """Write a new file 0600.

    Raises:
        OSError: The name is taken, or the file cannot be written.
    """
    try:
        file = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except (AttributeError, IsADirectoryError):
        file = None
    except OSError as problem:
        if problem.errno not in {errno.EOPNOTSUPP, errno.EINVAL}:
            raise
        file = None
    if file is None:
        _write_under_another_name(path, content)
        return
    try:
        write_whole(file, content)
        os.fsync(file)
        # With a descriptor, which an absolute path has no need of, Python follows the link to the nameless file.
        os.link(f"/proc/self/fd/{file}", path, src_dir_fd=file, follow_symlinks=True)
    finally:
        os.close(file)
    sync_folder(path.parent)


def _write_under_another_name(path: Path, content: bytes) -> None:
    """For a file system whose files have names from the beginning: `.NAME.part`, which the next one to write takes up.

    Raises:
        BlockingIOError: Another process is writing the same file.
    """
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    part = path.with_name(f".{path.name}.part")
    file = open_plain(part, os.O_WRONLY | os.O_CREAT)
    if os.fstat(file).st_nlink > 1:  # whoever had given it its name was killed then: what it holds is somebody's
        os.close(file)
        part.unlink()
        file = open_plain(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            os.ftruncate(file, 0)
            write_whole(file, content)
            os.fsync(file)
            _give_name(part, path)
        finally:
            part.unlink(missing_ok=True)
    finally:
        os.close(file)
    sync_folder(path.parent)


def _give_name(part: Path, path: Path) -> None:
    try:
        os.link(part, path)
    except OSError as problem:
        if problem.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from problem
        part.rename(path)
