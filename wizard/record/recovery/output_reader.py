"""A run's output as somebody sees it who follows it from its first byte to its last, gaps included."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wizard.errors import RecordProblem
from wizard.places.plain_file import plain_file
from wizard.places.private import open_folder
from wizard.record.recovery.output_streams import StreamReader
from wizard.record.recovery.records import Gap, read_report
from wizard.record.recovery.tail import tail_segments


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


@dataclass(frozen=True, slots=True)
class _Source:
    """A stretch of all that was printed, and the file that has it: byte `first` stands at offset `first - shift`."""

    path: Path
    first: int
    last: int
    shift: int = 0


class OutputReader:
    """Reads a growing output, then its live tail (`wizard.record.recovery.tail`), then what the end left.

    Args:
        output: The run's `output`; need not exist yet.
    """

    def __init__(self, output: Path) -> None:
        self._output = output
        self._at = 0
        self._head: int | None = None
        self._gap: Gap | None = None
        self._readers: dict[Path, StreamReader] = {}

    def ended(self) -> None:
        """The run has ended: from now on its report tells what is missing."""
        with suppress(RecordProblem, ValueError):
            folder = open_folder(self._output.parent)
            try:
                report = read_report(folder)
            finally:
                os.close(folder)
            self._gap = None if report is None else report.kept
            if report is not None:
                self._head = None

    @property
    def behind(self) -> bool:
        """Whether there are bytes that were not read."""
        return self._sources()[-1].last > self._at

    def pass_over(self) -> None:
        """Leave out what is there already."""
        self._at = self._sources()[-1].last

    def read(self, most: int, behind: int) -> OutputPart:
        """The next bytes.

        Args:
            most: How many at most.
            behind: When more than this wait, all but the last `most` are passed over.
        """
        sources = [source for source in self._sources() if source.last > self._at]
        if not sources:
            return OutputPart()
        before, end = self._at, sources[-1].last
        if end - self._at > behind:
            self._at = end - most
            sources = [source for source in sources if source.last > self._at]
        lost = self._lost_until(max(self._at, sources[0].first), before)
        self._at = max(self._at, sources[0].first)
        pieces: tuple[tuple[int, bytes], ...] = ()
        with suppress(OSError):
            pieces = self._pieces(sources[0], most, align=self._at > before + lost)
        begin = self._at - sum(len(data) for _, data in pieces)
        return OutputPart(pieces, lost, begin - before - lost, bool(pieces) and self._at < end)

    def _pieces(self, source: _Source, most: int, *, align: bool) -> tuple[tuple[int, bytes], ...]:
        with plain_file(source.path) as file:
            if align:
                start = os.pread(file, min(_LINE, source.last - self._at), self._at - source.shift)
                self._at += start.find(b"\n") + 1
            data = os.pread(file, min(most, source.last - self._at), self._at - source.shift)
        reader = self._readers.setdefault(source.path, StreamReader(source.path))
        pieces = tuple(reader.cut(self._at - source.shift, data))
        self._at += len(data)
        return pieces

    def _lost_until(self, end: int, begin: int) -> int:
        """Bytes between two places that no file has."""
        kept = sum(max(0, min(source.last, end) - max(source.first, begin)) for source in self._sources())
        return max(0, end - begin - kept)

    def _sources(self) -> list[_Source]:
        size = 0
        with suppress(OSError):
            size = self._output.stat(follow_symlinks=False).st_size
        segments = tail_segments(self._output.parent)
        if segments and self._gap is None:
            self._head = size if self._head is None else self._head
            tail = [_Source(one.output, one.begin, one.end, one.begin) for one in segments]
            return [_Source(self._output, 0, self._head), *tail]
        if self._gap is not None:
            at, lost = self._gap.at, self._gap.lost
            return [_Source(self._output, 0, at), _Source(self._output, at + lost, size + lost, lost)]
        # The end is being appended just now; where it stands in all that was printed is known when it has ended.
        return [_Source(self._output, 0, size if self._head is None else self._head)]
