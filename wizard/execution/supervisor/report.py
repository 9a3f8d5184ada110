"""What `exit.json` says about a run, and keeping at it until the disk takes it."""

import errno
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from wizard.execution.supervisor.processes import command_of, descendants
from wizard.execution.supervisor.termination import HANG_UP
from wizard.record.recovery import ExitReport, LeftBehind, file_state


if TYPE_CHECKING:
    from wizard.execution.supervisor.run_loop import RunLoop


_COMMAND_LENGTH = 200
_TRIES = 120
_BETWEEN_TRIES = 0.5
_TRIES_IN_VAIN = 2
_FOR_GOOD = frozenset(
    {errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY, errno.ENOENT, errno.EACCES, errno.EPERM, errno.EINVAL}
)
"""What no patience changes: a file system that is read-only now, something else under the file's name."""


def build_report(watch: "RunLoop") -> ExitReport:
    """The report of a run whose command has ended and whose output is on disk."""
    outcome = watch.child.outcome
    stopped = watch.ladder.stopped
    if outcome is None:
        raise AssertionError
    return ExitReport(
        exit=outcome.exit,
        signal=outcome.signal,
        started=watch.began.rfc3339(),
        finished=outcome.at.rfc3339(),
        seconds=round(outcome.at.seconds_since(watch.began), 6),
        length=watch.recorder.length,
        sha256=watch.recorder.sha256,
        kept=watch.recorder.gap,
        redactions={}
        if watch.redactor is None
        else {name: count for name, count in watch.redactor.counts.items() if count},
        left_running=[LeftBehind(one.pid, _redacted_command(watch, one.pid)) for one in descendants()],
        stopped_by=stopped.by if stopped else None,
        stop_reason=stopped.reason if stopped else None,
        problem=_problem(watch),
        hidden_input=watch.hidden_input,
        files={path: file_state(path) for path in watch.order.files},
    )


def persist(write: Callable[[], None]) -> str:
    """Write, and try again for a minute while the disk may still take it.

    Returns:
        Empty when it is written; else the system's words for why it cannot be, and the outcome is then unknown to
        whoever resumes.
    """
    said = ""
    for number in range(_TRIES):
        try:
            write()
        except OSError as problem:
            said = os.strerror(problem.errno or 0)
            if problem.errno in _FOR_GOOD and number >= _TRIES_IN_VAIN:
                break
            time.sleep(_BETWEEN_TRIES)
        else:
            return ""
    return said


def given_up(report: ExitReport, why: str) -> str:
    """What a supervisor says at last that could not write its report down."""
    how = f"exit {report.exit}" if report.exit is not None else f"signal {report.signal}"
    return f"The command ended ({how}), but that could not be written down: {why}."


def _redacted_command(watch: "RunLoop", pid: int) -> str:
    """Redacted before it is cut, so that no half of a secret stays."""
    command = command_of(pid)
    if watch.redactor is not None:
        cleaner = type(watch.redactor)(watch.order.secrets)
        command = cleaner.feed(command) + cleaner.finish()
    return command.decode("utf-8", "replace")[:_COMMAND_LENGTH]


def _problem(watch: "RunLoop") -> str | None:
    told = (_alone(watch), _of_output(watch))
    return " ".join(sentence for sentence in told if sentence) or None


def _alone(watch: "RunLoop") -> str | None:
    """Why it was stopped, where nobody asked for it and no timeout was set."""
    stopped, most = watch.ladder.stopped, watch.order.alone
    if stopped is not None and stopped.reason == HANG_UP:
        return "uplevel ended while the program had the whole screen, so the program was hung up."
    if stopped is None or stopped.reason != "alone" or most is None:
        return None
    long = f"{most / 60:g} minutes" if most >= 120 else f"{most:g} seconds"
    return f"No wizard was attached for {long}."


def _of_output(watch: "RunLoop") -> str | None:
    if watch.recorder.gap is not None and watch.recorder.trouble:
        last = f" Its last {watch.recorder.cut} bytes are missing too." if watch.recorder.cut else ""
        return f"The disk refused part of the output ({watch.recorder.trouble}); what is missing is noted.{last}"
    if watch.recorder.unsynced:
        return f"The disk did not confirm that it stored the output ({watch.recorder.trouble})."
    if watch.private is not None and watch.private.whole is None:
        return "The private output was longer than 1 MiB and was not kept."
    return None
