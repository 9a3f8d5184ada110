"""A run's output as somebody sees it who follows it to its last byte, gaps included."""

from contextlib import suppress
from dataclasses import dataclass

from wizard.record.output.output_log import OutputLog, Segment


_LINE = 4096
"""Bytes in which the beginning of a line is looked for after a skip."""


@dataclass(frozen=True, slots=True)
class OutputPart:
    """What came next.

    Attributes:
        pieces: Streams and bytes, in order.
        lost: Bytes before them that are not kept at all.
        skipped: Bytes before them that were passed over, and are kept.
        more: Whether more is there already.
    """

    pieces: tuple[tuple[int, bytes], ...] = ()
    lost: int = 0
    skipped: int = 0
    more: bool = False


class OutputFollower:
    """Reads an output as it grows, from its beginning on.

    Args:
        log: The output; nobody else uses it.
    """

    def __init__(self, log: OutputLog) -> None:
        self._log = log
        self._at = 0

    @property
    def behind(self) -> bool:
        """Whether there are bytes that were not read."""
        return self._log.end > self._at

    def pass_over(self) -> None:
        """Leave out what is there already."""
        self._at = self._log.end

    def read(self, most: int, behind: int) -> OutputPart:
        """The next bytes.

        Args:
            most: How many at most.
            behind: When more than this wait, all but the last `most` are passed over.
        """
        kept = self._log.segments()
        waiting = [one for one in kept if one.end > self._at]
        if not waiting:
            return OutputPart()
        before, end = self._at, waiting[-1].end
        if end - self._at > behind:
            self._at = end - most
            waiting = [one for one in waiting if one.end > self._at]
        self._at = max(self._at, waiting[0].begin)
        lost = self._at - before - sum(max(0, min(one.end, self._at) - max(one.begin, before)) for one in kept)
        pieces: tuple[tuple[int, bytes], ...] = ()
        with suppress(OSError):
            pieces = self._pieces(waiting[0], most, align=self._at > before + lost)
        begin = self._at - sum(len(data) for _, data in pieces)
        return OutputPart(pieces, lost, begin - before - lost, bool(pieces) and self._at < end)

    def _pieces(self, segment: Segment, most: int, *, align: bool) -> tuple[tuple[int, bytes], ...]:
        if align:
            self._at += segment.read(self._at, _LINE).find(b"\n") + 1
        data = segment.read(self._at, most)
        pieces = tuple(segment.apart(data, self._at))
        self._at += len(data)
        return pieces
