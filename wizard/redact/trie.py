"""One regular expression for many literals, their common beginnings factored out; the longest literal wins."""

import re
from bisect import bisect_left


def pattern(words: list[bytes]) -> re.Pattern[bytes]:
    """Compile an expression that finds, leftmost, the longest of the words."""
    return re.compile(_branch(sorted(set(words))), re.DOTALL)


def _branch(words: list[bytes]) -> bytes:
    """The expression for sorted, distinct words."""
    shared = _shared(words[0], words[-1])
    head = re.escape(shared)
    rest = [word[len(shared) :] for word in words]
    optional = rest[0] == b""
    if optional:
        rest = rest[1:]
    if not rest:
        return head
    groups: list[bytes] = []
    start = 0
    while start < len(rest):
        first = rest[start][:1]
        end = start
        while end < len(rest) and rest[end][:1] == first:
            end += 1
        groups.append(_branch(rest[start:end]))
        start = end
    body = groups[0] if len(groups) == 1 and not optional else b"(?:" + b"|".join(groups) + b")"
    return head + body + (b"?" if optional else b"")


def _shared(first: bytes, last: bytes) -> bytes:
    """The common beginning of the first and last of sorted words, and so of all between."""
    size = 0
    for one, other in zip(first, last, strict=False):
        if one != other:
            break
        size += 1
    return first[:size]


class Beginnings:
    """Answers where the end of a text may be the beginning of a word."""

    def __init__(self, words: list[bytes]) -> None:
        self._words = sorted(set(words))
        self.longest = max(map(len, self._words))
        self._first = re.compile(b"[" + b"".join(re.escape(bytes([c])) for c in {w[0] for w in self._words}) + b"]")

    def held(self, text: bytes) -> int:
        """Where the longest end of `text` starts that is a proper beginning of a word; its length if none is."""
        for found in self._first.finditer(text, max(0, len(text) - self.longest + 1)):
            if self._begins(text[found.start() :]):
                return found.start()
        return len(text)

    def _begins(self, end: bytes) -> bool:
        place = bisect_left(self._words, end)
        if place < len(self._words) and self._words[place] == end:
            place += 1
        return place < len(self._words) and self._words[place].startswith(end)
