"""Counts and finds the matches of one pattern in the pieces of a file."""

import re
from array import array
from string import ascii_letters
from typing import NamedTuple

from screens.output.searching.pattern import Pattern
from screens.output.searching.pieces import PIECE, Pieces, SearchPiece, plain_bytes, starts_of, texts_of


_UNKNOWN = -1


class Hit(NamedTuple):
    """One match.

    Args:
        line: Offset at which its line begins.
        start: Its first character in the line's text.
        end: Behind its last character.
    """

    line: int
    start: int
    end: int


class OutputSearch:
    """Holds one number a piece, however many matches there are. Every call is short: one piece at a time.

    Args:
        pieces: The file.
        pattern: What is searched for.

    Raises:
        UsageProblem: The pattern is no regular expression.
    """

    def __init__(self, pieces: Pieces, pattern: Pattern) -> None:
        self.pieces = pieces
        self._matcher = pattern.compiled()
        self._regex = pattern.regex
        self._beyond_ascii = not pattern.regex and any(map(_never_ascii, pattern.text))
        raw = pattern.raw
        self._raw = raw if raw is None or pattern.cased else raw.lower()
        self._cased = pattern.cased
        self._counts = array("q")
        self._stale: set[int] = set()
        self._next = 0
        self._last_lined = 0
        self.hits = 0
        """Matches counted so far."""

    @property
    def done(self) -> bool:
        """Whether everything there is was counted."""
        return self._next >= len(self._counts) and not self._stale

    @property
    def counted(self) -> int:
        """How many bytes were counted, from the start without a hole."""
        return min(self._next * PIECE, self.pieces.size)

    def grow(self, size: int) -> None:
        """The file has this many bytes now. The line that was the last one is counted anew with its piece."""
        grown_from, self.pieces.size = self.pieces.size, size
        if size == grown_from:
            return
        self._stale |= {
            number
            for number in (self._last_lined, max(0, grown_from - 1) // PIECE)
            if number < len(self._counts) and self._counts[number] >= 0
        }
        self._counts.extend([_UNKNOWN] * (self.pieces.count - len(self._counts)))

    def count_next(self) -> None:
        """Count one more piece."""
        if self._stale:
            self._count(min(self._stale))
        elif self._next < len(self._counts):
            self._count(self._next)
        while self._next < len(self._counts) and self._counts[self._next] >= 0:
            self._next += 1

    def may_hit(self, number: int) -> bool:
        """Whether the piece has a match; it is counted if it was not."""
        if self._counts[number] < 0 or number in self._stale:
            self._count(number)
        return self._counts[number] > 0

    def hits_in(self, number: int) -> list[Hit]:
        """All matches of the lines that begin in this piece."""
        piece = self.pieces.piece(number)
        if piece is None:
            return []
        lines = zip(starts_of(piece), texts_of(piece, self.pieces), strict=True)
        return [
            Hit(start, match.start(), match.end())
            for start, text in lines
            for match in self._matcher.finditer(text)
            if match.end() > match.start()
        ]

    def ordinal(self, hit: Hit) -> int | None:
        """Which match this is, from 1; None when not everything before it is counted, or it is none any more."""
        number = hit.line // PIECE
        if number > self._next or any(stale < number for stale in self._stale):
            return None
        inside = self.hits_in(number)
        return sum(self._counts[:number]) + inside.index(hit) + 1 if hit in inside else None

    def _count(self, number: int) -> None:
        count = self._counted(number)
        self.hits += count - max(0, self._counts[number])
        self._counts[number] = count
        self._stale.discard(number)

    def _counted(self, number: int) -> int:
        piece = self.pieces.piece(number)
        if piece is None:
            return 0
        self._last_lined = max(self._last_lined, number)
        if self._beyond_ascii and piece.cut is None and piece.data is not None and piece.data.isascii():
            return 0
        if self._raw is not None and piece.cut is None and piece.data is not None:
            plain = plain_bytes(piece.data, cased=self._cased)
            if plain is not None:
                return plain.count(self._raw)
        return self._matched(piece)

    def _matched(self, piece: SearchPiece) -> int:
        texts = texts_of(piece, self.pieces)
        if self._raw is not None:
            data = "\n".join(texts).encode("utf-8", "surrogatepass")
            return (data if self._cased else data.lower()).count(self._raw)
        if not self._regex:
            return sum(1 for _ in self._matcher.finditer("\n".join(texts)))
        found = self._matcher.search
        return sum(
            1
            for text in texts
            if found(text) is not None
            for match in self._matcher.finditer(text)
            if match.end() > match.start()
        )


def _never_ascii(char: str) -> bool:
    """Whether no text of ASCII can match the character, in whatever case."""
    return not char.isascii() and re.search(re.escape(char), ascii_letters, re.IGNORECASE) is None
