"""All sessions: take one up again, or read its transcript."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import OptionList

from screens.keys import Key, opening_key
from screens.sessions.session_lines import session_about, session_lines
from screens.shared.background import in_background
from screens.shared.marked_list import MARKED_AGAIN, Line, MarkedList
from screens.shared.opening import resume_in_background
from screens.shared.page import Page
from wizard.errors import UplevelError


if TYPE_CHECKING:
    from wizard.archive.sessions import SessionSummary
    from wizard.engine import Engine


def read_sessions() -> "list[SessionSummary]":
    """All of this user's sessions, newest first.

    Raises:
        UplevelError: Their folder cannot be read.
    """
    from wizard.archive.sessions import list_sessions

    return list_sessions()


class SessionsScreen(Page[None]):
    """The list of sessions.

    Args:
        load: Reads them; tests give their own.
    """

    WHERE = "sessions"
    OPENED_BY = opening_key("sessions", ("s",), "sessions", "All sessions, finished ones too.")
    OPENED_ON = ("picker",)
    KEYS = (
        Key(
            "open",
            ("enter",),
            "open",
            "open",
            "Resume the marked session; read the transcript of one that is over.",
            decides=True,
        ),
        Key("transcript", ("t",), "transcript", "transcript", "Read the marked session's transcript."),
    )

    class Loaded(Message):
        """The sessions were read, or could not be."""

        def __init__(self, outcome: "list[SessionSummary] | UplevelError") -> None:
            super().__init__()
            self.outcome = outcome

    class Resumed(Message):
        """A session was taken up, or could not be."""

        def __init__(self, outcome: "Engine | UplevelError") -> None:
            super().__init__()
            self.outcome = outcome

    def __init__(self, load: "Callable[[], list[SessionSummary]]" = read_sessions) -> None:
        super().__init__()
        self._load = load
        self._sessions: list[SessionSummary] = []
        self._busy = False

    def compose_page(self) -> ComposeResult:
        """The list."""
        yield MarkedList(id="list")

    def on_mount(self) -> None:
        """Show the frame, then read."""
        self.banner.say("Sessions")
        self.query_one(MarkedList).focus()
        self.tell("Reading the records…")
        in_background(self, "sessions", self._load, self.Loaded)

    def on_sessions_screen_loaded(self, message: Loaded) -> None:
        """Show them."""
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
            return
        self._sessions = message.outcome
        self.tell("" if self._sessions else "There are no sessions yet.")
        self._fill()

    def fit(self) -> None:
        """Fit the columns to the width."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        listed = self.query_one(MarkedList)
        width = max(40, listed.scrollable_content_region.width - 1)
        listed.show((_line(each, width) for each in self._sessions), listed.marked)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what is wrong with the marked one."""
        event.stop()
        session = self._marked()
        self.tell(
            "" if session is None else session_about(session), wrong=session is not None and bool(session.problem)
        )

    def _marked(self) -> "SessionSummary | None":
        marked = self.query_one(MarkedList).marked
        return next((session for session in self._sessions if session.id == marked), None)

    def _to_open(self) -> "SessionSummary | None":
        """The marked session; None where it had to be marked again, so that nobody opens what they do not look at."""
        if self.query_one(MarkedList).mark_again():
            self.say(MARKED_AGAIN)
            return None
        return self._marked()

    def why_not(self, key: Key) -> str:
        """Why the key does nothing as things stand."""
        if key.id not in {"open", "transcript"}:
            return ""
        if self._busy:
            return "A session is being opened already. Wait for it."
        return "" if self.query_one(MarkedList).can_mark else "There is no session."

    def unmark(self) -> None:
        """Mark nothing, so that Enter opens nothing."""
        self.query_one(MarkedList).unmark()

    def action_open(self) -> None:
        """Take an unfinished session up again; show the transcript of one that is over."""
        session = self._to_open()
        if session is None:
            return
        if session.state not in {"paused", "unknown", "open", "running"}:
            self.action_transcript()
            return
        self._busy = True
        resume_in_background(self, session, self.Resumed)

    def on_sessions_screen_resumed(self, message: Resumed) -> None:
        """Show the session, or why it cannot be shown."""
        self._busy = False
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
            return
        from screens.run.screen import RunScreen

        self.app.switch_screen(RunScreen(message.outcome))

    def action_transcript(self) -> None:
        """Read the marked session's transcript."""
        session = self._to_open()
        if session is not None:
            from screens.transcript.screen import TranscriptScreen

            self.app.push_screen(TranscriptScreen(session))


def _line(session: "SessionSummary", width: int) -> Line:
    return Line(session.id, session_lines(session, width), loud=session.mode != "rehearsal")
