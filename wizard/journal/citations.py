"""See whether the files of a session are the ones its journal cites."""

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from wizard.journal.folder import SessionFolder, inside, manifest_hash
from wizard.journal.kinds import CHECK_ANSWERED, RUN_ENDED
from wizard.journal.line import Record
from wizard.places.plain_file import plain_file


_PIECE = 1 << 20
_RUN_NAME = re.compile(r"[0-9]{4,}")


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


def check_runs(folder: SessionFolder, records: list[Record]) -> Iterator[str]:
    """Findings about the outputs of runs, and about runs the journal does not know."""
    known = {record.data.get("run") for record in records if isinstance(record.data.get("run"), int)}
    for record in records:
        if record.kind == RUN_ENDED:
            yield from _check_run(folder, record)
    names = sorted(path.name for path in folder.runs.glob("*") if _RUN_NAME.fullmatch(path.name))
    for name in names:
        if int(name) not in known and os.path.lexists(folder.runs / name / "claim"):
            yield f"Run {int(name)} was started, but the journal does not know it: its tail was cut."


def _check_run(folder: SessionFolder, record: Record) -> Iterator[str]:
    run, cited = record.data.get("run"), record.data.get("output")
    if cited is None:
        return
    if not isinstance(run, int) or not isinstance(cited, dict):
        yield f"Record {record.seq} does not say which output it cites."
        return
    where = folder.runs / f"{run:04d}"
    if not where.is_dir():
        yield f"The folder of run {run}, cited by record {record.seq}, is missing."
        return
    found = digest(where / "output")
    if found is None:
        yield f"The output of run {run}, cited by record {record.seq}, is missing or is not a plain file."
    elif found != (cited.get("sha256"), cited.get("len")):
        yield f"The output of run {run} is not what record {record.seq} cites: it was edited."
    for part in record.data.get("tail") or ():
        yield from _check_tail(where, record, part)


def _check_tail(where: Path, record: Record, part: object) -> Iterator[str]:
    begin = part.get("begin") if isinstance(part, dict) else None
    if not isinstance(part, dict) or not isinstance(begin, int):
        yield f"Record {record.seq} does not say which end of an output it cites."
    elif digest(where / f"tail.{begin}" / "output") != (part.get("sha256"), part.get("len")):
        yield f"The end of an output, tail.{begin}, is not what record {record.seq} cites: it was edited or removed."


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
    if not isinstance(offset, int) or not isinstance(length, int) or min(offset, length) < 0:
        return False
    return digest(folder.checks_output, offset, length) == (sha, length)
