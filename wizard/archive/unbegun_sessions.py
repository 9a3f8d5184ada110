"""Folders of sessions that were never begun: whoever opened them was killed before the first record."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wizard.errors import UplevelError
from wizard.places.plain_file import read_plain
from wizard.places.private import open_folder
from wizard.record.journal import SessionFolder
from wizard.record.locks import is_held


_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_FILES = re.compile(r"journal\.jsonl|lock|holder\.json|\.holder\.json\.[0-9a-z]+|reserve|procedure/.+")
_FOLDERS = re.compile(r"procedure(/.+)?|runs|checks|checkpoints")
_MOST = 1 << 18


@contextmanager
def being_opened(sessions: Path) -> Iterator[None]:
    """While a session is opened in this folder, nobody sweeps there.

    Raises:
        RecordProblem: The folder cannot be trusted.
    """
    folder = open_folder(sessions)
    try:
        with suppress(OSError):  # a file system without locks; then only what a lock holds is safe, which is soon taken
            fcntl.flock(folder, fcntl.LOCK_SH)
        yield
    finally:
        os.close(folder)


def sweep(sessions: Path) -> None:
    """Remove what is left of sessions that were never begun; what holds anything else is left alone.

    Nothing is swept while a session is being opened, here or in another terminal; the next start will.
    """
    with suppress(OSError, UplevelError):
        folder = open_folder(sessions)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for path in list(sessions.iterdir()):
                if never_begun(path) and not is_held(path):
                    shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(folder)


def never_begun(session: Path) -> bool:
    """Whether a folder holds no line of a record, and nothing that uplevel does not make before the first one."""
    try:
        if not _ID.fullmatch(session.name) or session.lstat().st_uid != os.geteuid() or session.is_symlink():
            return False
        return not _begun(session) and all(_is_ours(session, path) for path in session.rglob("*"))
    except OSError:  # it cannot be read, or another start swept it meanwhile
        return False


def _begun(session: Path) -> bool:
    try:
        return b"\n" in read_plain(SessionFolder(session).journal, _MOST)
    except FileNotFoundError:
        return False


def _is_ours(session: Path, path: Path) -> bool:
    name = path.relative_to(session).as_posix()
    if path.is_symlink():
        return False
    return bool(_FOLDERS.fullmatch(name)) if path.is_dir() else path.is_file() and bool(_FILES.fullmatch(name))
