"""The output of the running command, read from its file as it grows."""

import os
from pathlib import Path

from wizard.plain.lines import Lines
from wizard.recovery import Stream, StreamReader
from wizard.sanitize import PlainStream


_PIECE = 64 * 1024
_BEHIND = 1024 * 1024
"""How many bytes may wait to be shown before the middle of a flood is skipped; the record has all of it."""
_STDERR_MARK = "2|"


class Tail:
    """Shows one run's output; lines of a standard error that is kept apart begin with `2|`.

    Args:
        path: The output file; need not exist yet.
        lines: Where it is shown.
    """

    def __init__(self, path: Path, lines: Lines) -> None:
        self._path = path
        self._lines = lines
        self._at = 0
        self._reader = StreamReader(path)
        self._texts: dict[int, PlainStream] = {}

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
        for stream, part in self._reader.cut(self._at, piece):
            self._piece(stream, self._text(stream).feed(part))
        self._at += len(piece)
        return self._at < size

    def finish(self) -> None:
        """Show all that is left."""
        while self.show():
            pass
        self._close_lines()

    def _skip(self, file: int, to: int) -> None:
        start = os.pread(file, 4096, to)
        to += start.find(b"\n") + 1
        self._close_lines()
        self._lines.say(f"| … {to - self._at} bytes are not shown here; they are in the record")
        self._at = to

    def _close_lines(self) -> None:
        for stream, text in self._texts.items():
            self._piece(stream, text.finish())
        self._lines.end()

    def _piece(self, stream: int, text: str) -> None:
        self._lines.piece(text, _STDERR_MARK if stream == Stream.STDERR else "|")

    def _text(self, stream: int) -> PlainStream:
        return self._texts.setdefault(stream, PlainStream())
