"""Which lines of an output are of a standard error that was kept apart."""

from bisect import bisect_right
from itertools import islice
from pathlib import Path

from screens.output.output_index import RawLine
from wizard.record.recovery import TIMING, Stream, Timing, read_timing, timing_at


TERMINAL, MIXED, STDERR = "  ", "2+", "2|"
"""What stands before a line: nothing, stderr behind something of the terminal, stderr from its beginning on."""

_MOST = 50_000
"""Records looked at for one screen; a line of more pieces than that is told by its first ones."""


class StreamMarks:
    """Tells the streams of visible lines by the run's `timing`, and holds nothing of it.

    Args:
        output: The run's `output`; `timing` stands beside it.
    """

    def __init__(self, output: Path) -> None:
        self._timing = output.with_name(TIMING)

    def marks(self, lines: list[RawLine]) -> dict[int, str]:
        """The mark of each line, by its offset.

        Args:
            lines: Neighbours, in order.
        """
        if not lines:
            return {}
        pieces = self._pieces(lines[0].start, lines[-1].start + lines[-1].length)
        offsets = [piece.offset for piece in pieces]
        marks: dict[int, str] = {}
        for line in lines:
            first = max(0, bisect_right(offsets, line.start) - 1)
            behind = max(first + 1, bisect_right(offsets, line.start + line.length))
            streams = [piece.stream == Stream.STDERR for piece in pieces[first:behind]]
            marks[line.start] = TERMINAL if not any(streams) else STDERR if streams[0] else MIXED
        return marks

    def _pieces(self, start: int, stop: int) -> list[Timing]:
        found: list[Timing] = []
        for piece in islice(read_timing(self._timing, timing_at(self._timing, start)), _MOST):
            if piece.offset > stop:
                break
            found.append(piece)
        return found
