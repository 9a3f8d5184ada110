"""The output in pieces that can be searched one by one, in any order, as the text a person sees."""

import os
import re
from dataclasses import dataclass

from screens.output.output_index import LONGEST_LINE, newest_state
from wizard.execution.sanitize import decode_line, line_text
from wizard.execution.sanitize.line import CONTROLS, SGR


PIECE = 64 * 1024
"""A line belongs to the piece in which it begins.

What a piece and its copies take is below what the allocator fetches from the system each time (128 KiB).
"""

_UNSEEN = bytes(code for code in range(32) if code not in b"\t\n") + b"\x7f"
_SMALL = bytes(range(256)).lower()
_BESIDES_LINES = re.compile(CONTROLS.pattern.replace("\\x0a-", "\\x0b-"))
_FAR = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SearchPiece:
    """Whole lines of the file.

    Args:
        start: Offset of its first line.
        data: Their bytes; without the end of the last line.
        cut: The last line's shown bytes, when it is too long to stand in `data`; its offset is behind `data`.
    """

    start: int
    data: bytes | None
    cut: tuple[int, bytes] | None = None


class Pieces:
    """Reads pieces of a file that grows.

    Args:
        file: Its descriptor; read by position.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._endless: tuple[int, int] = (0, 0)
        self.size = 0
        """Bytes of the file that count."""

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return -(-self.size // PIECE)

    def piece(self, number: int) -> SearchPiece | None:
        """The lines that begin in this piece, or None when none does."""
        base = max(0, number * PIECE - 1)
        limit = min((number + 1) * PIECE, self.size)
        data = self.read(base, limit - base + LONGEST_LINE)
        first = 0 if number == 0 else data.find(b"\n", 0, limit - base - 1) + 1
        if limit <= base or (number and not first):
            return None
        end = data.find(b"\n", limit - 1 - base)
        if end < 0 and base + len(data) >= self.size:
            end = len(data)
        if end >= 0:
            return SearchPiece(base + first, data[first:end])
        last = max(data.rfind(b"\n", 0, limit - base - 1) + 1, first)
        shown = self.shown(base + last, self._end_of(base + last, base + len(data)))
        return SearchPiece(base + first, data[first : last - 1] if last > first else None, (base + last, shown))

    def shown(self, start: int, stop: int) -> bytes:
        """What is shown of a line: all of it, its head, or of one redrawn in place its newest state."""
        if stop - start > LONGEST_LINE:
            newest = newest_state(self.read(stop - LONGEST_LINE, LONGEST_LINE))
            if newest is not None:
                return newest
        return self.read(start, min(stop - start, LONGEST_LINE))

    def read(self, start: int, length: int) -> bytes:
        """Bytes that count already."""
        return os.pread(self._file, max(0, min(length, self.size - start)), start)

    def _end_of(self, start: int, known: int) -> int:
        """Where a long line ends; what was looked through before is not looked through again."""
        line, seen = self._endless
        at = max(known, seen) if line == start else known
        while at < self.size:
            data = self.read(at, _FAR)
            end = data.find(b"\n")
            if end >= 0:
                return at + end
            at += len(data)
        self._endless = start, at
        return at


def plain_bytes(data: bytes, *, cased: bool) -> bytes | None:
    """The bytes, in small letters unless `cased`, if they are the text that is shown; None if they are not.

    They are when they are ASCII without controls, and no line is cut. One pass does both, as it is most of a search.
    """
    if not data.isascii():
        return None
    seen = data.translate(None if cased else _SMALL, _UNSEEN)
    half = LONGEST_LINE // 2
    whole = len(seen) == len(data) and all(
        data.find(b"\n", at, at + half) >= 0 for at in range(0, len(data) - half, half)
    )
    return seen if whole else None


def texts_of(piece: SearchPiece, pieces: Pieces) -> list[str]:
    """The lines of a piece as they are shown."""
    texts: list[str] = []
    if piece.data is not None:
        text = piece.data.decode("utf-8", "replace").replace("\r\n", "\n")
        quiet = SGR.sub("", text)
        if _BESIDES_LINES.search(quiet) is None and _short(piece.data):
            texts = quiet.split("\n")
        else:
            start = piece.start
            for raw in piece.data.split(b"\n"):
                texts.append(_text_of(raw if len(raw) <= LONGEST_LINE else pieces.shown(start, start + len(raw))))
                start += len(raw) + 1
    if piece.cut is not None:
        texts.append(_text_of(piece.cut[1]))
    return texts


def starts_of(piece: SearchPiece) -> list[int]:
    """Where the lines of a piece begin."""
    starts: list[int] = []
    if piece.data is not None:
        start = piece.start
        for raw in piece.data.split(b"\n"):
            starts.append(start)
            start += len(raw) + 1
    if piece.cut is not None:
        starts.append(piece.cut[0])
    return starts


def _short(data: bytes) -> bool:
    return len(data) <= LONGEST_LINE or max(map(len, data.split(b"\n"))) <= LONGEST_LINE


def _text_of(raw: bytes) -> str:
    return line_text(decode_line(raw))
