"""Which rows of a file stand on the screen: where one is in it, and how one moves. It draws nothing."""

from dataclasses import dataclass

from screens.output.output_index import OutputIndex, RawLine
from screens.output.output_strips import LineStyle, rows_of_line


@dataclass(frozen=True, slots=True, order=True)
class RowPosition:
    """A row: a line of the file, and which of its rows when it is wrapped."""

    line: int = 0
    row: int = 0


class Viewport:
    """A window of some rows on a file. It stays at the end until one moves up.

    Args:
        index: The file, or None for nothing.
    """

    def __init__(self, index: OutputIndex | None = None) -> None:
        self.index = index
        self.look = LineStyle()
        self.height = 0
        self.following = True
        """Whether the newest row stays in sight."""
        self._top = RowPosition()

    @property
    def lines(self) -> int:
        """How many lines there are so far."""
        return 0 if self.index is None else self.index.lines

    @property
    def top(self) -> RowPosition:
        """The first row on the screen."""
        end = self._end()
        return end if self.following else min(self._top, end)

    def visible(self) -> list[tuple[int, RawLine, int]]:
        """What stands on the screen, row by row: the line's number, the line, which of its rows."""
        if self.index is None or self.height <= 0:
            return []
        top = self.top
        found: list[tuple[int, RawLine, int]] = []
        for number, line in enumerate(self.index.window(top.line, self.height), top.line):
            skipped = top.row if number == top.line else 0
            found += [(number, line, row) for row in range(skipped, self._rows(line))]
            if len(found) >= self.height:
                break
        return found[: self.height]

    def move(self, by: int) -> None:
        """Go down by so many rows, or up."""
        if not self.look.wrap or self.index is None:
            self.go(RowPosition(self.top.line + by))
        else:
            self.go(self._down(self.top, by) if by > 0 else self._up(self.top, -by))

    def go(self, place: RowPosition) -> None:
        """Put this row on top, as far as there is a screen full below it; at the end it is followed."""
        end = self._end()
        self._top = max(RowPosition(), min(place, end))
        self.following = self._top >= end

    def show(self, number: int, row: int = 0, *, nearest: bool = False) -> None:
        """Bring a row into sight and stay there.

        Args:
            number: The line.
            row: Which of its rows.
            nearest: Move no more than is needed; otherwise a row that was out of sight stands in the upper third.
        """
        seen = [(line, at) for line, _, at in self.visible()]
        if seen and (number, row) not in seen:
            above = self.height // 3 if not nearest else self.height - 1 if (number, row) > seen[-1] else 0
            self.go(self._up(RowPosition(number, row), above))
        self._top, self.following = self.top, False

    def _rows(self, line: RawLine) -> int:
        return len(rows_of_line(line, self.look)) if self.look.wrap else 1

    def _end(self) -> RowPosition:
        """The place from which the last row is the lowest on the screen."""
        first = max(0, self.lines - max(1, self.height))
        if not self.look.wrap or self.index is None:
            return RowPosition(first)
        room = self.height
        lines = self.index.window(first, self.height)
        for number in range(len(lines) - 1, -1, -1):
            rows = self._rows(lines[number])
            if rows >= room:
                return RowPosition(first + number, rows - room)
            room -= rows
        return RowPosition(first)

    def _down(self, place: RowPosition, by: int) -> RowPosition:
        lines = [] if self.index is None else self.index.window(place.line, by + 1)
        left = by + place.row
        for number, line in enumerate(lines, place.line):
            rows = self._rows(line)
            if left < rows:
                return RowPosition(number, left)
            left -= rows
        return RowPosition(self.lines)

    def _up(self, place: RowPosition, by: int) -> RowPosition:
        if by <= place.row or self.index is None:
            return RowPosition(place.line, max(0, place.row - by))
        left = by - place.row
        first = max(0, place.line - left)
        lines = self.index.window(first, place.line - first)
        for number in range(len(lines) - 1, -1, -1):
            rows = self._rows(lines[number])
            if left <= rows:
                return RowPosition(first + number, rows - left)
            left -= rows
        return RowPosition()
