"""Signs of life of a running command: taken twice a second, told to the front ends, and not recorded.

Only a silence that the step calls unusual is recorded; see `Silences`.
"""

import re
from dataclasses import dataclass

from wizard.clock import process_start
from wizard.engine.kit import Kit, monotonic
from wizard.engine.messages import Signs
from wizard.engine.progress import Progress
from wizard.engine.silences import Silences
from wizard.events import RunQuiet
from wizard.expect import as_regex
from wizard.procedure import Doing
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


class Pulse:
    """Feels the pulse of the session's runs.

    Args:
        kit: The session.
    """

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._followed: dict[int, _Followed] = {}
        self._progress = Progress()

    def close(self) -> None:
        """End what was started for it."""
        self._progress.close()

    def feel(self, run: RunState) -> float:
        """Look at a run and tell what was seen.

        Returns:
            Seconds until it is to be looked at again.

        Raises:
            RecordProblem: A long silence could not be recorded.
        """
        kit, number = self._kit, run.intent.run
        _, doing = kit.doing(run.intent.step, undo=run.intent.undo)
        seconds = max(0.0, kit.clock.now().seconds_since(run.asked_at.instant()))
        size, age = self._output(number)
        known = self._followed.get(number)
        if known is None:
            known = self._followed[number] = _Followed(
                self._pattern(doing), -1, monotonic() - min(age, seconds), Silences(doing.quiet_for)
            )
            if known.pattern is not None:
                self._progress.prepare()
        elif size != known.size:
            known.grew = monotonic()
            known.silences.over()
        if size != known.size:
            known.size, known.unread = size, size > 0
        if known.unread and known.pattern is not None:
            known.unread = not self._progress.look(number, kit.output(number), known.pattern)
        silent = monotonic() - known.grew
        kit.recorder.emit(self._signs(run, known, silent, seconds))
        if known.silences.due(silent):
            kit.recorder.record(RunQuiet(run=number, seconds=round(silent, 1)))
        return _BEAT if silent < _SILENT else _CALM

    def _signs(self, run: RunState, known: _Followed, silent: float, seconds: float) -> Signs:
        kit, started = self._kit, run.started
        number = run.intent.run
        usual = None if run.intent.undo else kit.usual.seconds.get(run.intent.step)
        return Signs(
            run=number,
            connected=kit.runner.connected(number),
            exists=started is not None and process_start(started.pid) == started.pid_start,
            size=max(0, known.size),
            silent=silent,
            percent=None if known.pattern is None else self._progress.percent(number),
            usual=usual,
            slow=usual is not None and seconds > max(_SLOW_TIMES * usual, usual + _SLOW_MORE),
            seconds=seconds,
            still=number in kit.reattached,
        )

    def _output(self, run: int) -> tuple[int, float]:
        """Size of the output, and for how many seconds it has not grown, as the file itself tells."""
        try:
            found = self._kit.output(run).stat()
        except OSError:
            return 0, 0.0
        return found.st_size, max(0.0, self._kit.clock.now().utc.timestamp() - found.st_mtime)

    def _pattern(self, doing: Doing) -> re.Pattern[str] | None:
        return None if doing.progress is None else as_regex(doing.progress, self._kit.values())
