"""What may stand inside a secret without hiding it: line ends of a wrap and the escape codes of colours."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain


_ESCAPE = re.compile(rb"\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]")
_NOISE = re.compile(rb"(?:[\r\n]+|\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~])+")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]{0,64}[ -/]{0,8})?\Z")
_LONGEST_ESCAPE = 80


def quiet(raw: bytes) -> bytes:
    """The bytes without noise. At most one pass for escape codes and one for line ends, both in C."""
    if b"\x1b" in raw:
        raw = _ESCAPE.sub(b"", raw)
    return raw.translate(None, b"\r\n")


def unfinished(raw: bytes) -> int:
    """The length of an escape code that has begun at the end of `raw` and may still turn out to be noise."""
    found = _UNFINISHED.search(raw, max(0, len(raw) - _LONGEST_ESCAPE))
    return 0 if found is None else len(raw) - found.start()


@dataclass(slots=True)
class NoiseMap:
    """Where each byte of the quiet text stands in the raw one.

    Args:
        raw: Bytes that end in no unfinished escape code.
        lead: How many bytes of quiet text stand before `raw` (already emitted, a line end between).
    """

    raw: bytes
    lead: int
    _quiet: list[int]
    _raw: list[int]
    _wraps: list[int]

    @classmethod
    def of(cls, raw: bytes, lead: int) -> "NoiseMap":
        """Walk the noise of `raw` once."""
        starts, places, wraps = [lead], [0], [lead] if lead else []
        removed = 0
        for found in _NOISE.finditer(raw):
            start, end = found.span()
            at = lead + start - removed
            removed += end - start
            starts.append(at)
            places.append(end)
            noise = found.group()
            if b"\n" in noise or b"\r" in noise:
                wraps.append(at)
        return cls(raw, lead, starts, places, wraps)

    def place(self, at: int) -> int:
        """The raw position of quiet byte `at`, behind the noise before it; 0 for what was emitted already."""
        if at < self.lead:
            return 0
        entry = bisect_right(self._quiet, at) - 1
        return self._raw[entry] + at - self._quiet[entry]

    def wrap_after(self, at: int) -> int | None:
        """The first quiet position behind `at` that a line end stands directly before."""
        entry = bisect_right(self._wraps, at)
        return self._wraps[entry] if entry < len(self._wraps) else None

    def noise_between(self, start: int, end: int) -> bytes:
        """The noise of the raw bytes from `start` to `end`, two raw positions."""
        return b"".join(chain(_NOISE.findall(self.raw, start, end)))
