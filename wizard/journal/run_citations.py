"""See whether the folders of runs are what the journal cites."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from wizard.journal.citations import digest
from wizard.journal.folder import SessionFolder
from wizard.journal.kinds import RUN_ENDED
from wizard.journal.line import Record


_RUN_NAME = re.compile(r"[0-9]{4,}")
_FILE_NAME = re.compile(r"[a-z]+(\.json)?")
_UNCITED = frozenset({"output", "crash", "control", ".exit.json.new", ".started.json.new"})
"""What may lie in a run's folder without being cited beside its output: the output is cited by itself, the others say
nothing that any export shows."""


def check_runs(folder: SessionFolder, records: list[Record]) -> Iterator[str]:
    """Findings about the outputs of runs, and about runs the journal does not know."""
    known = {run for record in records if (run := _number(record)) is not None}
    if os.path.islink(folder.runs):  # noqa: PTH114 - the link itself is meant
        yield "The folder runs is a link: what it leads to is not this session's."
    for record in records:
        if record.kind == RUN_ENDED or {"output", "beside", "tail"} & record.data.keys():
            yield from _check_run(folder, record)
    for path in sorted(folder.runs.glob("*")):
        if not _RUN_NAME.fullmatch(path.name):
            yield f"{path.name} was added to the folder of runs."
        elif int(path.name) not in known and os.path.lexists(path / "claim"):
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
    if run is None or not isinstance(cited, dict | None) or not isinstance(beside, list | tuple):
        yield f"Record {record.seq} does not say which output it cites."
        return
    where = folder.runs / f"{run:04d}"
    if not where.is_dir() or where.is_symlink():
        yield f"The folder of run {run}, cited by record {record.seq}, is missing."
        return
    if cited is not None:
        yield from _compare(where / "output", cited, f"The output of run {run}", record)
    if beside:
        yield from _check_beside(where, record, run, beside)
    for part in tail:
        yield from _check_tail(where, record, part)


def _compare(path: Path, cited: dict[str, object], what: str, record: Record) -> Iterator[str]:
    found = digest(path)
    if found is None:
        yield f"{what}, cited by record {record.seq}, is missing or is not a plain file."
    elif found != (cited.get("sha256"), cited.get("len")):
        yield f"{what} is not what record {record.seq} cites: it was edited."


def _check_beside(where: Path, record: Record, run: int, beside: list[object] | tuple[object, ...]) -> Iterator[str]:
    named = set(_UNCITED)
    for each in beside:
        name = each.get("name") if isinstance(each, dict) else None
        if not isinstance(each, dict) or not isinstance(name, str) or not _FILE_NAME.fullmatch(name):
            yield f"Record {record.seq} does not say which file of run {run} it cites."
            continue
        named.add(name)
        yield from _compare(where / name, each, f"The file {name} of run {run}", record)
    for path in sorted(where.iterdir()):
        if path.name not in named and not re.fullmatch(r"tail\.[0-9]+", path.name):
            yield f"The file {path.name} of run {run} was added: record {record.seq} does not cite it."


def _check_tail(where: Path, record: Record, part: object) -> Iterator[str]:
    begin = part.get("begin") if isinstance(part, dict) else None
    if not isinstance(part, dict) or type(begin) is not int:
        yield f"Record {record.seq} does not say which end of an output it cites."
    elif digest(where / f"tail.{begin}" / "output") != (part.get("sha256"), part.get("len")):
        yield f"The end of an output, tail.{begin}, is not what record {record.seq} cites: it was edited or removed."
