"""A Markdown page to read and to search. Nothing in it opens anything, and no colour means anything."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer

from screens.output.found_on_page import FoundOnPage
from screens.output.output_finder import OutputFinder
from screens.output.output_search import SearchField, SearchLine
from screens.shared.words import safe_text
from screens.transcript.markdown_blocks import Block, blocks_of
from screens.transcript.markdown_view import MarkdownView


_TICK = 0.5


def read(text: str) -> list[Block]:
    """What is to be shown of a Markdown text; a long one takes a moment."""
    return blocks_of(safe_text(text, newlines=True, tabs=True))


class MarkdownText(Vertical):
    """The page, and below it the line for searching while that is open."""

    class Searching(Message):
        """The line for searching was opened or closed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._view = MarkdownView(id="reading")
        self._search = SearchLine()
        self._found = FoundOnPage(self._view, lambda: self._finder.here, self._say)
        self._finder = OutputFinder(self._found)
        self._tick: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self._view
        yield self._search

    def show(self, blocks: list[Block]) -> None:
        """Show what `read` made, from its beginning."""
        self._view.show(blocks)
        self._found.begin()
        self._view.focus()

    @property
    def searching(self) -> bool:
        """Whether the search line is open."""
        return self._search.open

    def search(self) -> None:
        """Open the line for searching, or go back to it."""
        if self.searching:
            self._search.field.focus()
            return
        self._search.show()
        self._tick = self.set_interval(_TICK, self._say)
        self.post_message(self.Searching())

    def end_search(self) -> None:
        """Close that line; the page stays where it is."""
        if self._tick is not None:
            self._tick.stop()
            self._tick = None
        self._search.hide()
        self._finder.search(None)
        self._view.focus()
        self.post_message(self.Searching())

    def on_unmount(self) -> None:
        """End the search."""
        self._search.remove_class("-open")
        self._finder.close()
        self._found.close()

    @on(SearchLine.Asked)
    def _asked(self, message: SearchLine.Asked) -> None:
        message.stop()
        self._finder.search(message.pattern)
        self._say()

    @on(SearchField.Wanted)
    def _wanted(self, message: SearchField.Wanted) -> None:
        message.stop()
        self._search.obey(
            message.what,
            step=lambda back: self._finder.step(back=back),
            turn=self._turn,
            end=self.end_search,
        )

    def _turn(self, pages: int) -> None:
        (self._view.scroll_page_down if pages > 0 else self._view.scroll_page_up)(animate=False)

    def _say(self) -> None:
        if self.searching:
            self._search.say(self._finder.state, self._finder.wrong)
