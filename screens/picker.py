"""The picker: what is unfinished, what can be done."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from screens.background import in_background
from screens.keys import Key, bindings_of
from screens.page import Page
from screens.shelf import Book, Shelf, load_shelf, this_person
from screens.widgets.line_field import LineField
from screens.widgets.marked_list import MARKED_AGAIN, Line, MarkedList
from screens.words import ago, cell, ends, mode_words, shown
from wizard.errors import UplevelError


if TYPE_CHECKING:
    from wizard.engine import Engine, Preparation, SessionSummary


_BUSY = "Something is being opened already. Wait for it."
_STATES = {"running": "●", "paused": "!", "unknown": "?", "open": "!"}


class PickerScreen(Page[None]):
    """Lists; opens a start page or a session.

    Args:
        load: Reads what there is; tests give their own.
    """

    WHERE = "picker"
    BINDINGS = bindings_of("picker")

    class Loaded(Message):
        """What there is was read, or could not be."""

        def __init__(self, outcome: Shelf | UplevelError) -> None:
            super().__init__()
            self.outcome = outcome

    class Prepared(Message):
        """A start page is ready, or there is none."""

        def __init__(self, outcome: "Preparation | UplevelError") -> None:
            super().__init__()
            self.outcome = outcome

    class Resumed(Message):
        """A session was taken up, or could not be."""

        def __init__(self, outcome: "Engine | UplevelError") -> None:
            super().__init__()
            self.outcome = outcome

    def __init__(self, load: Callable[[], Shelf] = load_shelf) -> None:
        super().__init__()
        self._load = load
        self._shelf = Shelf()
        self._busy = False

    def compose_page(self) -> ComposeResult:
        """The list, and the field that finds in it."""
        yield MarkedList(id="list")
        yield LineField(placeholder="a part of the name", id="find", select_on_focus=False)

    def on_mount(self) -> None:
        """Show the frame at once, then read."""
        self.banner.say("uplevel", target=this_person())
        self.query_one(MarkedList).focus()
        self.tell("Looking what there is.")
        self.call_after_refresh(self._read)

    def on_screen_resume(self) -> None:
        """Read again what may have changed meanwhile."""
        if self.is_mounted and self._shelf != Shelf():
            self._read()

    def _read(self) -> None:
        in_background(self, "shelf", self._load, self.Loaded)

    def on_picker_screen_loaded(self, message: Loaded) -> None:
        """Show what there is."""
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
            return
        self._shelf = message.outcome
        self.tell(" ".join(self._shelf.problems), wrong=True)
        self._fill()

    def fit(self) -> None:
        """Fit the columns to the width."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        listed = self.query_one(MarkedList)
        width = max(40, listed.scrollable_content_region.width - 1)
        wanted = self.query_one("#find", Input).value.strip().lower()
        listed.show(self._lines(width, wanted), listed.marked)

    def _lines(self, width: int, wanted: str) -> Iterable[Line]:
        sessions = [each for each in self._shelf.unfinished if wanted in each.title.lower()]
        if sessions:
            yield _heading("Unfinished")
            yield from (Line(f"session:{each.id}", _session_line(each, width)) for each in sessions)
            yield _blank("sessions")
        for title, kind, books in (
            ("Procedures", "book", self._shelf.books),
            ("Yours: ./procedures", "here", self._shelf.here),
        ):
            fits = [book for book in books if wanted in f"{book.name} {book.title}".lower()]
            if fits:
                yield _heading(title)
                yield from (Line(f"{kind}:{book.name}", _book_line(book, width)) for book in fits)
                yield _blank(kind)

    def _marked(self) -> tuple[str, str]:
        kind, _, name = self.query_one(MarkedList).marked.partition(":")
        return kind, name

    def why_not(self, key: Key) -> str:
        """Why the key does nothing as things stand."""
        kind, _ = self._marked()
        if key.id in {"open", "rehearse"} and self._busy:
            return _BUSY
        if key.id in {"open", "rehearse"} and not self.query_one(MarkedList).can_mark:
            return "There is nothing to open."
        if key.id == "rehearse" and kind == "session":
            return "This is a session already. R rehearses a procedure."
        if key.id == "end-find" and not self.query_one("#find").has_class("-open"):
            return "There is nothing to go back to. Ctrl+C leaves."
        return ""

    def unmark(self) -> None:
        """Mark nothing, so that Enter opens nothing."""
        self.query_one(MarkedList).unmark()

    def action_open(self) -> None:
        """Open the start page of the marked procedure, or take the marked session up again."""
        if self.query_one(MarkedList).mark_again():
            self.say(MARKED_AGAIN)
            return
        kind, name = self._marked()
        if kind == "session":
            self._resume(next(each for each in self._shelf.unfinished if each.id == name))
        else:
            self._prepare(name, "live")

    def action_rehearse(self) -> None:
        """Open the start page of a rehearsal."""
        if self.query_one(MarkedList).mark_again():
            self.say(MARKED_AGAIN)
            return
        _, name = self._marked()
        self._prepare(name, "rehearsal")

    def _prepare(self, name: str, mode: Literal["live", "rehearsal"]) -> None:
        self._busy = True
        self.tell("Reading the procedure.")

        def work() -> "Preparation":
            from wizard.engine import Request, prepare

            return prepare(Request(name, mode))

        in_background(self, "prepare", work, self.Prepared)

    def _resume(self, session: "SessionSummary") -> None:
        self._busy = True
        self.tell("Reading the record and looking what became of it.")

        def work() -> "Engine":
            from wizard.engine import resume_session

            return resume_session(session, front_end="textual")

        in_background(self, "resume", work, self.Resumed)

    def on_picker_screen_prepared(self, message: Prepared) -> None:
        """Show the start page, or why there is none."""
        self._busy = False
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
            return
        from screens.start import StartScreen

        self.tell("")
        self.app.push_screen(StartScreen(message.outcome))

    def on_picker_screen_resumed(self, message: Resumed) -> None:
        """Show the session, or why it cannot be shown."""
        self._busy = False
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
            return
        from screens.run import RunScreen

        self.tell("")
        self.app.push_screen(RunScreen(message.outcome))

    def action_find(self) -> None:
        """Open the field that finds."""
        field = self.query_one("#find", Input)
        field.add_class("-open")
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what fits."""
        event.stop()
        self._fill()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the list with what fits."""
        event.stop()
        self.query_one(MarkedList).focus()

    def action_end_find(self) -> None:
        """End finding."""
        field = self.query_one("#find", Input)
        field.value = ""
        field.remove_class("-open")
        self.query_one(MarkedList).focus()

    def action_sessions(self) -> None:
        """Open the list of all sessions."""
        from screens.sessions import SessionsScreen

        self.app.push_screen(SessionsScreen())


def _heading(title: str) -> Line:
    return Line(f"heading:{title}", f" {title}", heading=True)


def _blank(name: str) -> Line:
    return Line(f"blank:{name}", " ", heading=True)


def _session_line(session: "SessionSummary", width: int) -> str:
    words, _ = mode_words(session.mode, session.stage)
    place = f"step {session.step_number} of {session.steps}" if session.step_number else ""
    since = ago(session.last)
    state = {
        "paused": f"paused {since}",
        "unknown": "outcome unknown",
        "open": f"left open {since}",
        "running": "open elsewhere",
    }.get(session.state, session.state)
    right = f"{cell(words, 16)} {cell(place, 14)} {state:>20}"
    left = f"  {_STATES.get(session.state, '!')} {shown(session.title or session.procedure)}"
    return ends(left, right, width)


def _book_line(book: Book, width: int) -> str:
    name = f"    {cell(shown(book.title), max(14, min(24, width // 4)))} "
    left = name + shown(book.about)
    return ends(left, shown(book.note), width) if cell_len(book.note) < width // 2 else left
