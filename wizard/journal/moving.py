"""Keep the record elsewhere: a whole session copied to another folder, synced, or nothing."""

import os
import stat
from pathlib import Path

from wizard.errors import RecordProblem, UplevelError
from wizard.journal.folder import SessionFolder
from wizard.places.private import cannot, make_folder, open_file, sync_folder, write_new_file, write_whole


_PIECE = 1 << 20


def copy_session(source: SessionFolder, sessions_dir: Path, journal: bytes) -> SessionFolder:
    """Copy a session's folder; the journal is written last, so that a copy with a journal is a whole one.

    Lock, holder and reserve belong to the place, sockets to a process: they stay.

    Args:
        source: The session.
        sessions_dir: Where its copy goes.
        journal: The journal's content.

    Raises:
        RecordProblem: It could not be copied; nothing half made is left.
    """
    if sessions_dir.resolve() == source.path.parent.resolve():
        raise RecordProblem(f"The record is already kept in {sessions_dir}.", "Name another folder.")
    target = SessionFolder.create(sessions_dir, source.session_id)
    try:
        for part in (source.procedure, source.runs, source.checks_output.parent, source.checkpoints):
            _copy_folder(part, target.path / part.name)
        for aside in source.path.glob("journal.damaged-*"):
            _copy_file(aside, target.path / aside.name)
        write_new_file(target.journal, journal)
        sync_folder(target.path)
    except UplevelError:
        target.journal.unlink(missing_ok=True)
        target.discard()
        raise
    return target


def _copy_folder(source: Path, target: Path) -> None:
    if not source.is_dir():
        return
    make_folder(target, exist_ok=True)
    with os.scandir(source) as entries:
        for entry in entries:
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                _copy_folder(Path(entry.path), target / entry.name)
            elif stat.S_ISREG(mode):
                _copy_file(Path(entry.path), target / entry.name)
    sync_folder(target)


def _copy_file(source: Path, target: Path) -> None:
    try:
        reader = open_file(source, os.O_RDONLY)
        try:
            _pour(reader, target)
        finally:
            os.close(reader)
    except OSError as problem:
        raise cannot("copy", source, problem) from problem


def _pour(reader: int, target: Path) -> None:
    writer = open_file(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        while piece := os.read(reader, _PIECE):
            write_whole(writer, piece)
        os.fsync(writer)
    finally:
        os.close(writer)
