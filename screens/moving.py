"""What changes on the run screen with time alone: drawn often, so nothing is laid out anew without need."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from screens.fitting import card_width
from screens.run_text import doing_line, life_line, right_of, running_text
from screens.widgets.checklist import one_line
from wizard.clock import Instant


if TYPE_CHECKING:
    from screens.run_page import RunPage


class Moving:
    """Draws it.

    Args:
        page: The run screen.
    """

    def __init__(self, page: "RunPage") -> None:
        self._page = page
        self._drawn: dict[str, Content] = {}

    def draw(self, now: Instant) -> None:
        """Draw what is true at this moment."""
        page, showing = self._page, self._page.showing
        number, title, right = right_of(showing, now)
        if showing.kind != "running":
            title, right = "", ""  # the card says it
        self._put("line", one_line(showing.view.rows, number, title, right, page.size.width))
        wide, split = page.has_class("-wide"), page.has_class("-split")
        self._put("running", running_text(showing, now, card_width(page), wide=wide, titled=split))
        life = life_line(showing)
        self._put("life", Content(f" {life}"))
        page.set_class(bool(life), "-life")
        doing = doing_line(showing, page.query_one("#main").size.width)
        self._put("doing", Content.styled(doing, "dim"))
        page.set_class(bool(doing), "-doing")

    def _put(self, place: str, content: Content) -> None:
        """Show a text; nothing is laid out anew while its lines keep their lengths."""
        before = self._drawn.get(place)
        if before != content or before.spans != content.spans:
            self._drawn[place] = content
            lengths = [len(line) for line in content.plain.split("\n")]
            same = before is not None and lengths == [len(line) for line in before.plain.split("\n")]
            self._page.query_one(f"#{place}", Static).update(content, layout=not same)
