"""The picker: what is unfinished, what can be done."""

from collections.abc import Callable, Iterable
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static

from screens.keys import Key
from screens.picker.catalog import Catalog, CatalogEntry, load_catalog, this_person
from screens.sessions.session_lines import session_about, session_lines
from screens.shared.background import in_background
from screens.shared.key_line import KeyLine
from screens.shared.line_field import LineField
from screens.shared.marked_list import MARKED_AGAIN, Line, MarkedList
from screens.shared.opening import BUSY, prepare_in_background, resume_in_background
from screens.shared.page import Page
from screens.shared.shared_keys import HELP, INTERRUPT
from screens.shared.words import cell, cut, safe_text, wrapped
from wizard.errors import UplevelError


if TYPE_CHECKING:
    from wizard.archive.sessions import SessionSummary
    from wizard.engine import Engine, Preparation


class PickerScreen(Page[None]):
    """Lists; opens a start page or a session.

    Args:
        load: Reads what there is; tests give their own.
    """

    WHERE = "picker"
    KEYS = (
        Key(
            "begin-live",
            ("enter",),
            "open",
            "live",
            "Open the start page of the marked procedure, for real; resume the marked session.",
            decides=True,
        ),
        Key(
            "rehearse",
            ("r",),
            "rehearse",
            "rehearse",
            "Rehearse the marked procedure on a pretend platform.",
            decides=True,
        ),
        Key("find", ("slash",), "find", "find", "Find a procedure or a session by a part of what stands there."),
        Key("end-find", ("escape",), "end_find", "all", "End finding; show all.", foot=False),
    )
    SHARED_KEYS = (INTERRUPT, HELP)

    class Loaded(Message):
        """What there is was read, or could not be."""

        def __init__(self, outcome: Catalog | UplevelError) -> None:
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

    def __init__(self, load: Callable[[], Catalog] = load_catalog) -> None:
        super().__init__()
        self._load = load
        self._catalog = Catalog()
        self._busy = False

    def compose_page(self) -> ComposeResult:
        """The list, and the field that finds in it."""
        yield MarkedList(id="list")
        yield Static("", id="about", markup=False)
        yield LineField(placeholder="a part of the name", id="find", select_on_focus=False)

    def on_mount(self) -> None:
        """Show the frame at once, then read."""
        self.banner.say("uplevel", target=this_person())
        self.query_one(MarkedList).focus()
        self.tell("Reading procedures and sessions…")
        self.call_after_refresh(self._read)

    def on_screen_resume(self) -> None:
        """Read again what may have changed meanwhile."""
        if self.is_mounted and self._catalog != Catalog():
            self._read()

    def _read(self) -> None:
        in_background(self, "catalog", self._load, self.Loaded)

    def on_picker_screen_loaded(self, message: Loaded) -> None:
        """Show what there is."""
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
            return
        self._catalog = message.outcome
        self.tell(" ".join(self._catalog.problems), wrong=True)
        self._fill()

    def fit(self) -> None:
        """Fit the columns to the width."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        listed = self.query_one(MarkedList)
        width = max(40, listed.scrollable_content_region.width - 1)
        wanted = self.query_one("#find", Input).value.strip().lower()
        lines = tuple(self._lines(width, wanted))
        if wanted and not lines:
            lines = (_heading(f" Nothing was found for “{safe_text(wanted)}”. Esc shows everything again."),)
        listed.show(lines, listed.marked)
        self._say_marked()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what is marked, and what the keys do with it."""
        event.stop()
        self._say_marked()

    def _say_marked(self) -> None:
        kind, name = self._marked()
        session = next((each for each in self._catalog.unfinished if kind == "session" and each.id == name), None)
        entry = next((each for each in (*self._catalog.entries, *self._catalog.here) if each.name == name), None)
        about = session_about(session) if session is not None else entry.about if entry is not None else ""
        place = self.query_one("#about", Static)
        place.update(Content(cut(safe_text(about), max(0, 2 * place.content_region.width - 8))))
        keys = self.query_one(KeyLine)
        keys.relabel("begin-live", "resume" if kind == "session" else "live")
        nothing = {"begin-live", "rehearse"} if not kind else {"rehearse"} if kind == "session" else set()
        self.offer(*nothing)

    def _lines(self, width: int, wanted: str) -> Iterable[Line]:
        found = [each for each in self._catalog.unfinished if _fits(each, wanted)]
        live = [each for each in found if each.mode != "rehearsal"]
        yield from _sessions("Unfinished LIVE sessions", live, width)
        names = max(
            (cell_len(safe_text(entry.short)) for entry in (*self._catalog.entries, *self._catalog.here)), default=0
        )
        for title, kind, entries in (
            ("Procedures", "entry", self._catalog.entries),
            ("Yours: ./procedures", "here", self._catalog.here),
        ):
            fits = [entry for entry in entries if wanted in f"{entry.short} {entry.title}".lower()]
            if fits:
                yield _heading(title)
                lines = ((entry, _entry_lines(entry, width, min(names, width // 4))) for entry in fits)
                yield from (Line(f"{kind}:{entry.name}", text) for entry, text in lines)
                yield _blank(kind)
        yield from _sessions("Unfinished rehearsals", [each for each in found if each not in live], width)

    def _marked(self) -> tuple[str, str]:
        kind, _, name = self.query_one(MarkedList).marked.partition(":")
        return kind, name

    def why_not(self, key: Key) -> str:
        """Why the key does nothing as things stand."""
        kind, _ = self._marked()
        if key.id in {"begin-live", "rehearse"} and self._busy:
            return BUSY
        if key.id in {"begin-live", "rehearse"} and not self.query_one(MarkedList).can_mark:
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
            self._resume(next(each for each in self._catalog.unfinished if each.id == name))
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

        def work() -> "Preparation":
            from wizard.engine import Request, prepare

            return prepare(Request(name, mode))

        prepare_in_background(self, work, self.Prepared)

    def _resume(self, session: "SessionSummary") -> None:
        self._busy = True
        resume_in_background(self, session, self.Resumed)

    def on_picker_screen_prepared(self, message: Prepared) -> None:
        """Show the start page, or why there is none."""
        self._busy = False
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
            return
        from screens.start.screen import StartScreen

        self.tell("")
        self.app.push_screen(StartScreen(message.outcome))

    def on_picker_screen_resumed(self, message: Resumed) -> None:
        """Show the session, or why it cannot be shown."""
        self._busy = False
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
            return
        from screens.run.screen import RunScreen

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


def _heading(title: str) -> Line:
    return Line(f"heading:{title}", f" {title}", heading=True)


def _sessions(title: str, sessions: "list[SessionSummary]", width: int) -> Iterable[Line]:
    if not sessions:
        return
    yield _heading(title)
    for each in sessions:
        yield Line(f"session:{each.id}", session_lines(each, width), loud=each.mode != "rehearsal")
    yield _blank(title)


def _blank(name: str) -> Line:
    return Line(f"blank:{name}", " ", heading=True)


def _entry_lines(entry: CatalogEntry, width: int, names: int) -> str:
    """Its whole name and title, how many steps."""
    note = safe_text(entry.note)
    room = max(10, width - 4 - names - 2 - cell_len(note) - 2)
    rows = zip_longest(wrapped(entry.short, names), wrapped(entry.title, room), (note,), fillvalue="")
    return "\n".join(
        f"    {cell(name, names)}  {cell(title, room)}  {cell(told, cell_len(note))}" for name, title, told in rows
    )


def _fits(session: "SessionSummary", wanted: str) -> bool:
    values = " ".join(f"{name} {value}" for name, value in session.given.items())
    found = f"{session.title} {session.procedure} {session.id} {session.ticket} {session.operator} {values}"
    return wanted in found.lower()
