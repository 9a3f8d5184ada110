"""What stands in a session's folder beside what its records cite: other names, and who may write."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from wizard.places.plain_file import read_plain
from wizard.places.private import kind_of
from wizard.record.journal.folder import SessionFolder
from wizard.record.journal.kinds import NAMESPACES, RECOVERED, REHEARSAL
from wizard.record.journal.line import Record


_FILES = re.compile(r"journal\.jsonl|lock|holder\.json|reserve|\.holder\.json\.[0-9a-z]+")
_FOLDERS = re.compile(r"procedure|runs|checks|checkpoints|evidence")
_SIGNED = re.compile(r"([0-9]{6,})\.(head|sig)")
_LONGEST_HEAD = 4096
_AT_MOST = 5
_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def check_names(folder: SessionFolder, records: list[Record]) -> Iterator[str]:
    """Findings about files that uplevel does not put there, and about signed texts that are not what was signed."""
    yield from _check_top(folder, records)
    for path in sorted(folder.checks_output.parent.glob("*")):
        if path.name != folder.checks_output.name:
            yield f"{path.name} was added to the folder of checks."
    for path in sorted(folder.checkpoints.glob("*")):
        found = _SIGNED.fullmatch(path.name)
        if found is None:
            yield f"{path.name} was added to the folder of checkpoints."
        elif found[2] == "head" and not _says(path, records, int(found[1])):
            yield f"The signed text {path.name} is not about record {int(found[1]) - 1} of this journal."
        elif found[2] == "sig" and not os.path.lexists(path.with_suffix(".head")):
            yield f"The text {path.stem}.head, which {path.name} is the signature of, is missing."


def _check_top(folder: SessionFolder, records: list[Record]) -> Iterator[str]:
    kept = {name for each in records if each.kind == RECOVERED and isinstance(name := each.data.get("kept_as"), str)}
    for name in sorted(kept):
        if not os.path.lexists(folder.path / name):
            yield f"The damaged bytes that were kept as {name} are missing."
    for path in sorted(folder.path.iterdir()):
        if _FILES.fullmatch(path.name) or path.name in kept:
            yield from require_kind(path, "a file")
        elif _FOLDERS.fullmatch(path.name) or (path.name == "sandbox" and records[0].data.get("mode") == REHEARSAL):
            yield from require_kind(path, "a folder")
        else:
            yield f"{path.name} was added to the session's folder."


def require_kind(path: Path, wanted: str) -> Iterator[str]:
    """A finding where a name stands for something else; none of one that went meanwhile, as in an open session."""
    with suppress(FileNotFoundError):
        found = kind_of(path.lstat())
        if found != wanted:
            yield f"{path.name} is {found} where {wanted} should be."


def _says(path: Path, records: list[Record], count: int) -> bool:
    try:
        text = read_plain(path, _LONGEST_HEAD)
    except OSError:
        return False
    opened = records[0].data
    mode = str(opened.get("mode"))
    said = f"{NAMESPACES.get(mode)}\nsession {opened.get('session')}\nmode {mode}\nrecords {count}\nhead "
    return 0 < count <= len(records) and text == f"{said}{records[count - 1].h}\n".encode()


def other_name(folder: SessionFolder, records: list[Record]) -> list[str]:
    """What is to be said of a folder that has not the name of its session; nothing of one that has."""
    here = folder.path.resolve().name
    name = records[0].data.get("session") if records else here
    return [] if name == here else [f"The folder is called {here}, but the record in it is that of the session {name}."]


def rights(folder: SessionFolder) -> list[str]:
    """Who else may have written here: others who may write, other owners, second names of a file elsewhere."""
    told = list(_rights(folder.path))
    more = len(told) - _AT_MOST
    return told if more <= 0 else [*told[:_AT_MOST], f"So it is with {more} more."]


def _rights(top: Path) -> Iterator[str]:
    owner = top.stat().st_uid
    for at, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if Path(at, name) != top / "sandbox")
        for path in [Path(at), *(Path(at, name) for name in sorted(files))]:
            with suppress(FileNotFoundError):  # it went meanwhile, as in an open session
                yield from rights_to(path, path.relative_to(top), owner)


def rights_to(path: Path, name: Path, owner: int) -> Iterator[str]:
    """What is to be said of one name in a session's folder, whose owner is that user."""
    found = path.stat() if name == Path() else path.lstat()
    if found.st_mode & _BY_OTHERS and not stat.S_ISLNK(found.st_mode):
        yield f"Others may write to {name}."
    if found.st_uid != owner:
        yield f"{name} belongs to user {found.st_uid}, the session's folder to user {owner}."
    if stat.S_ISREG(found.st_mode) and found.st_nlink > 1:
        yield f"{name} has a second name elsewhere, through which it may be changed (a hard link)."
