"""Small windows that ask one thing and give it back, or None when they were left."""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from screens.keys import Key
from screens.shared.background import in_background
from screens.shared.banner import mode_style, mode_text
from screens.shared.guard import EARLY
from screens.shared.keyed import Keyed
from screens.shared.line_field import LineField
from screens.shared.marked_list import Line, MarkedList
from screens.shared.page import where_of
from screens.shared.shared_keys import BACK
from screens.shared.words import safe_text
from wizard.errors import UplevelError, UsageProblem
from wizard.places.plain_file import open_plain
from wizard.record.events import Evidence


Value = TypeVar("Value")


class Dialog(Keyed[Value | None], ModalScreen[Value | None], Generic[Value]):
    """A window above a screen.

    Args:
        title: What is asked.
        text: What the person should know; may have several lines.
    """

    WHERE = "dialog"
    KEYS = (Key("take", ("enter",), "take", "take it", "Take what is marked or typed."),)
    SHARED_KEYS = (BACK,)
    FOOT: ClassVar[str] = "Enter accept   Esc back"

    def __init__(self, title: str, text: str = "") -> None:
        super().__init__()
        self.question: int | None = None
        """Number of the question this window is to answer; it closes with it."""
        self.hand_in: Callable[[Value], None] | None = None
        """Gets what is given, and the window stays until that was taken; without it the window closes at once."""
        self._title = safe_text(title)
        self._text = safe_text(text, newlines=True)

    def compose(self) -> ComposeResult:
        with Vertical(id="window"):
            yield Static("", id="where", markup=False)
            yield Static(Content.styled(self._title, "bold"), id="title", markup=False)
            if self._text:
                yield Static(self._text, id="text", markup=False)
            yield from self.compose_field()
            yield Static("", id="problem", markup=False)
            yield Static(Content.styled(self.FOOT, "dim"), id="foot", markup=False)

    def on_mount(self) -> None:
        """Say where we are, on the first line as on every screen."""
        mode, production = where_of(self.app)
        where = self.query_one("#where", Static)
        where.update(Content.styled(mode_text(mode), mode_style(mode, production=production)))
        where.display = bool(mode)

    def compose_field(self) -> ComposeResult:
        """What the person fills in."""
        yield from ()

    def complain(self, sentence: str) -> None:
        """Say why what was given does not do."""
        self.query_one("#problem", Static).update(Content.styled(safe_text(sentence), "bold"))

    def say(self, sentence: str) -> None:
        """Tell the person something about the last key."""
        self.complain(sentence)

    def say_behind(self, waits: str) -> None:
        """Say in the last line what the screen behind waits for, unless this is how it is answered."""
        if self.question is None:
            foot = Content.styled(self.FOOT, "dim")
            told = Content.assemble((f"! {waits}.   ", "bold"), foot) if waits else foot
            self.query_one("#foot", Static).update(told)

    def on_line_field_refused(self, message: LineField.Refused) -> None:
        """A paste was not taken."""
        message.stop()
        self.complain(message.sentence)

    def say_too_small(self) -> None:
        """Let the page behind tell that a key does nothing because nothing can be seen."""
        behind = self.app.screen_stack[-2]
        if isinstance(behind, Keyed):
            behind.say_too_small()

    async def action_take(self) -> None:
        """Take what is typed, also where the field has not got the keyboard."""
        await self.query_one("#field", LineField).action_submit()

    def give(self, value: Value) -> None:
        """Give back what was asked for."""
        if self.hand_in is None:
            self.dismiss(value)
        else:
            self.hand_in(value)

    def action_back(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)


