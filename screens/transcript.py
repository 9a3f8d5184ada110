"""A session's transcript, read from its record."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from screens.background import in_background
from screens.keys import bindings_of
from screens.reading import ReadingPage
from screens.words import mode_words
from wizard.errors import UplevelError


if TYPE_CHECKING:
    from wizard.engine import SessionSummary


def read_transcript(folder: Path) -> str:
    """The transcript of a session's folder as Markdown.

    Raises:
        UplevelError: There is no record that could be read.
    """
    from wizard.transcript import build, render_markdown

    return render_markdown(build(folder))


class TranscriptScreen(ReadingPage):
    """Shows the transcript of one session.

    Args:
        session: Which.
        load: Reads it; tests give their own.
    """

    WHERE = "transcript"
    BINDINGS = bindings_of("transcript")

    class Loaded(Message):
        """The transcript was made, or could not be."""

        def __init__(self, outcome: str | UplevelError) -> None:
            super().__init__()
            self.outcome = outcome

    def __init__(self, session: "SessionSummary", load: Callable[[Path], str] = read_transcript) -> None:
        super().__init__()
        self._session = session
        self._load = load

    def on_mount(self) -> None:
        """Show the frame, then read."""
        words, production = mode_words(self._session.mode, self._session.stage)
        self.banner.say(self._session.title or self._session.id, words, production=production)
        self.tell("Reading the record.")
        in_background(self, "transcript", lambda: self._load(self._session.folder), self.Loaded)

    def on_transcript_screen_loaded(self, message: Loaded) -> None:
        """Show it."""
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
            return
        self.tell(f"uplevel export {self._session.id} --format md writes this to a file.")
        self.read(message.outcome)
