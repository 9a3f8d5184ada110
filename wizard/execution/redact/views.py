"""A text as it is searched, without what hides nothing from a reader, and where its bytes stand in the raw one."""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from wizard.execution.redact.noise import digits, noise_in_digits, noise_in_letters, plain


class _Quiet(Protocol):
    def __call__(self, raw: bytes, *, indented: bool = False) -> bytes: ...


@dataclass(frozen=True, slots=True)
class TextView:
    """One way to look at a text.

    Attributes:
        quiet: Takes the noise out.
        noise: Finds each piece of that noise.
        gap: Finds in it what a program may stop behind for an answer: the bytes before it are not held for long.
    """

    quiet: _Quiet
    noise: Callable[[], re.Pattern[bytes]]
    gap: re.Pattern[bytes]


LETTERS = TextView(plain, noise_in_letters, re.compile(rb"[\r\n]"))
"""Secrets as they are written, escaped or encoded."""

DIGITS = TextView(digits, noise_in_digits, re.compile(rb"[\r\n\t ]"))
"""Secrets of which each byte is written as a number."""

_KEPT = re.compile(rb"[\r\n]|\x1b\[[0-9:;]*m")


@dataclass(slots=True)
class NoiseMap:
    """Where each byte of the quiet text stands in the raw one.

    Args:
        raw: Bytes that end in nothing unfinished.
        lead: How many bytes of quiet text stand before `raw` (already emitted, a gap between).
    """

    raw: bytes
    lead: int
    _noise: re.Pattern[bytes]
    _quiet: list[int]
    _raw: list[int]
    _gaps: list[int]

    @classmethod
    def of(cls, view: TextView, raw: bytes, lead: int, *, indented: bool = False) -> "NoiseMap":
        """Walk the noise of `raw` once; blanks at its begin may be an indent."""
        starts, places, gaps = [lead], [0], [lead] if lead else []
        removed = 0
        noise = view.noise()
        for found in noise.finditer(b"\n" + raw if indented else raw):
            start, end = found.span()
            start, end = max(0, start - indented), end - indented
            at = lead + start - removed
            removed += end - start
            starts.append(at)
            places.append(end)
            if view.gap.search(raw, start, end):
                gaps.append(at)
        return cls(raw, lead, noise, starts, places, gaps)

    def place(self, at: int) -> int:
        """The raw position of quiet byte `at`, behind the noise before it; 0 for what was emitted already."""
        if at < self.lead:
            return 0
        entry = bisect_right(self._quiet, at) - 1
        return self._raw[entry] + at - self._quiet[entry]

    def stop(self, at: int) -> int:
        """The raw position directly behind the quiet byte before `at`."""
        return self.place(at - 1) + 1 if at > self.lead else 0

    def gap_after(self, at: int) -> int | None:
        """The first quiet position behind `at` that a gap stands directly before."""
        entry = bisect_right(self._gaps, at)
        return self._gaps[entry] if entry < len(self._gaps) else None

    def noise_between(self, start: int, end: int) -> bytes:
        """The line ends and colours of the raw bytes from `start` to `end`, two raw positions."""
        pieces = (found.group() for found in self._noise.finditer(self.raw, start, end))
        return b"".join(chain.from_iterable(map(_KEPT.findall, pieces)))
