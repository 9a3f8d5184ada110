"""The rows of a run's output: draws what is visible of a growing file, and hands keys to the command."""

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from screens.output.output_index import OutputIndex, RawLine
from screens.output.output_keyboard import OutputKeyboard
from screens.output.output_selection import Selection, left_mark
from screens.output.output_streams import TERMINAL, StreamMarks
from screens.output.output_strips import NO_SPANS, Spans, rows_of_line
from screens.output.output_view import RowPosition, Viewport
from wizard.record.output import OutputFile


FRAMES = 15
"""Looks at the file in a second."""

_GUTTER = 2
_WHEEL = 3
_BOLD = RichStyle(bold=True)
_REVERSE = RichStyle(reverse=True)


class SizeChanged(Message, namespace="output_pane"):
    """How much room there is for the command's output now.

    Args:
        columns: Width in cells.
        rows: Height in lines.
    """

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__()
        self.columns = columns
        self.rows = rows


class OutputWindow(OutputKeyboard, can_focus=True):
    """Shows the visible rows of one file; only they are read and decoded.

    Args:
        changed: Called when what is known or where one is has changed.
    """

    DEFAULT_CSS = "OutputWindow { height: 1fr; }"
    ALLOW_SELECT = False

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self.view = Viewport()
        self.selection: Selection | None = None
        self.spans: Callable[[RawLine], Spans] = lambda _: NO_SPANS
        """What is pointed out in a line."""
        self.done = True  # nothing to look at until there is a file
        self._changed = changed
        self._timer: Timer | None = None
        self._left = self._widest = 0
        self._room = Size(0, 0)
        self._rows: list[tuple[int, RawLine, int]] | None = None
        self._streams: StreamMarks | None = None
        self._marks: dict[int, str] = {}
        self._dragged = False
        self._anchor = 0

    @property
    def index(self) -> OutputIndex | None:
        """The file."""
        return self.view.index

    def show_file(self, file: OutputFile | None, *, apart: bool = False) -> None:
        """Show this file from now on; None shows nothing. `apart`: mark the lines of standard error."""
        self.close()
        look = self.view.look
        self.view = Viewport(None if file is None else OutputIndex(file.path))
        self.view.look = look
        self._streams = StreamMarks(file) if file is not None and apart else None
        self.selection = None
        self.done = file is None
        self._left = self._widest = 0
        self._fit()
        self.wake()

    def wake(self) -> None:
        """Look at the file until it is done and read to its end."""
        if self._timer is not None:
            self._timer.resume()
        self._look()

    def close(self) -> None:
        """Let go of the file."""
        if self.view.index is not None:
            self.view.index.close()

    def set_look(self, *, wrap: bool, marks: bool) -> None:
        """Show long lines in rows or cut at the edge; show control marks or not."""
        self.view.look = self.view.look._replace(marks=marks, wrap=1 if wrap else 0)
        self._left = self._widest = 0
        self._fit()

    def move(self, rows: int) -> None:
        """Go down by so many rows, or up; while lines are marked the marked end goes."""
        if self.selection is not None:
            self.select_to(self.selection.head + rows)
        else:
            self.view.move(rows)
            self.draw()

    def move_pages(self, pages: int) -> None:
        """Go by screens, one row overlapping."""
        self.move(pages * max(1, self.view.height - 1))

    def move_columns(self, columns: int) -> None:
        """Go sideways, as far as a line that was seen reaches."""
        self._left = max(0, min(self._left + columns, self._widest - self._width))
        self.refresh()

    def to_start(self) -> None:
        """Go to the first line."""
        self._left = 0
        if self.selection is not None:
            self.select_to(0)
        else:
            self.view.go(RowPosition())
            self.draw()

    def to_end(self) -> None:
        """Go to the last line and stay with it."""
        if self.selection is not None:
            self.select_to(self.view.lines - 1)
        else:
            self.view.following = True
            self.draw()

    def show_line(self, number: int, column: int = 0) -> None:
        """Bring a line into sight, and a column of it; the end is no longer followed."""
        wrap = self.view.look.wrap
        self.view.show(number, column // wrap if wrap else 0)
        if not wrap and not self._left <= column < self._left + self._width:
            self._left = 0 if column < self._width else column - self._width // 2
            self._widest = max(self._widest, column + 1)
        self.draw()

    def select_to(self, number: int) -> None:
        """Mark the lines from where marking began to this one; it begins here when nothing is marked."""
        if self.view.lines:
            number = max(0, min(number, self.view.lines - 1))
            self.selection = Selection(self.selection.anchor if self.selection else number, number)
            self._fit()
            self.view.show(number, nearest=True)
            self.draw()

    def unselect(self) -> None:
        """Mark nothing."""
        self.selection = None
        self._fit()

    @property
    def following(self) -> bool:
        """Whether the newest line stays in sight."""
        return self.view.following

    @property
    def cursor(self) -> int:
        """The line where marking would begin: the last one when the end is followed, else the uppermost."""
        rows = self.seen
        return 0 if not rows else rows[-1][0] if self.view.following else rows[0][0]

    def draw(self) -> None:
        """Draw again what is visible."""
        self._rows = None
        self.refresh()
        self._changed()

    @property
    def seen(self) -> list[tuple[int, RawLine, int]]:
        """What stands on the screen, read once per state."""
        if self._rows is None:
            self._rows = self.view.visible()
            if self._streams is not None:
                self._marks = self._streams.marks([line for _, line, _ in self._rows])
        return self._rows

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        style, rows = self.rich_style, self.seen
        if y >= len(rows):
            return Strip.blank(self.size.width, style)
        number, line, row = rows[y]
        look = self.view.look
        spans = NO_SPANS if look.marks else self.spans(line)  # they are of the text without marks
        made = rows_of_line(line, look._replace(coloured=not self.app.no_color), spans)
        strip = made[min(row, len(made) - 1)]
        self._widest = max(self._widest, strip.cell_length)
        width = self._width
        strip = strip.crop_extend(self._left, self._left + width, None)
        if self.selection is not None and number in self.selection:
            strip = strip.apply_style(_REVERSE)
        if self._gutter:
            mark = left_mark(number, self.selection, self._marks.get(line.start, TERMINAL))
            strip = Strip([Segment(mark, _BOLD), *strip], width + _GUTTER)
        return strip.apply_style(style)

    def on_mount(self) -> None:
        """Begin to look at the file."""
        self._timer = self.set_interval(1 / FRAMES, self._look, name="output")
        self._look()

    def on_unmount(self) -> None:
        """Let go of the file."""
        self.close()

    def on_resize(self) -> None:
        """The end stays in sight when followed."""
        self._fit()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Go down with the wheel."""
        event.stop()
        self.view.move(_WHEEL)
        self.draw()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Go up with the wheel; that ends following."""
        event.stop()
        self.view.move(-_WHEEL)
        self.draw()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to mark lines with the mouse; nothing is marked before it is moved."""
        if event.button == 1 and event.y < len(self.seen) and not self.takes_keys:
            self._dragged = True
            self.selection = None
            self._anchor = self.seen[event.y][0]
            self.capture_mouse()
            self._fit()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Mark the lines from where the mouse was pressed."""
        if not self._dragged or not self.seen:
            return
        y = max(0, min(event.y, len(self.seen) - 1))
        number = self.seen[y][0] + (event.y - y)  # beyond the edge the rows follow
        if self.selection is not None or number != self._anchor:
            if self.selection is None:
                self.selection = Selection(self._anchor, self._anchor)
            self.select_to(number)

    def on_mouse_up(self) -> None:
        """The mouse was let go; what is marked stays."""
        if self._dragged:
            self._dragged = False
            self.release_mouse()

    @property
    def _gutter(self) -> bool:
        return self.selection is not None or self._streams is not None

    @property
    def _width(self) -> int:
        """Cells for the text of a row."""
        return max(1, self.size.width - (_GUTTER if self._gutter else 0))

    def _fit(self) -> None:
        """Fit the rows to the room there is."""
        view = self.view
        view.height = self.size.height
        room = Size(self.size.width - (_GUTTER if self._streams is not None else 0), self.size.height)
        if room != self._room and self.size:
            self._room = room
            self.post_message(SizeChanged(room.width, room.height))
        if view.look.wrap:
            view.look = view.look._replace(wrap=self._width)
        self.draw()

    def _look(self) -> None:
        """Take new bytes into account; the timer stops once a finished file is read to its end."""
        index = self.view.index
        before = (0, 0) if index is None else (index.size, index.lines)
        more = index is not None and index.grow()
        if more:
            self.call_later(self._look)  # behind the keys that came meanwhile
        elif self.done and self._timer is not None:
            self._timer.pause()
        if index is None or (index.size, index.lines) != before:
            self.draw()
