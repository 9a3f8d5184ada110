"""The live output of a command: a window on its growing file, however long that gets, and a search in it."""

from typing import ClassVar, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from screens.output import output_keyboard, output_window
from screens.output.output_finder import OutputFinder
from screens.output.output_search import SearchField, SearchLine
from screens.output.output_selection import copied, counted
from screens.output.output_window import OutputWindow
from screens.shared.words import safe_text
from wizard.record.output import OutputFile


TAKES_KEYS = "KEYBOARD -> COMMAND, Ctrl+] leaves"
TITLE = "output"

_TICK = 0.5


class OutputPane(Vertical):
    """Shows the file a supervisor writes.

    It follows the end until one scrolls up, and again from the end on. While `takes_keys` is on, every key and paste
    goes to the command but Ctrl+], and the border says so. Several panes may stand beside each other.
    """

    DEFAULT_CSS = """
    OutputPane {
        height: 1fr;
        border-top: solid $foreground 40%;
        border-bottom: solid $foreground 40%;
        border-title-align: right;
        border-subtitle-align: right;
        &:focus-within {
            border-top: solid $foreground;
            border-bottom: solid $foreground;
        }
        &.-takes-keys {
            border-top: double $warning;
            border-bottom: double $warning;
            border-title-color: $warning;
            border-title-style: bold reverse;
        }
        &.-searching {
            border-bottom: none;
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

    KeysTyped: TypeAlias = output_keyboard.KeysTyped
    Left: TypeAlias = output_keyboard.Left
    Resized: TypeAlias = output_window.SizeChanged

    class Searching(Message):
        """The line for searching was opened or closed."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id, classes=classes)
        self.window = OutputWindow(self._changed)
        self._finder = OutputFinder(self.window)
        self.window.spans = self._finder.spans
        self._search = SearchLine()
        self._tick: Timer | None = None
        self._labels = ("", "")
        self.shown: OutputFile | None = None
        self.note = ""
        self._called = TITLE
        self._apart = False
        self._wrap = self._marks = False
        self._focus_before: Widget | None = None

    def compose(self) -> ComposeResult:
        yield self.window
        yield self._search

    @property
    def lines(self) -> int:
        """How many lines are known so far."""
        return self.window.view.lines

    @property
    def following(self) -> bool:
        """Whether the newest line stays in sight."""
        return self.window.following

    @property
    def takes_keys(self) -> bool:
        """Whether keys and pastes go to the command."""
        return self.window.takes_keys

    @takes_keys.setter
    def takes_keys(self, takes: bool) -> None:
        if takes:
            self.end_search()
            self.window.unselect()
        self.window.takes_keys = takes
        self.set_class(takes, "-takes-keys")
        self._changed()

    @property
    def searching(self) -> bool:
        """Whether the search line is open."""
        return self._search.open

    @property
    def selecting(self) -> bool:
        """Whether lines are marked."""
        return self.window.selection is not None

    def focus(self, scroll_visible: bool = True) -> "OutputPane":
        """Give the window the keyboard."""
        if self.window.is_mounted:
            self.window.focus(scroll_visible)
        else:
            self.call_after_refresh(self.window.focus, scroll_visible)
        return self

    def show_file(self, file: OutputFile | None, note: str = "", *, apart: bool | None = None) -> None:
        """Show this file from now on, and what is appended to it; None shows nothing. The file may come later.

        The border says `note` about what comes before its first line. `apart` marks lines of stderr; None: as before.
        """
        self.shown, self.note = file, note
        self._apart = self._apart if apart is None else apart
        self.end_search()
        self.window.show_file(file, apart=self._apart)

    def name_it(self, name: str) -> None:
        """Say on the border whose output it is; an empty name says no more than that it is output."""
        self._called = safe_text(name) or TITLE
        self._changed()

    def finished(self) -> None:
        """The file grows no more; the pane reads what is left of it and then rests."""
        self.window.done = True
        self.window.wake()
        self._changed()

    def search(self) -> None:
        """Open the line for searching, or go back to it."""
        if self.searching:
            self._search.field.focus()
            return
        self._focus_before = self.screen.focused
        self.add_class("-searching")
        self._search.show()
        self.post_message(self.Searching())
        self._tick = self.set_interval(_TICK, self._changed)

    def end_search(self) -> None:
        """Close that line and end the search; the window stays where it is."""
        if self._tick is not None:
            self._tick.stop()
            self._tick = None
        if self.searching:
            self.remove_class("-searching")
            self._search.hide()
            self._finder.search(None)
            self.screen.set_focus(self._focus_before)
            self.post_message(self.Searching())

    def toggle_wrap(self) -> bool:
        """Long lines go on in the next row, or reach beyond the edge; which of them now."""
        self._wrap = not self._wrap
        self.window.set_look(wrap=self._wrap, marks=self._marks)
        return self._wrap

    def toggle_marks(self) -> bool:
        """Show what is otherwise obeyed or dropped by marks, or not; which of them now."""
        self._marks = not self._marks
        self.window.set_look(wrap=self._wrap, marks=self._marks)
        return self._marks

    def select(self, by: int = 0) -> None:
        """Mark a line, or more of them when lines are marked already."""
        selection = self.window.selection
        self.window.select_to(self.window.cursor if selection is None else selection.head + by)

    def unselect(self) -> None:
        """Mark nothing any more."""
        self.window.unselect()

    def copy(self) -> str:
        """Hand the marked lines to the terminal's clipboard; the sentence says what was done."""
        said, text = copied(self.window.index, self.window.selection, marks=self._marks)
        if text:
            self.app.copy_to_clipboard(text)
            self.unselect()
        return said

    def show_offset(self, offset: int) -> int:
        """Go to the line that holds this byte of the file; its number, from 1."""
        index = self.window.index
        number = 0 if index is None else index.number_at(offset)
        self.window.view.show(number)
        self.window.draw()
        return number + 1

    def action_scroll_lines(self, count: int) -> None:
        """Scroll by lines; up ends following."""
        self.window.move(count)

    def action_scroll_pages(self, count: int) -> None:
        """Scroll by screens, one line overlapping."""
        self.window.move_pages(count)

    def action_scroll_columns(self, count: int) -> None:
        """Scroll sideways."""
        self.window.move_columns(count)

    def action_first_line(self) -> None:
        """Go to the first line."""
        self.window.to_start()

    def action_follow(self) -> None:
        """Go to the last line and stay with it."""
        self.window.to_end()

    def on_unmount(self) -> None:
        """End the search; what it would say of itself is gone already."""
        self._search.remove_class("-open")
        self._finder.close()

    @on(SearchLine.Asked)
    def _asked(self, message: SearchLine.Asked) -> None:
        message.stop()
        self._finder.search(message.pattern)
        self._changed()

    @on(SearchField.Wanted)
    def _wanted(self, message: SearchField.Wanted) -> None:
        message.stop()
        self._search.obey(
            message.what,
            step=lambda back: self._finder.step(back=back),
            turn=self.window.move_pages,
            end=self.end_search,
        )

    def _changed(self) -> None:
        """Say on the border what this is or where keys go, and where in the output we are."""
        if not self.is_mounted:
            return
        title = self._called
        if self.window.takes_keys:
            title = TAKES_KEYS if title == TITLE else f"{TAKES_KEYS} · {title}"
        state = _where(self.window, self.note)
        state += (" · wrapped" if self._wrap else "") + (" · control marks" if self._marks else "")
        if (title, state) != self._labels:
            self._labels = title, state
            self.border_title, self.border_subtitle = Content(f" {title} "), Content(f" {state} ")
        if self.searching:
            self._finder.grow()
            self._search.say(self._finder.state, self._finder.wrong)


def _where(window: OutputWindow, note: str) -> str:
    """Where in the output we are, in words."""
    lines, rows = window.view.lines, window.seen
    last = rows[-1][0] + 1 if rows else 0
    state = counted(lines) if window.following else f"line {last:,} of {lines:,}"
    if window.following and not window.done:
        state = f"follows · {state}"
    if window.selection is not None:
        state = f"{counted(window.selection.count)} marked · {state}"
    return f"{note} · {state}" if note else state
