"""What `exit.json` says about a run, and keeping at it until the disk takes it."""

import errno
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from wizard.clock import Instant
from wizard.execution.supervisor.child import ChildExit
from wizard.execution.supervisor.order import Order
from wizard.execution.supervisor.processes import command_of, descendants
from wizard.execution.supervisor.recorder import OutputRecorder
from wizard.execution.supervisor.streams import PrivateOutput
from wizard.execution.supervisor.termination import HANG_UP, Stopped
from wizard.record.recovery import ExitReport, LeftBehind, file_state


if TYPE_CHECKING:
    from wizard.execution.redact import Redactor


_COMMAND_LENGTH = 200
_TRIES = 120
_BETWEEN_TRIES = 0.5
_TRIES_IN_VAIN = 2
_FOR_GOOD = frozenset(
    {errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY, errno.ENOENT, errno.EACCES, errno.EPERM, errno.EINVAL}
)
"""What no patience changes: a file system that is read-only now, something else under the file's name."""


def build_report(
    *,
    order: Order,
    began: Instant,
    outcome: ChildExit,
    stopped: Stopped | None,
    recorder: OutputRecorder,
    redactor: "Redactor | None",
    private: PrivateOutput | None,
    hidden_input: bool,
) -> ExitReport:
    """The report of a run whose command has ended and whose output is on disk."""
    told = (_alone(stopped, order.alone), _of_output(recorder, private))
    return ExitReport(
        exit=outcome.exit,
        signal=outcome.signal,
        started=began.rfc3339(),
        finished=outcome.at.rfc3339(),
        seconds=round(outcome.at.seconds_since(began), 6),
        length=recorder.length,
        sha256=recorder.sha256,
        kept=recorder.gap,
        redactions={} if redactor is None else {name: count for name, count in redactor.counts.items() if count},
        left_running=[LeftBehind(one.pid, _redacted_command(one.pid, redactor, order)) for one in descendants()],
        stopped_by=stopped.by if stopped else None,
        stop_reason=stopped.reason if stopped else None,
        problem=" ".join(sentence for sentence in told if sentence) or None,
        hidden_input=hidden_input,
        files={path: file_state(path) for path in order.files},
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


def _redacted_command(pid: int, redactor: "Redactor | None", order: Order) -> str:
    """Redacted before it is cut, so that no half of a secret stays."""
    command = command_of(pid)
    if redactor is not None:
        cleaner = type(redactor)(order.secrets)
        command = cleaner.feed(command) + cleaner.finish()
    return command.decode("utf-8", "replace")[:_COMMAND_LENGTH]


def _alone(stopped: Stopped | None, most: float | None) -> str | None:
    """Why it was stopped, where nobody asked for it and no timeout was set."""
    if stopped is not None and stopped.reason == HANG_UP:
        return "uplevel ended while the program had the whole screen, so the program was hung up."
    if stopped is None or stopped.reason != "alone" or most is None:
        return None
    long = f"{most / 60:g} minutes" if most >= 120 else f"{most:g} seconds"
    return f"No wizard was attached for {long}."


def _of_output(recorder: OutputRecorder, private: PrivateOutput | None) -> str | None:
    if recorder.gap is not None and recorder.trouble:
        last = f" Its last {recorder.cut} bytes are missing too." if recorder.cut else ""
        return f"The disk refused part of the output ({recorder.trouble}); what is missing is noted.{last}"
    if recorder.unsynced:
        return f"The disk did not confirm that it stored the output ({recorder.trouble})."
    if private is not None and private.whole is None:
        return "The private output was longer than 1 MiB and was not kept."
    return None
