"""Lines on standard output that are only ever appended, in the characters the terminal has."""

import os
import sys
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from typing import TextIO

from wizard.execution.sanitize import sanitize_text


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


_NARROWEST = 20
"""Columns below which words are left to break where they will."""


class Prose(str):
    """Running text: it may be broken between words. Anything else stands as it is, so that it can be copied."""

    __slots__ = ()


def paragraphs(text: str) -> Iterator[Prose]:
    """Running text: its own line ends are only those of paragraphs, whose lines the terminal's width breaks."""
    joined = (" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n"))
    yield from (Prose(f"  {part}") for part in joined if part)


def _broken(line: str, width: int) -> str:
    indent = " " * (len(line) - len(line.lstrip(" ")))
    broken = textwrap.wrap(
        line.strip(),
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(broken) or line


class LinesGone(BrokenPipeError):
    """Nobody reads the lines any more: the terminal is closed, or the pipe."""


class LinePrinter:
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
        shown = sanitize_text(text, newlines=True, tabs=True)
        self._write((self._wrapped(shown) if isinstance(text, Prose) else shown) + "\n")

    @property
    def columns(self) -> int | None:
        """The terminal's width; None where there is none: whoever reads it breaks the lines as they like."""
        with suppress(OSError, ValueError):
            return os.get_terminal_size((self._stream or sys.stdout).fileno()).columns
        return None

    def _wrapped(self, text: str) -> str:
        """Each line broken between words where the terminal would break it within one."""
        columns = self.columns
        if columns is None or columns < _NARROWEST:
            return text
        return "\n".join(_broken(line, columns - 1) for line in text.split("\n"))

    def piece(self, text: str, mark: str = "|") -> None:
        """Write a piece of output that is sanitized already; each of its lines begins with a bar, or another mark."""
        if text and self._open not in {"", mark}:
            self.end()
        for part in text.splitlines(keepends=True):
            self._write(part if self._open else f"{mark} {part}")
            self._open = "" if part.endswith("\n") else mark

    def ring(self) -> None:
        """Ring the bell of a terminal; a file or a pipe has none."""
        if self.columns is not None:
            self._write("\a")

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
