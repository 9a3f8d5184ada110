"""See whether the folders of runs are what the journal cites."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from wizard.record.journal.around import require_kind
from wizard.record.journal.citations import differs
from wizard.record.journal.folder import SessionFolder
from wizard.record.journal.kinds import RUN_ENDED
from wizard.record.journal.line import Record
from wizard.record.run_layout import CLAIM, CONTROL, CRASH, EXIT, OUTPUT, STARTED, segment_name, unfinished


_RUN_NAME = re.compile(r"[0-9]{4,}")
_FILE_NAME = re.compile(r"[a-z]+(\.json)?")
_UNCITED = {
    CRASH: "a file",
    CONTROL: "a socket",
    unfinished(EXIT): "a file",
    unfinished(STARTED): "a file",
}
"""What may lie in a run's folder without being cited, and what it is; nothing of it is in any export."""


def check_runs(folder: SessionFolder, records: list[Record]) -> Iterator[str]:
    """Findings about the outputs of runs, and about runs the journal does not know."""
    known = {run for record in records if (run := _number(record)) is not None}
    for record in records:
        if record.kind == RUN_ENDED or {"output", "beside", "tail"} & record.data.keys():
            yield from _check_run(folder, record)
    for path in sorted(folder.runs.glob("*")):
        if not _RUN_NAME.fullmatch(path.name):
            yield f"{path.name} was added to the folder of runs."
        elif found := list(require_kind(path, "a folder")):
            yield from found
        elif int(path.name) not in known and os.path.lexists(path / CLAIM):
            yield f"Run {int(path.name)} was started, but the journal does not know it: its tail was cut."
        elif int(path.name) not in known and any(path.glob("*")):
            yield f"The folder of run {int(path.name)} was added: no record knows it."


def _number(record: Record) -> int | None:
    run = record.data.get("run")
    return run if type(run) is int and run >= 0 else None


def _check_run(folder: SessionFolder, record: Record) -> Iterator[str]:
    run, cited = _number(record), record.data.get("output")
    beside, tail = record.data.get("beside") or (), record.data.get("tail") or ()
    if cited is None and not beside and not tail:
        return
    lists = isinstance(beside, list | tuple) and isinstance(tail, list | tuple)
    if run is None or not isinstance(cited, dict | None) or not lists:
        yield f"Record {record.seq} does not say which output it cites."
        return
    where = folder.run(run)
    if not where.is_dir() or where.is_symlink():
        yield f"The folder of run {run}, cited by record {record.seq}, is missing."
        return
    if cited is not None:
        yield from _compare(where / OUTPUT, cited, f"The output of run {run}", record)
    if beside:
        yield from _check_beside(where, record, run, beside)
        yield from _check_added(where, record, run)
    for part in tail:
        yield from _check_tail(where, record, part)


def _compare(path: Path, cited: dict[str, object], what: str, record: Record) -> Iterator[str]:
    found = differs(path, cited.get("sha256"), cited.get("len"))
    if found is None:
        yield f"{what}, cited by record {record.seq}, is missing or is not a plain file."
    elif found:
        yield f"{what} is not what record {record.seq} cites: it was edited."


def _check_beside(where: Path, record: Record, run: int, beside: list[object] | tuple[object, ...]) -> Iterator[str]:
    for each in beside:
        name = each.get("name") if isinstance(each, dict) else None
        if not isinstance(each, dict) or not isinstance(name, str) or not _FILE_NAME.fullmatch(name):
            yield f"Record {record.seq} does not say which file of run {run} it cites."
            continue
        yield from _compare(where / name, each, f"The file {name} of run {run}", record)


def _check_added(where: Path, record: Record, run: int) -> Iterator[str]:
    """Findings about what the record of a run's end does not speak of."""
    cited = {OUTPUT} if record.data.get("output") is not None else set()
    cited |= {str(each.get("name")) for each in record.data["beside"] if isinstance(each, dict)}
    cited |= {segment_name(part["begin"]) for part in record.data.get("tail") or () if _begin(part) is not None}
    for path in sorted(where.iterdir()):
        if path.name in _UNCITED:
            yield from require_kind(path, _UNCITED[path.name])
        elif path.name not in cited:
            yield f"The file {path.name} of run {run} was added: record {record.seq} does not cite it."


def _check_tail(where: Path, record: Record, part: object) -> Iterator[str]:
    begin = _begin(part)
    if not isinstance(part, dict) or begin is None:
        yield f"Record {record.seq} does not say which end of an output it cites."
        return
    name = segment_name(begin)
    if differs(where / name / OUTPUT, part.get("sha256"), part.get("len")) is not False:
        yield f"The end of an output, {name}, is not what record {record.seq} cites: it was edited or removed."


def _begin(part: object) -> int | None:
    """Where the end of an output begins that a record cites."""
    begin = part.get("begin") if isinstance(part, dict) else None
    return begin if type(begin) is int else None
