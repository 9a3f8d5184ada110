"""The first line of every screen: what, and where we are."""

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from screens.words import cell, cut, shown


def banner_line(width: int, title: str, mode: str, target: str, *, production: bool) -> Content:
    """Title, mode and stage in words, and the target where there is room; the mode is never cut.

    Args:
        width: Cells.
        title: What the screen is about.
        mode: `REHEARSAL`, `LIVE production` and the like; may be empty.
        target: `org x · space y`; may be empty.
        production: Reverse the mode, in the terminal's red.
    """
    mode = f" {shown(mode)} " if mode else ""
    room = width - cell_len(mode) - 1
    place = cut(shown(target), max(0, room - min(cell_len(title) + 2, 30)))
    name = cell(f" {shown(title)}", room - cell_len(place) - (1 if place else 0))
    style = "bold reverse ansi_red" if production else "bold reverse" if mode == " REHEARSAL " else "bold"
    return Content.assemble((name, "bold"), (mode, style), f" {place}" if place else "")


class Banner(Static):
    """One line. Its texts are set by the screen."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", id=id, markup=False)
        self._parts = ("uplevel", "", "", False)

    def say(self, title: str, mode: str = "", target: str = "", *, production: bool = False) -> None:
        """Show these texts."""
        self._parts = (title, mode, target, production)
        self._draw()

    def on_resize(self) -> None:
        """Fit the line to the new width."""
        self._draw()

    def _draw(self) -> None:
        title, mode, target, production = self._parts
        if self.size.width:
            self.update(banner_line(self.size.width, title, mode, target, production=production))

    @property
    def text(self) -> str:
        """What stands on the line, for those who read it."""
        return " ".join(part for part in self._parts[:3] if part)
