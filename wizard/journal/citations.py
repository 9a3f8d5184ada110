"""See whether the files of a session are the ones its journal cites, whatever kind of record cites them."""

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from wizard.journal.folder import SessionFolder, inside, manifest_hash
from wizard.journal.kinds import CHECK_ANSWERED
from wizard.journal.line import Record
from wizard.places.plain_file import plain_file


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
        found = digest(folder.procedure / path) if inside(path) else None
        if found is None:
            yield f"The procedure's file {path} is missing from the session, or is not a plain file."
        elif found[0] != file.get("sha256"):
            yield f"The copy of the procedure differs from record 0: {path} was edited."
    for path in sorted(_below(folder.procedure) - listed):
        yield f"The file {path} was added to the copy of the procedure."


def _below(top: Path) -> set[str]:
    return {str(Path(at, name).relative_to(top)) for at, _, names in os.walk(top) for name in names}


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
            found = digest(folder.evidence / name) if _HASH.fullmatch(name) else None
            if found is None:
                yield f"The evidence {name}, cited by record {record.seq}, is missing, or is not a plain file."
            elif found != (name, each.get("bytes")):
                yield f"The evidence {name} is not what record {record.seq} cites: it was edited."
    for path in sorted(_below(folder.evidence) - cited):
        yield f"The file evidence/{path} was added: no record cites it."
