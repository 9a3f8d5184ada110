"""The output of the running command, read from its file as it grows."""

import os
from pathlib import Path

from wizard.plain.lines import Lines
from wizard.sanitize import PlainStream


_PIECE = 64 * 1024
_BEHIND = 1024 * 1024
"""How many bytes may wait to be shown before the middle of a flood is skipped; the record has all of it."""


class Tail:
    """Shows one run's output.

    Args:
        path: The output file; need not exist yet.
        lines: Where it is shown.
    """

    def __init__(self, path: Path, lines: Lines) -> None:
        self._path = path
        self._lines = lines
        self._at = 0
        self._stream = PlainStream()

    def show(self) -> bool:
        """Show the next piece of what came since; whether there is more."""
        try:
            file = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            size = os.fstat(file).st_size
            if size - self._at > _BEHIND:
                self._skip(file, size - _PIECE)
            piece = os.pread(file, _PIECE, self._at)
        finally:
            os.close(file)
        self._at += len(piece)
        if piece:
            self._lines.piece(self._stream.feed(piece))
        return self._at < size

    def _skip(self, file: int, to: int) -> None:
        start = os.pread(file, 4096, to)
        to += start.find(b"\n") + 1
        self._lines.piece(self._stream.finish())
        self._lines.end()
        self._lines.say(f"| … {to - self._at} bytes are not shown here; they are in the record")
        self._at = to

    def finish(self) -> None:
        """Show all that is left."""
        while self.show():
            pass
        self._lines.piece(self._stream.finish())
        self._lines.end()
