"""How the rows of the run screen are shared: the answers and the command are whole, the card scrolls."""

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from textual.content import Content
from textual.widgets import Static

from screens.run.card_scroll import CardScroll, more_words
from screens.run.checklist import wanted_width
from screens.run.choices import Choices
from screens.run.run_text import pinned_of
from screens.run.tiling import rows_below


if TYPE_CHECKING:
    from screens.run.run_page import RunPage


SPLIT = 140
"""Columns from which output stands beside the card."""
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


def share_width(page: "RunPage") -> None:
    """The list gets what its titles need, within reason; where it is wide enough, output stands beside the card."""
    width, view = page.app.size.width, page.showing.view
    # The output of watches stands below the card, where there is room for several.
    wanted = page.render_run is not None and not (view.watches or view.closed or page.look_at_output)
    page.set_class(wanted and width >= SPLIT and not page.has_class("-maximised"), "-split")
    split = page.has_class("-split")
    most = width // 4 if width >= SPLIT else width * 3 // 8
    side = max(_LIST, min(wanted_width(view.rows), most))
    page.query_one("#side").styles.width = side
    page.tiles.styles.width = width - side - _beside_output(width - side) if split else "1fr"


def _beside_output(width: int) -> int:
    """What the card gets of a width that it shares with output: the head of a record fits into a line of it."""
    return max(width // 2, _CARD)


def card_width(page: "RunPage") -> int:
    """Cells that the card, the command and the answers have."""
    width = page.query_one("#main").size.width
    return _beside_output(width) if page.has_class("-split") else width


class Fitting:
    """Lays them out.

    Args:
        page: The run screen.
    """

    def __init__(self, page: "RunPage") -> None:
        self._page = page
        self._card: RenderableType = ""
        self._pinned: RenderableType | None = None
        self._rows = self._seen = 0

    def show(self, card: RenderableType) -> None:
        """Show this card, with what stands below it at any rate while there is room for that."""
        self._card, self._pinned = card, pinned_of(self._page.showing)
        self.lay_out()

    def lay_out(self) -> None:
        """Share the rows there are."""
        page, main = self._page, self._page.query_one("#main").size
        width, choices = card_width(page) - _MARGINS, page.query_one(Choices)
        card, pinned = self._card, self._pinned
        below = rows_of(pinned, width)
        room = main.height - rows_below(page) - page.has_class("-doing")
        most = max(_LEAST, room - _LEAST - 1)
        choices.fit(width, most)
        if room - choices.rows - below < _LEAST + 1:
            choices.fit(width, most, brief=True)
        if pinned is not None and room - choices.rows - below < _LEAST + 1 and main.height:
            # It is read by scrolling then, so that neither it nor an answer is cut.
            card, pinned, below = Group(card, pinned), None, 0
        page.query_one("#card", Static).update(card)
        page.query_one("#command", Static).update(pinned or "")
        page.query_one("#command").set_class(pinned is not None, "-open")
        room -= choices.rows + below
        self._rows = rows_of(card, width)
        more = self._rows > room and main.height > 0
        self._seen = max(1, room - more)
        page.query_one("#card-scroll").styles.max_height = self._seen
        page.set_class(more, "-more")
        self.tell_more()

    def tell_more(self) -> None:
        """Say how much of the card is not seen."""
        above = round(self._page.query_one("#card-scroll", CardScroll).scroll_y)
        words = more_words(above, self._rows - self._seen - above)
        self._page.query_one("#more", Static).update(Content.styled(f" {words}", "bold"))
