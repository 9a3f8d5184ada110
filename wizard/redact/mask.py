"""Literals out of a stream, also where line ends or colour codes stand inside them."""

from collections.abc import Mapping
from dataclasses import dataclass

from wizard.redact.finder import Finder
from wizard.redact.noise import NoiseMap, quiet, unfinished
from wizard.redact.trie import Beginnings


_SHOWN_BEFORE_WRAP = 3
"""Bytes of a secret that stay readable before a line end inside it, so that the line end itself is not held back."""

_MOST_HELD = 65536
"""A beginning of a secret followed by endless colour codes is let go at this size; memory stays bounded."""


@dataclass(slots=True)
class _Region:
    """What is being masked, in positions of the quiet text; `end` is -1 where nothing is."""

    end: int = -1
    name: str = ""


class LiteralMask:
    """Masks literals in the quiet text and lets the noise through, so that lines and colours stay.

    A match that begins before `hold` (the longest end that may begin a literal) is known in full; everything before
    `cut` (`hold`, or the line end close behind it) is emitted; `context` is what was emitted between the two.
    """

    def __init__(
        self,
        finder: Finder,
        beginnings: Beginnings,
        marks: Mapping[str, bytes],
        counts: dict[str, int],
    ) -> None:
        self._finder = finder
        self._beginnings = beginnings
        self._marks = marks
        self._counts = counts
        self._held = b""
        self._context = b""
        self._region = _Region()

    def feed(self, chunk: bytes, *, final: bool = False) -> bytes:
        """Take the next bytes; give back what is decided."""
        raw = self._held + chunk
        body = raw if final else raw[: len(raw) - unfinished(raw)]
        text = self._context + quiet(body)
        hold = len(text) if final else self._beginnings.held(text)
        spans = self._finder.spans(text, hold)
        if spans or self._region.end >= 0:
            out, place = self._masked(body, text, hold, spans)
        elif hold == len(text):
            out, place, self._context = body, len(body), b""
        else:
            place = self._cut(body, text, hold)
            out = body[:place]
        self._held = raw[place:]
        if len(self._held) > _MOST_HELD:
            out += self.feed(b"", final=True)
        return out

    def _cut(self, body: bytes, text: bytes, hold: int) -> int:
        """Where to cut when nothing is masked: only the end of the text needs a map. A line end is a safe start."""
        near = body.rfind(b"\n", 0, max(0, len(body) - 4 * (len(text) - hold) - 256)) + 1
        behind = len(text) - len(quiet(body[near:])) if near else 0
        if not near or behind > hold:
            near, behind = 0, len(self._context)
        noise = NoiseMap.of(body[near:], behind)
        return near + noise.place(self._keep(noise, text, hold))

    def _keep(self, noise: NoiseMap, text: bytes, hold: int) -> int:
        """The end of what may be emitted; remembers what of a possible secret goes out with it."""
        wrap = noise.wrap_after(hold)
        cut = wrap if wrap is not None and wrap - hold <= _SHOWN_BEFORE_WRAP else hold
        self._context = text[hold:cut]
        return cut

    def _masked(self, body: bytes, text: bytes, hold: int, spans: list[tuple[int, int, str]]) -> tuple[bytes, int]:
        noise = NoiseMap.of(body, len(self._context))
        out: list[bytes] = []
        place = 0
        for begin, end, name in spans:
            wrap = noise.wrap_after(begin)
            start = wrap if wrap is not None and wrap < end and wrap - begin <= _SHOWN_BEFORE_WRAP else begin
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
        """The raw bytes from `place` to quiet position `end`, of what is masked only the noise."""
        stop = noise.place(end)
        middle = max(place, noise.place(min(self._region.end, end)))
        return noise.noise_between(place, middle) + noise.raw[middle:stop]
