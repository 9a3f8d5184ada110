"""A session's transcript, read from its record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from screens.keys import Key
from screens.output.output_search import SearchField
from screens.output.saving import Saved, save_bytes
from screens.shared.background import in_background
from screens.shared.dialogs import TextDialog
from screens.shared.key_line import KeyLine
from screens.shared.reading import ReadingPage
from screens.transcript.markdown_blocks import Block
from screens.transcript.markdown_text import MarkdownText, read
from wizard.errors import UplevelError


if TYPE_CHECKING:
    from wizard.archive.sessions import SessionSummary


@dataclass(frozen=True, slots=True)
class TranscriptText:
    """A transcript as it is shown, and as it can be saved.

    Attributes:
        text: Markdown, as `uplevel export` writes it.
        formats: The names of those in which it can be saved.
        content: What a file of this name gets.
        head: The hash of the record's last line.
        records: How many records there are.
    """

    text: str
    formats: Sequence[str]
    content: Callable[[str], bytes]
    head: str = ""
    records: int = 0


def read_transcript(folder: Path) -> TranscriptText:
    """The transcript of a session's folder.

    Raises:
        UplevelError: There is no record that could be read.
    """
    from wizard.formats import FORMATS, SHOWN, build, named_by, renderer

    found = build(folder)
    return TranscriptText(
        renderer(SHOWN)(found).decode(),
        FORMATS.names(),
        lambda path: renderer(named_by(path))(found),
        found.integrity.head,
        found.integrity.records,
    )


class TranscriptScreen(ReadingPage):
    """Shows the transcript of one session.

    Args:
        session: Which.
        load: Reads it; tests give their own.
    """

    WHERE = "transcript"
    KEYS = (
        Key("find-text", ("ctrl+f",), "find_text", "find", "Search in the transcript."),
        Key(
            "save-transcript",
            ("s",),
            "save_transcript",
            "save",
            "Save the transcript to a file.",
            opens=True,
        ),
        Key(
            "copy-head",
            ("c",),
            "copy_head",
            "copy the head",
            "Copy the hash of the record's last line, for the ticket.",
        ),
    )

    class Loaded(Message):
        """The transcript was made, or could not be."""

        def __init__(self, outcome: tuple[TranscriptText, list[Block]] | UplevelError) -> None:
            super().__init__()
            self.outcome = outcome

    class SavedIt(Message):
        """The transcript stands in a file, or does not."""

        def __init__(self, outcome: Saved | UplevelError) -> None:
            super().__init__()
            self.outcome = outcome

    def __init__(self, session: "SessionSummary", load: Callable[[Path], TranscriptText] = read_transcript) -> None:
        super().__init__()
        self._session = session
        self._load = load
        self._page: TranscriptText | None = None

    def compose_page(self) -> ComposeResult:
        """The page, and the line for searching."""
        yield MarkdownText(id="markdown")

    def on_mount(self) -> None:
        """Show the frame, then read."""
        words, production = self._session.mode_words
        self.banner.say(self._session.title or self._session.id, words, production=production)
        self.tell("Reading the record.")

        def load() -> tuple[TranscriptText, list[Block]]:
            page = self._load(self._session.folder)
            return page, read(page.text)

        in_background(self, "transcript", load, self.Loaded)

    def on_transcript_screen_loaded(self, message: Loaded) -> None:
        """Show it."""
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
            return
        self._page, blocks = message.outcome
        self.query_one(MarkdownText).show(blocks)
        self.tell("")

    def why_not(self, key: Key) -> str:
        """Why the key does nothing as things stand."""
        about_it = {"find-text", "save-transcript", "copy-head"}
        return "There is no transcript to read." if key.id in about_it and self._page is None else ""

    def action_find_text(self) -> None:
        """Open the search line, or go back to it."""
        self.query_one(MarkdownText).search()

    @on(MarkdownText.Searching)
    def _searching(self, message: MarkdownText.Searching) -> None:
        """The line of keys is that of the search while it is open."""
        message.stop()
        searching = self.query_one(MarkdownText).searching
        self.query_one(KeyLine).speak_for(SearchField.KEYS if searching else self.all_keys())

    def action_copy_head(self) -> None:
        """Hand the record's head to the terminal's clipboard."""
        if self._page is not None:
            self.app.copy_to_clipboard(self._page.head)
            self.say(f"Copied the head of the record, {self._page.records} records: {self._page.head}")

    def action_save_transcript(self) -> None:
        """Ask for a file, and write the transcript into it."""
        page = self._page
        if page is None:
            return

        def save(target: str | None) -> None:
            if target is not None:
                in_background(self, "save", lambda: save_bytes(page.content(target), target), self.SavedIt)

        text = (
            f"As `uplevel export` writes it. The end of the name chooses the format: {', '.join(page.formats)}. "
            f"A name alone is a file in {Path.cwd()}."
        )
        self.app.push_screen(TextDialog("Save the transcript to a file", text, value=f"{self._session.id}.md"), save)

    def on_transcript_screen_saved_it(self, message: SavedIt) -> None:
        """Say where it is, or why it is not."""
        message.stop()
        match message.outcome:
            case Saved(path=path, size=size):
                self.say(f"Saved {size:,} bytes to {path}.")
            case UplevelError() as problem:
                self.say(str(problem))
