"""How long steps and sessions usually take: from earlier completed sessions of the same procedure and mode."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from threading import Thread
from typing import TYPE_CHECKING

from wizard.archive.outcomes import closed_session
from wizard.clock import parse_rfc3339
from wizard.engine.messages import UsualTimes
from wizard.errors import UsageProblem
from wizard.record.events import Mode
from wizard.record.journal import Harm, Record, SessionFolder, read_head, scan
from wizard.record.journal.kinds import CLOSED, OPENED, RUN_ENDED


if TYPE_CHECKING:
    from wizard.engine.session_context import SessionContext


_HEADS = 200
"""Sessions that are looked at, newest first."""
_READ = 12
"""Journals that are read whole."""
_LARGEST = 4 << 20
_DURATIONS = 10
_LONGEST = 10 * 365 * 86_400.0
"""Seconds that a run may have taken to be believed; what is no number is not smaller than this."""


def look_for_usual(context: "SessionContext") -> None:
    """Find the usual durations on a thread of its own; they arrive in the inbox. No question waits for them."""
    opened = context.state.opened
    tell: Callable[[UsualTimes], None] = context.inbox.put

    def look() -> None:
        found = usual_times(context.folder.path.parent, opened.procedure.name, opened.mode)
        if found != UsualTimes({}):
            tell(found)

    Thread(target=look, name="usual durations", daemon=True).start()


def usual_times(sessions: Path, procedure: str, mode: Mode) -> UsualTimes:
    """The median of the last ten successful runs of each step, and of the last ten completed sessions.

    Args:
        sessions: The folder of sessions. What is damaged, or somebody else's, is passed over.
        procedure: The procedure's name.
        mode: Live runs are compared with live ones, rehearsals with rehearsals.
    """
    durations: dict[str, list[float]] = {}
    whole: list[float] = []
    read = 0
    for folder in _newest(sessions):
        journal = SessionFolder(folder).journal
        if not _is_of(journal, procedure, mode):
            continue
        read += 1
        records = _completed(journal)
        whole += _took(records)
        for step, seconds in reversed(list(_successful(records))):
            kept = durations.setdefault(step, [])
            if len(kept) < _DURATIONS:
                kept.append(seconds)
        if read == _READ:
            break
    steps = {step: median(each) for step, each in durations.items()}
    return UsualTimes(steps, median(whole[:_DURATIONS]) if whole else None)


def _newest(sessions: Path) -> list[Path]:
    """The folders of this user's newest sessions; ids sort by time of birth."""
    try:
        with os.scandir(sessions) as entries:
            names = sorted((entry.name for entry in entries if entry.is_dir(follow_symlinks=False)), reverse=True)
    except OSError:
        return []
    return [sessions / name for name in names[:_HEADS]]


def _is_of(journal: Path, procedure: str, mode: Mode) -> bool:
    try:
        found = journal.lstat()
    except OSError:
        return False
    if found.st_uid != os.geteuid() or found.st_size > _LARGEST:
        return False
    head = read_head(journal)
    if head is None or head.kind != OPENED:
        return False
    cited = head.data.get("procedure")
    return isinstance(cited, dict) and cited.get("name") == procedure and head.data.get("mode") == mode


def _completed(journal: Path) -> list[Record]:
    """The records of a journal that is whole and whose session a person completed; none of any other."""
    try:
        found = scan(journal)
    except UsageProblem:
        return []
    closing = next((record for record in found.records if record.kind == CLOSED), None)
    if found.damage.harm is not Harm.NONE or closing is None:
        return []
    how = closed_session(journal, str(closing.data.get("state")))
    return found.records if how.word == "completed" and not how.auto else []


def _took(records: list[Record]) -> list[float]:
    """The seconds from the beginning of a completed session to its end; none where its times cannot be."""
    try:
        began, ended = (parse_rfc3339(record.at) for record in records[:1] + records[-1:])
    except ValueError:
        return []
    seconds = (ended - began).total_seconds()
    return [seconds] if seconds >= 0 else []


def _successful(records: list[Record]) -> Iterator[tuple[str, float]]:
    """Step and seconds of each run whose own output was what the step expects; undoing is no doing."""
    steps: dict[int, str] = {}
    took: dict[str, float] = {}
    for record in records:
        step, data = record.data.get("step"), record.data
        run = data.get("run")
        if record.kind == "run.intent" and isinstance(step, str) and data.get("undo") is False:
            if isinstance(run, int):
                steps[run] = step
            took.pop(step, None)
        elif record.kind == RUN_ENDED and isinstance(run, int) and (of := steps.get(run)) is not None:
            seconds = data.get("seconds")
            if data.get("outcome") == "ended" and isinstance(seconds, int | float) and 0 <= seconds < _LONGEST:
                took[of] = float(seconds)
        elif isinstance(step, str) and step in took and _proves(record):
            yield step, took.pop(step)


def _proves(record: Record) -> bool:
    """Whether a record says that a command's own output was what its step expects."""
    said = {name: record.data.get(name) for name in ("undo", "purpose", "verdict")}
    return record.kind == "check.answered" and said == {"undo": False, "purpose": "expect", "verdict": "yes"}
