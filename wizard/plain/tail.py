"""The output of the running command, read as it grows."""

from typing import Protocol

from wizard.execution.sanitize import PlainStream
from wizard.record.output import OutputFollower, OutputLog
from wizard.record.run_layout import Stream


_PIECE = 64 * 1024
_BEHIND = 1024 * 1024
"""How many bytes may wait to be shown before the middle of a flood is skipped; the record has all of it."""
_ASIDE, _BEHIND_ASIDE = 2 * 1024, 32 * 1024
"""How many bytes are shown at a time, and how many may wait, of what runs beside."""
_STDERR_MARK = "2|"


class OutputPrinter(Protocol):
    """Where output is shown."""

    def piece(self, text: str, mark: str = "|") -> None: ...
    def say(self, text: str) -> None: ...
    def end(self) -> None: ...


class Tail:
    """Shows one run's output; lines of a standard error that is kept apart begin with `2|`.

    Args:
        log: What it prints.
        lines: Where it is shown.
        from_end: What stands there already was shown before.
        aside: It runs beside what one waits for, and must not flood that.
    """

    def __init__(self, log: OutputLog, lines: OutputPrinter, *, from_end: bool = False, aside: bool = False) -> None:
        self._lines = lines
        self._pace = (_ASIDE, _BEHIND_ASIDE) if aside else (_PIECE, _BEHIND)
        self._follower = OutputFollower(log)
        if from_end:
            self._follower.pass_over()
        self._texts: dict[int, PlainStream] = {}

    def show(self) -> bool:
        """Show the next piece of what came since; whether there is more."""
        part = self._follower.read(*self._pace)
        if part.lost or part.skipped:
            self._close_lines()
        if part.lost:
            self._lines.say(f"| … {part.lost} bytes are left out here: the output is longer than what is kept of it")
        if part.skipped:
            self._lines.say(f"| … {part.skipped} bytes are not shown here; they are in the record")
        for stream, data in part.pieces:
            text = self._texts.setdefault(stream, PlainStream())
            self._piece(stream, text.feed(data))
        return part.more

    @property
    def behind(self) -> bool:
        """Whether something came that was not shown."""
        return self._follower.behind

    def finish(self) -> None:
        """Show all that is left."""
        while self.show():
            pass
        self._close_lines()

    def _close_lines(self) -> None:
        for stream, text in self._texts.items():
            self._piece(stream, text.finish())
        self._lines.end()

    def _piece(self, stream: int, text: str) -> None:
        self._lines.piece(text, _STDERR_MARK if stream == Stream.STDERR else "|")
