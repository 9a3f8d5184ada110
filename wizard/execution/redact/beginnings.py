"""Where the end of a text may be the beginning of a literal."""

import sys
from bisect import bisect_left
from collections.abc import Iterable


_HEAD = 4


class Beginnings:
    """Knows the beginnings of some literals, none of them shorter than 4 bytes."""

    def __init__(self, literals: Iterable[bytes]) -> None:
        self._literals = sorted(set(literals))
        self._heads = {literal[:_HEAD] for literal in self._literals}
        self._words = frozenset(int.from_bytes(head, sys.byteorder) for head in self._heads)
        self._ends = {head[:size] for head in self._heads for size in range(1, _HEAD)}
        self.longest = max(map(len, self._literals))

    def held(self, text: bytes) -> int:
        """Where the longest end of `text` starts that is a proper beginning of a literal; its length if none is."""
        size = len(text)
        first = max(0, size - self.longest + 1)
        if self._may_hold(memoryview(text)[first:]):
            for start in range(first, size - _HEAD + 1):
                if text[start : start + _HEAD] in self._heads and self._begins(text[start:]):
                    return start
        return next((at for at in range(max(0, size - _HEAD + 1), size) if text[at:] in self._ends), size)

    def _may_hold(self, end: memoryview) -> bool:
        """Whether the first bytes of a literal stand anywhere in it; decided in C."""
        shifted = (end[shift : len(end) - (len(end) - shift) % _HEAD] for shift in range(min(_HEAD, len(end))))
        return not all(self._words.isdisjoint(each.cast("I")) for each in shifted)

    def _begins(self, end: bytes) -> bool:
        place = bisect_left(self._literals, end)
        if place < len(self._literals) and self._literals[place] == end:
            place += 1
        return place < len(self._literals) and self._literals[place].startswith(end)
