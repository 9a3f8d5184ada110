"""Values too short to be found inside other text: masked where they stand as a whole word."""

import re
from collections.abc import Mapping


class WordMask:
    """Masks short values as whole words in a stream. Holds back an end that may be one, at most a few bytes."""

    def __init__(self, words: Mapping[bytes, str], marks: Mapping[str, bytes], counts: dict[str, int]) -> None:
        self._words = words
        self._marks = marks
        self._counts = counts
        self._before = b""
        self._held = b""
        choices = b"|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        self._pattern = re.compile(b"(?<![0-9A-Za-z_])(?:" + choices + b")(?![0-9A-Za-z_])")
        self._ends = {word[:size] for word in words for size in range(1, len(word) + 1)}
        self._longest = max(map(len, words))

    def feed(self, chunk: bytes, *, final: bool = False) -> bytes:
        """Take the next bytes; give back what is decided."""
        text = self._before + self._held + chunk
        at = len(self._before)
        hold = len(text) if final else self._hold(text, at)
        out: list[bytes] = []
        found = self._pattern.search(text, at)
        while found is not None and found.start() < hold:
            name = self._words[found.group()]
            self._counts[name] += 1
            out += [text[at : found.start()], self._marks[name]]
            at = found.end()
            found = self._pattern.search(text, at)
        cut = max(hold, at)
        out.append(text[at:cut])
        self._before, self._held = text[max(0, cut - 1) : cut], text[cut:]
        return b"".join(out)

    def _hold(self, text: bytes, at: int) -> int:
        for start in range(max(at, len(text) - self._longest), len(text)):
            if text[start:] in self._ends:
                return start
        return len(text)
