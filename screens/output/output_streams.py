"""Which lines of an output are of a standard error that was kept apart."""

from bisect import bisect_right
from itertools import islice

from screens.output.output_index import RawLine
from wizard.record.output import OutputFile
from wizard.record.run_layout import Stream, Timing


TERMINAL, MIXED, STDERR = "  ", "2+", "2|"
"""What stands before a line: nothing, stderr behind something of the terminal, stderr from its beginning on."""

_MOST = 50_000
"""Records looked at for one screen; a line of more pieces than that is told by its first ones."""


class StreamMarks:
    """Tells the streams of visible lines, and holds nothing of them.

    Args:
        file: What is shown.
    """

    def __init__(self, file: OutputFile) -> None:
        self._file = file

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
        for piece in islice(self._file.pieces(start), _MOST):
            if piece.offset > stop:
                break
            found.append(piece)
        return found
