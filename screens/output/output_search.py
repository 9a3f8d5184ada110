"""The line in which one types what is searched for in the output."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from screens.keys import Key, bindings_of
from screens.output.searching.pattern import Pattern
from screens.shared.line_field import LineField


_SETTLED = 0.12
"""Seconds after the last key after which what was typed is searched for."""


class SearchField(LineField):
    """The field; its keys are those of the search."""

    WHERE: ClassVar[str] = "search"
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("next", ("enter", "down", "ctrl+f"), "search('next')", "next", "Go to the next match."),
        Key(
            "previous",
            ("up", "shift+enter"),
            "search('previous')",
            "previous",
            "Go to the match before; without one at the end, to the last.",
        ),
        Key("regex", ("ctrl+r",), "search('regex')", "regex", "Search for a regular expression, or for a text."),
        Key("search-page-up", ("pageup",), "search('page-up')", "page up", "Scroll up.", foot=False),
        Key("search-page-down", ("pagedown",), "search('page-down')", "page down", "Scroll down.", foot=False),
        Key("end-search", ("escape",), "search('end')", "end the search", "End the search and stay there."),
    )
    BINDINGS = bindings_of(WHERE, KEYS)

    class Wanted(Message):
        """A key of the search was pressed.

        Args:
            what: `next`, `previous`, `regex`, `end`, `page-up` or `page-down`.
        """

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def action_search(self, what: str) -> None:
        """Pass the key on."""
        self.post_message(self.Wanted(what))


class SearchLine(Horizontal):
    """Field, state and what the search heeds, in one row."""

    DEFAULT_CSS = """
    SearchLine {
        display: none;
        height: 1;
        &.-open { display: block; }
        & > Static { width: auto; height: 1; }
        & > Input { width: 1fr; min-width: 8; height: 1; border: none; padding: 0; background: transparent; }
        & > Input:focus { border: none; }
    }
    """

    class Asked(Message):
        """Search for something else; None for nothing.

        Args:
            pattern: What.
        """

        def __init__(self, pattern: Pattern | None) -> None:
            super().__init__()
            self.pattern = pattern

    def __init__(self) -> None:
        super().__init__()
        self.field = SearchField(select_on_focus=True)
        """Where one types."""
        self._said = Static("", classes="state", markup=False)
        self._regex = False
        self._settling: Timer | None = None
        self._asked: Pattern | None = None
        self._state = ""

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(" find ", "bold"), markup=False)
        yield self.field
        yield self._said

    @property
    def open(self) -> bool:
        """Whether the line is there."""
        return self.has_class("-open")

    def show(self) -> None:
        """Open the line with what was searched for last."""
        self.add_class("-open")
        self.say("")
        self.field.focus()
        self.ask()

    def hide(self) -> None:
        """Close it."""
        self.remove_class("-open")
        self._stop_settling()
        self._asked = None

    def say(self, state: str, wrong: str = "") -> None:
        """Say how far the search is, or why there is none."""
        pattern = self._pattern
        case = "" if pattern is None else " · exact case" if pattern.cased else " · any case"
        sort = "regex, Ctrl+R text" if self._regex else "text, Ctrl+R regex"
        line = f"  ! {wrong} " if wrong else f"  {state}{case} · {sort} "
        if line != self._state:
            self._state = line
            self._said.update(Content(line))

    def obey(
        self, what: str, *, step: Callable[[bool], None], turn: Callable[[int], None], end: Callable[[], None]
    ) -> None:
        """Do what a key of the search wants.

        Args:
            what: As `SearchField.Wanted` has it.
            step: Goes to the next match, or back to the one before.
            turn: Turns so many pages of what is searched.
            end: Closes this line.
        """
        match what:
            case "next" | "previous":
                self.ask()
                step(what == "previous")
            case "regex":
                self._regex = not self._regex
                self.ask()
            case "page-up" | "page-down":
                turn(1 if what == "page-down" else -1)
            case _:
                end()

    def ask(self) -> None:
        """Search for what stands there now."""
        self._stop_settling()
        if self._pattern != self._asked:
            self._asked = self._pattern
            self.post_message(self.Asked(self._asked))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search once the typing pauses."""
        event.stop()
        self._stop_settling()
        if self.open:
            self._settling = self.set_timer(_SETTLED, self.ask)

    @property
    def _pattern(self) -> Pattern | None:
        text = self.field.value
        return Pattern(text, self._regex) if text else None

    def _stop_settling(self) -> None:
        if self._settling is not None:
            self._settling.stop()
            self._settling = None