class TextDialog(Dialog[str]):
    """Asks for one line: a reason, a note, a value, a secret, a name to be typed exactly.

    Args:
        title: What is asked.
        text: What the person should know.
        expects: The exact text that must be typed; empty takes any.
        hidden: Show dots.
        empty: What to say to an empty line.
        value: What stands there already.
    """

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        expects: str = "",
        hidden: bool = False,
        empty: str = "Type something.",
        value: str = "",
    ) -> None:
        super().__init__(title, text)
        self._expects = expects
        self._hidden = hidden
        self._empty = empty
        self._value = value

    def compose_field(self) -> ComposeResult:
        yield LineField(self._value, password=self._hidden, id="field", select_on_focus=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the line back when it does."""
        event.stop()
        text = event.value if self._hidden else event.value.strip()
        if not text:
            self.complain(self._empty)
        elif self._expects and text != self._expects:
            self.complain(f"That is not {self._expects}. Type it exactly, or go back with Esc.")
        else:
            self.give(text)


_ASKED = {
    "": "a text, an https:// address, or the path of a file",
    "text": "a text",
    "url": "an https:// address",
    "file": "the path of a file",
}
_NONE = "; Enter alone: none"
_RECORDED = {"text": "a text", "url": "an address", "file": "a file, by its SHA-256"}


class EvidenceDialog(Dialog[Evidence]):
    """Asks for evidence: a text, an address, or a file that is kept by its hash.

    Args:
        title: What is asked.
        text: What the person should know.
        wanted: The only sort that will do; empty takes any, and tells it from what is typed.
        may_miss: Whether an empty text will do, as in a rehearsal; it is given back as a text.
    """

    def __init__(self, title: str, text: str = "", wanted: str = "", *, may_miss: bool = False) -> None:
        super().__init__(title, text)
        self._wanted = wanted
        self._may_miss = may_miss

    class Hashed(Message):
        """The file was read, or could not be.

        Args:
            outcome: The evidence, or why there is none.
        """

        def __init__(self, outcome: Evidence | UplevelError) -> None:
            super().__init__()
            self.outcome = outcome

    def compose_field(self) -> ComposeResult:
        yield LineField(
            id="field", placeholder=_ASKED[self._wanted] + (_NONE if self._may_miss else ""), select_on_focus=False
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what it would be recorded as."""
        event.stop()
        text = event.value.strip()
        kind = self._wanted or evidence_kind(text)
        self.complain(f"Recorded as {_RECORDED[kind]}." if text else "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the evidence back."""
        event.stop()
        text = event.value.strip()
        if not text and self._may_miss and not self.guard.ready:
            self.complain(EARLY)
        elif not text and self._may_miss:
            self.give(Evidence(kind="text", text=""))
        elif not text:
            self.complain("Say what shows it.")
        elif self._wanted == "url" and evidence_kind(text) != "url":
            self.complain("An address is asked for here: it begins with https:// or http://.")
        else:
            kind = self._wanted or evidence_kind(text)
            in_background(self, "evidence", lambda: read_evidence(text, kind), self.Hashed)

    def on_evidence_dialog_hashed(self, event: Hashed) -> None:
        """The file's hash is known."""
        if isinstance(event.outcome, UplevelError):
            self.complain(str(event.outcome))
        else:
            self.give(event.outcome)


def evidence_kind(text: str) -> str:
    """What a text is evidence as: url, file or text."""
    if text.startswith(("https://", "http://")):
        return "url"
    return "file" if text.startswith(("/", "./", "../", "~/")) else "text"


def read_evidence(text: str, kind: str) -> Evidence:
    """The evidence a person typed.

    Args:
        text: What was typed.
        kind: text, url or file.

    Raises:
        UsageProblem: It is the path of a file that cannot be read.
    """
    match kind:
        case "url":
            return Evidence(kind="url", text=text)
        case "file":
            path = Path(text).expanduser()
            try:
                with os.fdopen(open_plain(path, follow=True), "rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
            except OSError as problem:
                raise UsageProblem(f"The file {text} cannot be read: {problem.strerror}.") from problem
            return Evidence(kind="file", text=str(path.resolve()), sha256=digest)
        case _:
            return Evidence(kind="text", text=text)


class ChooseDialog(Dialog[str]):
    """Asks for one of a few ways; the first is marked, so it must be the harmless one.

    Args:
        title: What is asked.
        text: What the person should know.
        ways: Ids and words.
    """

    def __init__(self, title: str, text: str, ways: Sequence[tuple[str, str]]) -> None:
        super().__init__(title, text)
        self._ways = ways

    def compose_field(self) -> ComposeResult:
        yield MarkedList((Line(way, f"  {safe_text(words)}") for way, words in self._ways), id="ways")

    def unmark(self) -> None:
        """Mark nothing, so that Enter takes nothing."""
        self.query_one(MarkedList).unmark()

    async def action_take(self) -> None:
        """Give the marked way back."""
        marked = self.query_one(MarkedList).marked
        if marked:
            self.dismiss(marked)
        else:
            self.complain("Nothing is marked. Mark a way with the arrows, then press Enter.")
