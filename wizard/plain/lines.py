"""Lines on standard output that are only ever appended, in the characters the terminal has."""

import sys
from typing import TextIO

from wizard.sanitize import sanitize_text


_ASCII = str.maketrans(
    {
        "○": "o",
        "▶": ">",
        "●": "*",
        "✓": "+",
        "\N{EN DASH}": "-",
        "↶": "<",
        "·": ".",
        "✗": "x",
        "…": "...",
        "→": "->",
        "—": "-",
    }
)


class LinesGone(BrokenPipeError):
    """Nobody reads the lines any more: the terminal is closed, or the pipe."""


class Lines:
    """Where lines go.

    Args:
        stream: The stream; None for standard output as it is when a line is said.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._open = ""
        """The mark of the line that is not ended yet."""

    def say(self, text: str = "") -> None:
        """Write whole lines. What a terminal would obey is made visible."""
        self.end()
        self._write(sanitize_text(text, newlines=True, tabs=True) + "\n")

    def piece(self, text: str, mark: str = "|") -> None:
        """Write a piece of output that is sanitized already; each of its lines begins with a bar, or another mark."""
        if text and self._open not in {"", mark}:
            self.end()
        for part in text.splitlines(keepends=True):
            self._write(part if self._open else f"{mark} {part}")
            self._open = "" if part.endswith("\n") else mark

    def end(self) -> None:
        """End a line of output that was left open."""
        if self._open:
            self._open = ""
            self._write("\n")

    def _write(self, text: str) -> None:
        stream = self._stream or sys.stdout
        encoding = stream.encoding or "ascii"
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            text = text.translate(_ASCII).encode(encoding, "replace").decode(encoding)
        try:
            stream.write(text)
            stream.flush()
        except OSError as problem:
            raise LinesGone from problem
