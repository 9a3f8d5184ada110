"""A long text to read: scrolled, never interpreted."""

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.shared.page import Page
from screens.shared.words import safe_text


class ReadingPage(Page[None]):
    """Shows one text."""

    WIDGET_KEYS = (("↑ ↓ PgUp PgDn Home End", "Scroll; the space bar turns the page."),)
    UNBOUND_KEYS = frozenset({"up", "down", "pageup", "pagedown", "space", "home", "end"})

    def compose_page(self) -> ComposeResult:
        """The text."""
        with VerticalScroll(id="reading"):
            yield Static("", id="text", markup=False)

    def read(self, text: "str | Content") -> None:
        """Show this text from its beginning."""
        self.query_one("#text", Static).update(
            Content(safe_text(text, newlines=True)) if isinstance(text, str) else text
        )
        self.query_one("#reading").focus()

    def on_key(self, event: events.Key) -> None:
        """Scroll with the usual keys."""
        reading = self.query_one("#reading")
        scroll = {
            "up": reading.scroll_up,
            "down": reading.scroll_down,
            "pageup": reading.scroll_page_up,
            "pagedown": reading.scroll_page_down,
            "space": reading.scroll_page_down,
            "home": reading.scroll_home,
            "end": reading.scroll_end,
        }.get(event.key)
        if scroll is not None:
            event.stop()
            event.prevent_default()
            scroll(animate=False)
