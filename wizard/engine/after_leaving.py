"""What can be done with a session that this process leaves, as its folder is now."""

from pathlib import Path

from wizard.archive.sessions import SessionSummary, summary_of
from wizard.errors import UplevelError
from wizard.places import sessions_dir
from wizard.record.journal import SessionFolder


def way_on(folder: Path) -> str:
    """How to go on with a session, or why nobody can: it is closed, its folder is gone, its record is damaged.

    Args:
        folder: The session's folder, whatever became of it.
    """
    try:
        if not folder.is_dir():
            return f"The session's folder {folder} is gone, so there is nothing to go on with."
        found, name = summary_of(folder), _name(folder)
    except (OSError, UplevelError) as problem:
        return f"The session is {folder.name}, and its folder cannot be read now: {problem}"
    return _sentence(found, name)


def transcript_of(folder: Path) -> str:
    """How to have the transcript of a session that is closed, or that there is none any more."""
    try:
        there = SessionFolder(folder).journal.is_file()
        name = _name(folder)
    except (OSError, UplevelError):
        there, name = False, folder.name
    if not there:
        return f"The session's folder {folder} is gone, and its record with it."
    return f"`uplevel export {name} --format md` gives the transcript."


def _name(folder: Path) -> str:
    """How a command names the session: by its id, where ids are looked for."""
    return folder.name if folder.parent == sessions_dir() else str(folder)


def _sentence(found: SessionSummary, name: str) -> str:
    if found.state == "damaged":
        return f"The session {found.id} can only be read: {found.problem} `uplevel verify {name}` says more."
    if found.finished:
        return f"The session {found.id} is closed ({found.outcome or found.state}). {transcript_of(found.folder)}"
    if not SessionFolder(found.folder).procedure.is_dir():
        return f"The session {found.id} can only be read: its copy of the procedure is gone."
    return f"The session is {found.id}; `uplevel resume {name}` goes on with it."
