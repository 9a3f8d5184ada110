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


class _Page:
    """Something to read, and how many rows it takes, which is found once for a width.

    Args:
        page: It; None for nothing.
    """

    def __init__(self, page: RenderableType | None) -> None:
        self.page = page
        self._rows: dict[int, int] = {}

    def rows(self, width: int) -> int:
        """How many rows it takes at a width."""
        if self.page is None:
            return 0
        if width not in self._rows:
            console = Console(width=max(width, 1), file=StringIO(), color_system=None)
            self._rows[width] = len(console.render_lines(self.page, pad=False))
        return self._rows[width]


_NOTHING = _Page(None)


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
        self._card = self._pinned = self._whole = _NOTHING
        self._shown = _NOTHING, _NOTHING
        self._rows = self._seen = 0

    def show(self, card: RenderableType) -> None:
        """Show this card, with what stands below it at any rate while there is room for that."""
        pinned = pinned_of(self._showing)
        self._card = self._whole = _Page(card)
        self._pinned = _NOTHING
        if pinned is not None:
            self._pinned, self._whole = _Page(pinned), _Page(Group(card, pinned))
        self.lay_out()

    def lay_out(self) -> None:
        """Share the rows there are."""
        view, main = self._view, self._view.query_one("#main").size
        width, choices = card_width(view) - _MARGINS, view.query_one(Choices)
        card, pinned = self._card, self._pinned
        below = pinned.rows(width)
        room = main.height - self._below() - view.query_one("#doing").has_class("-open")
        most = max(_LEAST, room - _LEAST - 1)
        choices.fit(width, most)
        if room - choices.rows - below < _LEAST + 1:
            choices.fit(width, most, brief=True)
        if below and room - choices.rows - below < _LEAST + 1 and main.height:
            # It is read by scrolling then, so that neither it nor an answer is cut.
            card, pinned, below = self._whole, _NOTHING, 0
        if self._shown != (card, pinned):
            self._shown = card, pinned
            view.query_one("#card", Static).update(card.page or "")
            view.query_one("#command", Static).update(pinned.page or "")
            view.query_one("#command").set_class(pinned is not _NOTHING, "-open")
        room -= choices.rows + below
        self._rows = card.rows(width)
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
