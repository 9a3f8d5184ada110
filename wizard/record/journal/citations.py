"""See whether the files of a session are the ones its journal cites, whatever kind of record cites them."""

import itertools
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from wizard.places.plain_file import plain_file
from wizard.record.journal.folder import SessionFolder, inside, manifest_hash
from wizard.record.journal.kinds import CHECK_ANSWERED
from wizard.record.journal.line import Record


_PIECE = 1 << 20
_HASH = re.compile(r"[0-9a-f]{64}")


def digest(path: Path, offset: int = 0, length: int | None = None) -> tuple[str, int] | None:
    """Hash a plain file or a part of it, following no link and waiting on no FIFO.

    Returns:
        The sha256 and the number of bytes read, or None when it cannot be read.
    """
    try:
        with plain_file(path) as file:
            return _digest(file, offset, length)
    except (OSError, OverflowError):
        return None


def differs(path: Path, sha: object, length: object) -> bool | None:
    """Whether a file is another one than was cited; one of another length is, and no more of it is read.

    Returns:
        None when there is no plain file that can be read.
    """
    try:
        with plain_file(path) as file:
            size = os.fstat(file).st_size
            return size != length or _digest(file, 0, size) != (sha, size)
    except OSError:
        return None


def _digest(file: int, offset: int, length: int | None) -> tuple[str, int]:
    found, read = sha256(), 0
    while piece := os.pread(file, _PIECE if length is None else min(_PIECE, length - read), offset + read):
        found.update(piece)
        read += len(piece)
    return found.hexdigest(), read


def check_procedure(folder: SessionFolder, opened: Mapping[str, Any]) -> Iterator[str]:
    """Findings about the copy of the procedure.

    Args:
        folder: The session.
        opened: The data of record 0.
    """
    files = opened.get("files")
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        yield "Record 0 does not list the procedure's files."
        return
    if manifest_hash({"path": file.get("path"), "sha256": file.get("sha256")} for file in files) != opened.get(
        "manifest"
    ):
        yield "The manifest hash in record 0 is not the hash of the files it lists."
    listed = set()
    for file in files:
        path = str(file.get("path"))
        listed.add(path)
        found = differs(folder.procedure / path, file.get("sha256"), file.get("bytes")) if inside(path) else None
        if found is None:
            yield f"The procedure's file {path} is missing from the session, or is not a plain file."
        elif found:
            yield f"The copy of the procedure differs from record 0: {path} was edited."
    above = {str(folders) for path in listed for folders in PurePosixPath(path).parents}
    for path in sorted(_below(folder.procedure) - listed - above):
        yield f"{path} was added to the copy of the procedure."


def _below(top: Path) -> set[str]:
    """Everything below a folder, by its path from there; a link is not followed."""
    return {str(Path(at, name).relative_to(top)) for at, *names in os.walk(top) for name in itertools.chain(*names)}


def check_answers(folder: SessionFolder, records: list[Record]) -> Iterator[str]:
    """Findings about the answers of checks, whichever record cites them."""
    for record in records:
        cited = record.data.get("answer")
        if not isinstance(cited, dict) or not {"offset", "len", "sha256"} <= cited.keys():
            if record.kind == CHECK_ANSWERED and cited is not None:
                yield f"Record {record.seq} does not say which answer it cites."
            continue
        if cited["len"] != 0 and not _is_there(folder, cited["offset"], cited["len"], cited["sha256"]):
            yield f"The answer of a check is not what record {record.seq} cites: checks/output was edited or cut."


def uncited_answers(folder: SessionFolder, records: list[Record]) -> Iterator[str]:
    """What is to be said of bytes among the answers of checks that no record cites."""
    pieces = sorted(
        (cited["offset"], cited["offset"] + cited["len"])
        for record in records
        if isinstance(cited := record.data.get("answer"), dict)
        and type(cited.get("offset")) is int
        and type(cited.get("len")) is int
    )
    covered = end = 0
    for begin, stop in pieces:
        covered += max(0, stop - max(begin, end))
        end = max(end, stop)
    with suppress(OSError):
        more = folder.checks_output.lstat().st_size - covered
        if more > 0:
            yield f"checks/output has {more} bytes that no record cites; a wizard that was killed may have left them."


def _is_there(folder: SessionFolder, offset: object, length: object, sha: object) -> bool:
    if type(offset) is not int or type(length) is not int or min(offset, length) < 0:
        return False
    return digest(folder.checks_output, offset, length) == (sha, length)


def check_evidence(folder: SessionFolder, records: list[Record]) -> Iterator[str]:
    """Findings about the copies of files that people brought as proof."""
    cited: set[str] = set()
    for record in records:
        brought = record.data.get("evidence")
        for each in brought if isinstance(brought, list) else [brought]:
            if not isinstance(each, dict) or not each.get("kept"):
                continue
            name = str(each.get("sha256"))
            cited.add(name)
            found = differs(folder.evidence / name, name, each.get("bytes")) if _HASH.fullmatch(name) else None
            if found is None:
                yield f"The evidence {name}, cited by record {record.seq}, is missing, or is not a plain file."
            elif found:
                yield f"The evidence {name} is not what record {record.seq} cites: it was edited."
    for path in sorted(_below(folder.evidence) - cited):
        yield f"evidence/{path} was added: no record cites it."
