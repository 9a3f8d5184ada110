"""The live output of a command: a window on its growing file, however long that gets."""

from pathlib import Path
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from screens.widgets.output_index import OutputIndex, RawLine
from screens.widgets.output_keys import key_bytes, paste_bytes
from screens.widgets.output_strips import strip_of


FRAMES = 15
"""Looks at the file in a second."""

LEAVE = "ctrl+right_square_bracket"
TAKES_KEYS = "KEYBOARD -> COMMAND, Ctrl+] leaves"
TITLE = "output"


class OutputPane(ScrollView, can_focus=True):
    """Shows the file a supervisor writes; only visible lines are read and decoded.

    It follows the end until one scrolls up, and again from the end on. While `takes_keys` is on, every key and paste
    goes to the command but Ctrl+], and the border says so.
    """

    DEFAULT_CSS = """
    OutputPane {
        height: 1fr;
        scrollbar-size: 0 0;
        overflow: auto;
        border-top: solid $foreground 40%;
        border-bottom: solid $foreground 40%;
        border-title-align: right;
        border-subtitle-align: right;
        &:focus {
            border-top: solid $foreground;
            border-bottom: solid $foreground;
        }
        &.-takes-keys {
            border-top: double $warning;
            border-bottom: double $warning;
            border-title-color: $warning;
            border-title-style: bold reverse;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_lines(-1)", "Line up", show=False, id="output.up"),
        Binding("down", "scroll_lines(1)", "Line down", show=False, id="output.down"),
        Binding("pageup", "scroll_pages(-1)", "Page up", show=False, id="output.page-up"),
        Binding("pagedown", "scroll_pages(1)", "Page down", show=False, id="output.page-down"),
        Binding("left", "scroll_columns(-8)", "Left", show=False, id="output.left"),
        Binding("right", "scroll_columns(8)", "Right", show=False, id="output.right"),
        Binding("home", "first_line", "Start of the output", show=False, id="output.home"),
        Binding("end", "follow", "Follow the output", show=False, id="output.end"),
    ]

    ALLOW_SELECT = False

    takes_keys: reactive[bool] = reactive(default=False)
    """Whether keys and pastes go to the command."""

    following: reactive[bool] = reactive(default=True)
    """Whether the newest line stays in sight."""

    class KeysTyped(Message):
        """Keys or a paste for the command, as a terminal would send them."""

        def __init__(self, data: bytes) -> None:
            super().__init__()
            self.data = data

    class Left(Message):
        """The person wants the keyboard back from the command."""

    class Resized(Message):
        """How much room there is for the command's output now.

        Args:
            columns: Width in cells.
            rows: Height in lines.
        """

        def __init__(self, columns: int, rows: int) -> None:
            super().__init__()
            self.columns = columns
            self.rows = rows

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id, classes=classes)
        self._index: OutputIndex | None = None
        self._timer: Timer | None = None
        self._done = True  # nothing to look at until there is a file
        self._shown: tuple[tuple[int, int, int], list[RawLine]] | None = None
        self._widest = 0
        self._room = Size(0, 0)
        self._labels = ("", "")

    @property
    def lines(self) -> int:
        """How many lines are known so far."""
        return 0 if self._index is None else self._index.lines

    def show_file(self, path: Path | None) -> None:
        """Show this file from now on, and what is appended to it; None shows nothing. The file may come later."""
        self._close()
        self._index = None if path is None else OutputIndex(path)
        self._done = path is None
        self._widest = 0
        self.set_scroll(0, 0)
        self.following = True
        if self._timer is not None:
            self._timer.resume()
        self._look()

    def finished(self) -> None:
        """The file grows no more; the pane reads what is left of it and then rests."""
        self._done = True
        if self._timer is not None:
            self._timer.resume()

    def render_line(self, y: int) -> Strip:
        """One visible line."""
        column, first = self.scroll_offset
        width = self.scrollable_content_region.width
        lines = self._visible(first)
        if y >= len(lines):
            return Strip.blank(width, self.rich_style)
        strip = strip_of(lines[y], coloured=not self.app.no_color)
        if strip.cell_length > self._widest:
            self._widest = strip.cell_length
            self.call_later(self._fit)
        return strip.crop_extend(column, column + width, None).apply_style(self.rich_style)

    def action_scroll_lines(self, count: int) -> None:
        """Scroll by lines; up ends following."""
        self._go(self.scroll_offset.y + count)

    def action_scroll_pages(self, count: int) -> None:
        """Scroll by screens, one line overlapping."""
        self._go(self.scroll_offset.y + count * max(1, self._height - 1))

    def action_scroll_columns(self, count: int) -> None:
        """Scroll sideways."""
        self.scroll_to(x=self.scroll_offset.x + count, animate=False, force=True)

    def action_first_line(self) -> None:
        """Go to the first line."""
        self.scroll_to(x=0, y=0, animate=False, force=True)
        self.following = self.max_scroll_y == 0

    def action_follow(self) -> None:
        """Go to the last line and stay with it."""
        self.following = True
        self._to_end()

    def on_mount(self) -> None:
        """Begin to look at the file."""
        self._timer = self.set_interval(1 / FRAMES, self._look, name="output")
        self._look()

    def on_unmount(self) -> None:
        """Let go of the file."""
        self._close()

    def on_resize(self) -> None:
        """Tell the room there is; the end stays in sight when followed."""
        room = self.scrollable_content_region.size
        if room != self._room:
            self._room = room
            self.post_message(self.Resized(room.width, room.height))
        self._fit()

    def on_key(self, event: events.Key) -> None:
        """Give the key to the command, when it has the keyboard."""
        if not self.takes_keys:
            return
        event.stop()
        event.prevent_default()
        if event.key == LEAVE:
            self.post_message(self.Left())
        elif data := key_bytes(event.key, event.character):
            self.post_message(self.KeysTyped(data))

    def on_paste(self, event: events.Paste) -> None:
        """Give the paste to the command, when it has the keyboard."""
        if self.takes_keys:
            event.stop()
            event.prevent_default()
            if data := paste_bytes(event.text):
                self.post_message(self.KeysTyped(data))

    def watch_takes_keys(self, takes: bool) -> None:
        """Say on the border where keys go."""
        self.set_class(takes, "-takes-keys")
        self._label()

    def watch_following(self) -> None:
        """Say on the border whether the end stays in sight."""
        self._label()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scrolling up, by key or wheel, ends following; coming back to the end resumes it."""
        super().watch_scroll_y(old_value, new_value)
        if new_value != old_value:
            self.following = new_value >= self.max_scroll_y
            self._label()

    @property
    def _height(self) -> int:
        return self.scrollable_content_region.height

    def _look(self) -> None:
        """Take new bytes into account; the timer stops once a finished file is read to its end."""
        index = self._index
        before = (0, 0) if index is None else (index.size, index.lines)
        more = index is not None and index.grow()
        if self._done and not more and self._timer is not None:
            self._timer.pause()
        if index is None or (index.size, index.lines) != before:
            self._fit()
            self.refresh()

    def _fit(self) -> None:
        """Fit the scrollable size to the lines known."""
        following = self.following
        self.virtual_size = Size(self._widest, self.lines)
        if following:
            self._to_end()
        self._label()

    def _to_end(self) -> None:
        self.scroll_to(y=self.max_scroll_y, animate=False, force=True)
        self.following = True

    def _go(self, line: int) -> None:
        self.scroll_to(y=line, animate=False, force=True)

    def _visible(self, first: int) -> list[RawLine]:
        """The lines on the screen, read once per state of the file."""
        if self._index is None:
            return []
        key = (first, self._height, self._index.size)
        if self._shown is None or self._shown[0] != key:
            self._shown = key, self._index.window(first, self._height)
        return self._shown[1]

    def _label(self) -> None:
        """The border's words: what this is or where keys go, and where in the output we are."""
        title = TAKES_KEYS if self.takes_keys else TITLE
        total = f"{self.lines:,} line" + ("" if self.lines == 1 else "s")
        last = min(self.lines, self.scroll_offset.y + self._height)
        state = f"follows · {total}" if self.following else f"line {last:,} of {self.lines:,}"
        if self._done:
            state = total if self.following else state
        if (title, state) != self._labels:
            self._labels = title, state
            self.border_title, self.border_subtitle = f" {title} ", f" {state} "

    def _close(self) -> None:
        self._shown = None
        if self._index is not None:
            self._index.close()
