"""The card where it is longer than its room: scrolled, and how much of it is not seen stands below it."""

from textual.containers import VerticalScroll
from textual.message import Message


class CardScroll(VerticalScroll):
    """Says so when it was scrolled."""

    class Scrolled(Message):
        """Other lines of the card are seen than before."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell it."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Scrolled())


def more_words(above: int, below: int, *, down: str = "PgDn", up: str = "PgUp") -> str:
    """`↓ 3 more lines, PgDn`, and how many stand above; empty where all are seen.

    Args:
        above: Lines that stand above.
        below: Lines that stand below.
        down: What goes there.
        up: What goes back.
    """
    parts = (f"↓ {_lines(below)}, {down}" if below > 0 else "", f"↑ {_lines(above)} above, {up}" if above > 0 else "")
    return "   ".join(part for part in parts if part)


def _lines(count: int) -> str:
    return "1 more line" if count == 1 else f"{count} more lines"
