"""Literals out of a stream, also where something stands inside them that hides nothing from a reader."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wizard.execution.redact.beginnings import Beginnings
from wizard.execution.redact.finder import LiteralFinder
from wizard.execution.redact.views import NoiseMap, TextView


_SHOWN_BEFORE_GAP = 3
"""Bytes of a secret that stay readable before a line end inside it, so that the line end itself is not held back."""

_MOST_HELD = 65536
"""A beginning of a secret followed by endless colour codes is let go at this size; memory stays bounded."""

_END = 1024
"""Bytes at the end of a clean chunk that are looked at, if as many of them are no noise as a literal may have."""

_LINE = 4096
_WORD = re.compile(rb"(?<=[0-9A-Za-z])[0-9A-Za-z]")


def _safe_start(raw: bytes, before: int) -> int:
    """A place close before another from where on the text may be looked at alone: a line end, or within a word."""
    if before <= 0:
        return 0
    near = raw.rfind(b"\n", max(0, before - _LINE), before)
    if near < 0 and raw.isascii() and b"\x1b" not in raw:
        word = _WORD.search(raw, max(1, before - _END), before)
        near = word.start() if word is not None else 0
    return max(0, near)


class Sought:
    """The literals of all secrets as they stand in one view.

    Args:
        view: How texts are looked at.
        names: The name of each literal.
    """

    def __init__(self, view: TextView, names: Mapping[bytes, str]) -> None:
        self.view = view
        self.finder = LiteralFinder(names)
        self._beginnings = Beginnings(names)
        self.longest = self._beginnings.longest

    def held(self, text: bytes) -> int:
        """Where the longest end of a quiet text starts that may be the beginning of a literal."""
        return self._beginnings.held(text)


@dataclass(slots=True)
class _Region:
    """What is being masked, in positions of the quiet text; `end` is -1 where nothing is."""

    end: int = -1
    name: str = ""


class LiteralMask:
    """Masks literals in the quiet text and lets line ends and colours through.

    A match that begins before `hold` (the longest end that may begin a literal) is known in full; everything before
    `cut` (`hold`, or the gap close behind it) is emitted; `context` is what was emitted between the two.

    Args:
        sought: What is masked.
        marks: What stands for each name.
        counts: How often each name was masked; counted up.
    """

    def __init__(self, sought: Sought, marks: Mapping[str, bytes], counts: dict[str, int]) -> None:
        self._sought = sought
        self._marks = marks
        self._counts = counts
        self._indented = False
        self._held = b""
        self._context = b""
        self._region = _Region()

    def feed(self, chunk: bytes, *, clean: bool = False, final: bool = False) -> bytes:
        """Take the next bytes; give back what is decided.

        Args:
            chunk: Bytes that end in nothing unfinished.
            clean: Whether it is known that no literal ends in them; then only their end is looked at.
            final: Whether they are the last ones.
        """
        raw = self._held + chunk
        clean = clean and self._region.end < 0
        near, text = self._end_of(raw) if clean else (0, self._text(raw))
        hold = len(text) if final else self._sought.held(text)
        spans = [] if clean else self._sought.finder.spans(text, hold)
        if spans or self._region.end >= 0:
            out, place = self._masked(raw, text, hold, spans)
        elif hold == len(text):
            out, place, self._context = raw, len(raw), b""
        else:
            near, text, hold = self._nearer(raw, near, text, hold)
            noise = self._map(raw, near)
            place = near + noise.place(self._keep(noise, text, hold))
            out = raw[:place]
        self._held = raw[place:]
        self._indented = self._ends_in_indent(raw[:place])
        if len(self._held) > _MOST_HELD:
            out += self.feed(b"", final=True)
        return out

    def _end_of(self, raw: bytes) -> tuple[int, bytes]:
        """A place behind which all stands that may begin a literal, or 0; and the quiet text from it."""
        near = _safe_start(raw, len(raw) - _END)
        text = self._sought.view.quiet(raw[near:]) if near > 0 else b""
        return (near, text) if len(text) >= self._sought.longest else (0, self._text(raw))

    def _text(self, raw: bytes) -> bytes:
        return self._context + self._sought.view.quiet(raw, indented=self._indented)

    def _nearer(self, raw: bytes, near: int, text: bytes, hold: int) -> tuple[int, bytes, int]:
        """The same place to hold from, counted from a place close before it where there is one."""
        closer = _safe_start(raw, len(raw) - 4 * (len(text) - hold) - 64)
        if closer > near:
            end = self._sought.view.quiet(raw[closer:])
            if len(end) > len(text) - hold:
                return closer, end, hold - len(text) + len(end)
        return near, text, hold

    def _map(self, raw: bytes, near: int) -> NoiseMap:
        view = self._sought.view
        if near:
            return NoiseMap.of(view, raw[near:], 0)
        return NoiseMap.of(view, raw, len(self._context), indented=self._indented)

    def _ends_in_indent(self, emitted: bytes) -> bool:
        """Whether blanks that come next are an indent."""
        last = max(emitted.rfind(b"\n"), emitted.rfind(b"\r"))
        if last < 0 and not self._indented:
            return False
        return not self._sought.view.quiet(emitted[last + 1 :], indented=True)

    def _keep(self, noise: NoiseMap, text: bytes, hold: int) -> int:
        """The end of what may be emitted; remembers what of a possible secret goes out with it."""
        gap = noise.gap_after(hold)
        cut = gap if gap is not None and gap - hold <= _SHOWN_BEFORE_GAP else hold
        self._context = text[hold:cut]
        return cut

    def _masked(self, raw: bytes, text: bytes, hold: int, spans: Iterable[tuple[int, int, str]]) -> tuple[bytes, int]:
        noise = self._map(raw, 0)
        out: list[bytes] = []
        place = 0
        for begin, end, name in spans:
            gap = noise.gap_after(begin)
            start = gap if gap is not None and gap < end and gap - begin <= _SHOWN_BEFORE_GAP else begin
            out.append(self._until(noise, place, start))
            place = noise.place(start)
            if end > self._region.end:
                if name != self._region.name or start > self._region.end:
                    out.append(self._marks[name])
                    self._counts[name] += 1
                self._region = _Region(end, name)
        cut = self._keep(noise, text, hold)
        out.append(self._until(noise, place, cut))
        self._region = _Region(self._region.end - hold, self._region.name) if self._region.end >= cut else _Region()
        return b"".join(out), noise.place(cut)

    def _until(self, noise: NoiseMap, place: int, end: int) -> bytes:
        """The raw bytes from `place` to quiet position `end`, of what is masked only the line ends and colours."""
        stop = noise.place(end)
        masked = stop if self._region.end > end else noise.stop(self._region.end)
        middle = max(place, masked)
        return noise.noise_between(place, middle) + noise.raw[middle:stop]
