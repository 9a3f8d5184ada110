"""What a run printed, as text to be judged."""

import os
from dataclasses import dataclass
from pathlib import Path

from wizard.execution.sanitize import plain_text
from wizard.places.plain_file import open_plain
from wizard.record.recovery import Stream, stream_ends


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


def printed(output: Path, *, apart: bool) -> CapturedOutput | None:
    """What a run printed: whole up to 1 MiB, beyond that its first quarter and its end; so of each stream.

    Args:
        output: The run's `output`.
        apart: Whether its standard error was kept apart.

    Returns:
        The text, or None when it cannot be read.
    """
    try:
        if apart:
            return CapturedOutput(_of_stream(output, Stream.TERMINAL), _of_stream(output, Stream.STDERR))
        with os.fdopen(open_plain(output), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size <= _JUDGED:
                return CapturedOutput(plain_text(file.read()))
            head = file.read(_HEAD)
            file.seek(size - (_JUDGED - _HEAD))
            return CapturedOutput(plain_text(head) + "\n" + plain_text(file.read()))
    except OSError:
        return None


def private_output(stdout: str, output: Path, *, apart: bool) -> CapturedOutput:
    """What a run printed whose standard output was private."""
    shown = printed(output, apart=True) if apart else None
    return CapturedOutput(stdout, "" if shown is None else shown.stderr)


def _of_stream(output: Path, stream: Stream) -> str:
    head, tail, whole = stream_ends(output, stream, _HEAD, _JUDGED - _HEAD)
    return plain_text(head + tail) if whole else plain_text(head) + "\n" + plain_text(tail)
