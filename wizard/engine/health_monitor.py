"""Signs of life of a running command: taken twice a second, told to the front ends, and not recorded.

Only a silence that the step calls unusual is recorded; see `Silences`.
"""

import re
from dataclasses import dataclass

from wizard.clock import process_start
from wizard.engine.messages import RunHealth
from wizard.engine.progress import Progress
from wizard.engine.quiet_periods import Silences
from wizard.engine.session_context import SessionContext, monotonic
from wizard.fields.regex import fill_regex
from wizard.model.procedure import Operation
from wizard.record.events import RunQuiet
from wizard.session import RunState


_BEAT, _CALM = 0.5, 1.0
"""Seconds from one look to the next, and while a command is silent for long."""
_SILENT = 10.0
_SLOW_TIMES, _SLOW_MORE = 1.5, 10.0
"""A run is slow when it takes so many times as long as usual, and so many seconds more."""


@dataclass(slots=True)
class _Followed:
    """What is known of one run between two looks."""

    pattern: re.Pattern[str] | None
    size: int
    grew: float
    silences: Silences
    unread: bool = False
    """Whether there is output whose progress was not read yet."""


class HealthMonitor:
    """Watches the runs of a session: their output, its age, their progress.

    Args:
        context: The session.
    """

    def __init__(self, context: SessionContext) -> None:
        self._context = context
        self._followed: dict[int, _Followed] = {}
        self._progress = Progress()

    def close(self) -> None:
        """End what was started for it."""
        self._progress.close()

    def poll(self, run: RunState) -> float:
        """Look at a run and tell what was seen.

        Returns:
            Seconds until it is to be looked at again.

        Raises:
            RecordProblem: A long silence could not be recorded.
        """
        context, number = self._context, run.intent.run
        _, operation = context.operation(run.intent.step, undo=run.intent.undo)
        seconds = max(0.0, context.clock.now().seconds_since(run.asked_at.instant()))
        size, age = self._output(number)
        known = self._followed.get(number)
        if known is None:
            known = self._followed[number] = _Followed(
                self._pattern(operation), -1, monotonic() - min(age, seconds), Silences(operation.quiet_for)
            )
            if known.pattern is not None:
                self._progress.prepare()
        elif size != known.size:
            known.grew = monotonic()
            known.silences.over()
        if size != known.size:
            known.size, known.unread = size, size > 0
        if known.unread and known.pattern is not None:
            known.unread = not self._progress.look(number, context.output(number), known.pattern)
        silent = monotonic() - known.grew
        context.recorder.emit(self._signs(run, known, silent, seconds))
        if known.silences.due(silent):
            context.recorder.record(RunQuiet(run=number, seconds=round(silent, 1)))
        return _BEAT if silent < _SILENT else _CALM

    def _signs(self, run: RunState, known: _Followed, silent: float, seconds: float) -> RunHealth:
        context, started = self._context, run.started
        number = run.intent.run
        usual = None if run.intent.undo else context.usual.seconds.get(run.intent.step)
        return RunHealth(
            run=number,
            connected=context.runner.connected(number),
            exists=started is not None and process_start(started.pid) == started.pid_start,
            size=max(0, known.size),
            silent=silent,
            percent=None if known.pattern is None else self._progress.percent(number),
            usual=usual,
            slow=usual is not None and seconds > max(_SLOW_TIMES * usual, usual + _SLOW_MORE),
            seconds=seconds,
            still=number in context.reattached,
        )

    def _output(self, run: int) -> tuple[int, float]:
        """Bytes that were printed, and for how many seconds nothing was, as the files themselves tell."""
        log = self._context.output(run)
        try:
            grew = log.newest.path.stat(follow_symlinks=False).st_mtime
        except OSError:
            return 0, 0.0
        return log.end, max(0.0, self._context.clock.now().utc.timestamp() - grew)

    def _pattern(self, operation: Operation) -> re.Pattern[str] | None:
        if operation.progress is None:
            return None
        return re.compile(fill_regex(operation.progress, self._context.values()), re.MULTILINE)
