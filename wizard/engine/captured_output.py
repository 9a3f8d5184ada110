"""What a run printed, as text to be judged."""

from dataclasses import dataclass

from wizard.execution.sanitize import plain_text
from wizard.record.output import OutputLog
from wizard.record.run_layout import Stream


_JUDGED = 1 << 20
"""Bytes of an output that are judged: all of it, or its beginning and its end."""
_HEAD = _JUDGED // 4


@dataclass(frozen=True, slots=True)
class CapturedOutput:
    """An output as text without escapes.

    Attributes:
        stdout: All of it, or standard output alone where standard error was kept apart.
        stderr: Standard error where it was kept apart, else empty.
    """

    stdout: str
    stderr: str = ""

    @property
    def both(self) -> str:
        """One after the other."""
        return self.stdout + self.stderr


def printed(log: OutputLog, *, apart: bool) -> CapturedOutput | None:
    """What a run printed: whole up to 1 MiB, beyond that its first quarter and its end; so of each stream.

    Args:
        log: The output of a run that is over.
        apart: Whether its standard error was kept apart.

    Returns:
        The text, or None when it cannot be read.
    """
    try:
        if apart:
            return CapturedOutput(_judged(log, Stream.TERMINAL), _judged(log, Stream.STDERR))
        return CapturedOutput(_judged(log, None))
    except OSError:
        return None


def private_output(stdout: str, log: OutputLog, *, apart: bool) -> CapturedOutput:
    """What a run printed whose standard output was private."""
    shown = printed(log, apart=True) if apart else None
    return CapturedOutput(stdout, "" if shown is None else shown.stderr)


def _judged(log: OutputLog, stream: Stream | None) -> str:
    head, tail, cut = log.file.ends(_HEAD, _JUDGED - _HEAD, stream)
    return plain_text(head) + "\n" + plain_text(tail) if cut else plain_text(head + tail)
