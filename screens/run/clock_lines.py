"""What changes on the run screen with time alone: drawn often, so nothing is laid out anew without need."""

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.run.checklist import line_width, one_line
from screens.run.fitting import card_width
from screens.run.run_text import doing_line, life_line, place_of, running_text
from screens.run.showing import Showing
from screens.run.times import times
from wizard.clock import Instant


_FRAME = 4
"""Cells of the second line that the times leave free."""


class Moving:
    """Draws it.

    Args:
        view: Where it stands.
        showing: What it is about.
    """

    def __init__(self, view: Widget, showing: Showing) -> None:
        self._view = view
        self._showing = showing
        self._bordered = ""
        self._drawn: dict[str, Content] = {}

    def draw(self, now: Instant) -> None:
        """Draw what is true at this moment."""
        view, showing = self._view, self._showing
        if not view.size.width:
            return  # it is drawn again once it is laid out, and a text wrapped to no width would keep its rows
        (number, title), width = place_of(showing), view.screen.size.width
        left = 0 if self._wide else line_width(showing.view.rows, number, title, width)
        told = times(showing, now, max(width - _FRAME - left, width // 2))
        self._put("line", one_line(showing.view.rows, number, title, told, width))
        self._say_on_border(told)
        split = view.has_class("-split")
        self._put("running", running_text(showing, card_width(view), wide=self._wide, titled=split))
        life = life_line(showing)
        self._put("life", Content(f" {life}"))
        operation = doing_line(showing, view.query_one("#main").size.width)
        self._put("doing", Content.styled(operation, "dim"))

    @property
    def _wide(self) -> bool:
        return self._view.screen.has_class("-wide")

    def _say_on_border(self, told: str) -> None:
        """In a wide terminal the second line is the border above the list and the card."""
        told = f" {told} " if self._wide and told else ""
        if told != self._bordered:
            self._bordered = told
            self._view.query_one("#body").border_title = Content(told)

    def _put(self, place: str, content: Content) -> None:
        """Show a text, if there is any; nothing is laid out anew while its lines keep their lengths."""
        before = self._drawn.get(place)
        if before != content or before.spans != content.spans:
            self._drawn[place] = content
            lengths = [len(line) for line in content.plain.split("\n")]
            same = before is not None and lengths == [len(line) for line in before.plain.split("\n")]
            shown = self._view.query_one(f"#{place}", Static)
            shown.update(content, layout=not same)
            shown.set_class(bool(content.plain.strip()), "-open")
