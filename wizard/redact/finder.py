"""Finds many literals in a text without looking at each byte of it.

Whatever its place, an occurrence of 15 bytes holds an aligned word of 8, one of 7 an aligned word of 4. So the text is
read as machine words and only where a word belongs to a literal does the exact expression look.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from wizard.redact.trie import pattern


class _Words:
    """The aligned words of one width that betray a literal, and how far behind its beginning each may stand."""

    def __init__(self, code: Literal["I", "Q"], width: int, literals: Iterable[bytes]) -> None:
        self._code: Literal["I", "Q"] = code
        self._width = width
        table: dict[int, set[int]] = {}
        for literal in literals:
            for behind in range(width):
                word = int.from_bytes(literal[behind : behind + width], sys.byteorder)
                table.setdefault(word, set()).add(behind)
        self._table = table
        self._known = frozenset(table)

    def starts(self, text: bytes) -> Iterator[int]:
        """Positions where a literal may begin; the common case, none, is decided in C."""
        words = memoryview(text)[: len(text) - len(text) % self._width].cast("B").cast(self._code)
        if self._known.isdisjoint(words):
            return
        for at, word in enumerate(words):
            if word in self._known:
                for behind in self._table[word]:
                    yield at * self._width - behind


class Finder:
    """All places where one of the literals begins, with the longest that begins there.

    Args:
        names: The name of each literal; no literal is shorter than 6 bytes.
    """

    def __init__(self, names: Mapping[bytes, str]) -> None:
        self._names = names
        self._match = pattern(list(names)).match
        long = [literal for literal in names if len(literal) >= 15]
        middle = [literal for literal in names if 7 <= len(literal) < 15]
        short = [literal for literal in names if len(literal) < 7]
        self._words = [
            *([_Words("Q", 8, long)] if long else []),
            *([_Words("I", 4, middle)] if middle else []),
        ]
        self._search = pattern(short).search if short else None

    def spans(self, text: bytes, hold: int) -> list[tuple[int, int, str]]:
        """Begin, end and name of every occurrence that begins before `hold`, in order; they may overlap."""
        found: list[tuple[int, int, str]] = []
        for start in self._starts(text, hold):
            match = self._match(text, start)
            if match is not None:
                found.append((start, match.end(), self._names[match.group()]))
        return found

    def _starts(self, text: bytes, hold: int) -> list[int]:
        starts: set[int] = set()
        for words in self._words:
            starts.update(words.starts(text))
        if self._search is not None:
            short = self._search(text)
            while short is not None:
                starts.add(short.start())
                short = self._search(text, short.start() + 1)
        return sorted(start for start in starts if 0 <= start < hold)
