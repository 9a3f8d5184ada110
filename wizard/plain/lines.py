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
        self._open = False

    def say(self, text: str = "") -> None:
        """Write whole lines. What a terminal would obey is made visible."""
        self.end()
        self._write(sanitize_text(text, newlines=True, tabs=True) + "\n")

    def piece(self, text: str) -> None:
        """Write a piece of output that is sanitized already; each of its lines begins with a bar."""
        for part in text.splitlines(keepends=True):
            self._write(part if self._open else f"| {part}")
            self._open = not part.endswith("\n")

    def end(self) -> None:
        """End a line of output that was left open."""
        if self._open:
            self._open = False
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
