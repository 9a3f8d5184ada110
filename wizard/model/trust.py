"""Whether a procedure file may be opened at all, and what the start page says of it."""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wizard.errors import UsageProblem
from wizard.places import asset


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier session's files, from record 0 of its journal.

    Attributes:
        session: Its id.
        procedure: The procedure's name.
        at: When it closed, or was last written; UTC.
        completed: Whether it was completed.
        manifest: sha256 by path.
    """

    session: str
    procedure: str
    at: datetime
    completed: bool
    manifest: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a file.

    Attributes:
        word: `built in`, `unchanged`, `CHANGED` or `never run here`.
        sentence: For the start page and the journal.
        since: The session it is compared with; None where there is none.
        changed: Paths that differ from that session's.
    """

    word: str
    sentence: str
    since: Earlier | None = None
    changed: tuple[str, ...] = ()


def standing(
    procedure: str, path: Path | None, manifest: Iterable[tuple[str, str]], earlier: Iterable[Earlier]
) -> Standing:
    """Compare a procedure's files with those of the last completed session of that name.

    Args:
        procedure: Its name.
        path: Where it was read.
        manifest: Path and sha256 of its files.
        earlier: Earlier sessions, in any order, of any procedure.
    """
    files = dict(manifest)
    completed = [known for known in earlier if known.procedure == procedure and known.completed]
    last = max(completed, key=lambda known: known.at, default=None)
    built_in = path is not None and path.resolve().is_relative_to(asset("procedures").resolve())
    if built_in:
        return Standing("built in", _since("built in", last, files), last)
    if last is None:
        return Standing("never run here", "never run here: read what it will do before you begin")
    changed = _changed(files, dict(last.manifest))
    if changed:
        return Standing("CHANGED", f"CHANGED since {_when(last)}: {', '.join(changed)}", last, changed)
    return Standing("unchanged", f"unchanged since {_when(last)}", last)


def _since(word: str, last: Earlier | None, files: dict[str, str]) -> str:
    if last is None:
        return f"{word}, never run here"
    changed = _changed(files, dict(last.manifest))
    return f"{word}, {'another version than' if changed else 'unchanged since'} {_when(last)}"


def _changed(now: dict[str, str], then: dict[str, str]) -> tuple[str, ...]:
    return tuple(sorted(path for path in {*now, *then} if now.get(path) != then.get(path)))


def _when(last: Earlier) -> str:
    return f"{last.at.day} {last.at:%b %Y} (session {last.session}, completed)"


def require_safe(paths: Iterable[Path]) -> None:
    """See that nobody else can change files that will be run.

    Args:
        paths: The files of a procedure; the folder each stands in is looked at too.

    Raises:
        UsageProblem: A file or folder belongs to somebody else (root apart), or others may write to it.
    """
    for path in paths:
        real = path.resolve()
        for place in (real, real.parent):
            _require_safe(place)


def _require_safe(place: Path) -> None:
    try:
        found = place.stat()
    except OSError as error:
        raise UsageProblem(f"{place} cannot be looked at: {os.strerror(error.errno or 0)}.") from error
    what = "folder" if stat.S_ISDIR(found.st_mode) else "file"
    if found.st_uid not in {os.geteuid(), 0}:
        raise UsageProblem(
            f"The {what} {place} belongs to user {found.st_uid}, and a procedure is code.",
            "Copy it to a folder of your own and read it there.",
        )
    others = found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and not _own_group(found))
    if others and not (stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX):
        raise UsageProblem(f"Others may write to the {what} {place}, and a procedure is code.", f"chmod go-w {place}")


def _own_group(found: os.stat_result) -> bool:
    """Whether the group is the user's private one: same number as the user, as most Linux systems give it."""
    return found.st_gid == found.st_uid != 0
