"""How the rows and columns of the run screen are shared: the answers and the command are whole, the card scrolls."""

from collections.abc import Callable
from io import StringIO

from rich.console import Console, Group, RenderableType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.run.card_scroll import CardScroll, more_words
from screens.run.checklist import wanted_width
from screens.run.choices import Choices
from screens.run.layout import SPLIT
from screens.run.run_text import pinned_of
from screens.run.showing import Showing


_LIST = 36
"""Cells of the list of steps, at least."""
_CARD = 70
"""Cells of the card beside output, at least."""
_LEAST = 3
"""Rows of the card that are worth having."""
_MARGINS = 2
"""Cells beside the card, the command and the answers."""


def rows_of(page: RenderableType | None, width: int) -> int:
    """How many rows something takes at a width; 0 without anything."""
    if page is None:
        return 0
    console = Console(width=max(width, 1), file=StringIO(), color_system=None)
    return len(console.render_lines(page, pad=False))


def share_width(view: Widget, showing: Showing) -> None:
    """The list gets what its titles need, within reason; what output beside the card gets is left by both."""
    width = view.app.size.width
    most = width // 4 if width >= SPLIT else width * 3 // 8
    side = max(_LIST, min(wanted_width(showing.view.rows), most))
    view.query_one("#side").styles.width = side
    split = view.has_class("-split")
    view.query_one("#tiles").styles.width = width - side - _beside_output(width - side) if split else "1fr"


def _beside_output(width: int) -> int:
    """What the card gets of a width that it shares with output: the head of a record fits into a line of it."""
    return max(width // 2, _CARD)


def card_width(view: Widget) -> int:
    """Cells that the card, the command and the answers have."""
    width = view.query_one("#main").size.width
    return _beside_output(width) if view.has_class("-split") else width


class Fitting:
    """Lays them out.

    Args:
        view: Has them.
        showing: What they are about.
        below: How many rows stand below them.
    """

    def __init__(self, view: Widget, showing: Showing, below: Callable[[], int]) -> None:
        self._view = view
        self._showing = showing
        self._below = below
        self._card: RenderableType = ""
        self._pinned: RenderableType | None = None
        self._rows = self._seen = 0

    def show(self, card: RenderableType) -> None:
        """Show this card, with what stands below it at any rate while there is room for that."""
        self._card, self._pinned = card, pinned_of(self._showing)
        self.lay_out()

    def lay_out(self) -> None:
        """Share the rows there are."""
        view, main = self._view, self._view.query_one("#main").size
        width, choices = card_width(view) - _MARGINS, view.query_one(Choices)
        card, pinned = self._card, self._pinned
        below = rows_of(pinned, width)
        room = main.height - self._below() - view.query_one("#doing").has_class("-open")
        most = max(_LEAST, room - _LEAST - 1)
        choices.fit(width, most)
        if room - choices.rows - below < _LEAST + 1:
            choices.fit(width, most, brief=True)
        if pinned is not None and room - choices.rows - below < _LEAST + 1 and main.height:
            # It is read by scrolling then, so that neither it nor an answer is cut.
            card, pinned, below = Group(card, pinned), None, 0
        view.query_one("#card", Static).update(card)
        view.query_one("#command", Static).update(pinned or "")
        view.query_one("#command").set_class(pinned is not None, "-open")
        room -= choices.rows + below
        self._rows = rows_of(card, width)
        more = self._rows > room and main.height > 0
        self._seen = max(1, room - more)
        view.query_one("#card-scroll").styles.max_height = self._seen
        view.query_one("#more").set_class(more, "-open")
        self.tell_more()

    def tell_more(self) -> None:
        """Say how much of the card is not seen."""
        above = round(self._view.query_one("#card-scroll", CardScroll).scroll_y)
        words = more_words(above, self._rows - self._seen - above)
        self._view.query_one("#more", Static).update(Content.styled(f" {words}", "bold"))
