"""Finds many literals in a text without looking at each byte of it.

Whatever its place, an occurrence of 15 bytes holds an aligned word of 8. So the text is read as machine words, and the
common case, that none of them belongs to a literal, is decided in C.
"""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import compress, count
from typing import Literal


class _Words:
    """The words of one width that betray a literal, and how far behind its beginning each may stand.

    Args:
        code: Of the width: 4 bytes or 8.
        literals: Each long enough to hold a word at a multiple of 4 bytes.
    """

    def __init__(self, code: Literal["I", "Q"], literals: Collection[bytes]) -> None:
        self._code: Literal["I", "Q"] = code
        self._width = 8 if code == "Q" else 4
        shortest = min(map(len, literals))
        self._step = max(4, (shortest - self._width + 1) // self._width * self._width)
        self._table: dict[int, list[tuple[int, bytes]]] = {}
        for literal in literals:
            for behind in range(self._step):
                word = int.from_bytes(literal[behind : behind + self._width], sys.byteorder)
                self._table.setdefault(word, []).append((behind, literal))
        self._known = frozenset(self._table)

    def found(self, text: bytes) -> Iterator[tuple[int, bytes]]:
        """Where a literal stands, and which."""
        for phase in range(0, self._width, min(self._step, self._width)):
            end = len(text) - (len(text) - phase) % self._width
            words = memoryview(text)[phase : max(phase, end)].cast(self._code)[:: max(1, self._step // self._width)]
            if not self._known.isdisjoint(words):
                yield from self._compared(text, phase, words)

    def _compared(self, text: bytes, phase: int, words: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        apart = max(self._step, self._width)
        for at in compress(count(phase, apart), map(self._known.__contains__, words)):
            for behind, literal in self._table[int.from_bytes(text[at : at + self._width], sys.byteorder)]:
                if at >= behind and text.startswith(literal, at - behind):
                    yield at - behind, literal


class LiteralFinder:
    """All places where one of the literals begins, with the longest that begins there.

    Args:
        names: The name of each literal.
    """

    def __init__(self, names: Mapping[bytes, str]) -> None:
        self._names = names
        long = [literal for literal in names if len(literal) >= 11]
        middle = [literal for literal in names if 7 <= len(literal) < 11]
        self._short = [literal for literal in names if len(literal) < 7]
        self._words = [*([_Words("Q", long)] if long else []), *([_Words("I", middle)] if middle else [])]

    def spans(self, text: bytes, hold: int) -> list[tuple[int, int, str]]:
        """Begin, end and name of every occurrence that begins before `hold`, in order; they may overlap."""
        longest: dict[int, bytes] = {}
        for start, literal in self.found(text):
            if start < hold and len(literal) > len(longest.get(start, b"")):
                longest[start] = literal
        return [(start, start + len(longest[start]), self._names[longest[start]]) for start in sorted(longest)]

    def found(self, text: bytes) -> Iterator[tuple[int, bytes]]:
        """Where each literal stands, and which, in no order."""
        for words in self._words:
            yield from words.found(text)
        for literal in self._short:
            start = text.find(literal)
            while start >= 0:
                yield start, literal
                start = text.find(literal, start + 1)
