"""The first line of every screen: what, and where we are."""

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from screens.shared.words import cell, cut, safe_text


def banner_line(width: int, title: str, mode: str, target: str, *, production: bool) -> Content:
    """Title, mode and stage in words, and the target where there is room; the mode is never cut.

    Args:
        width: Cells.
        title: What the screen is about.
        mode: `REHEARSAL`, `LIVE production` and the like; may be empty.
        target: `org x · space y`; may be empty.
        production: What is done here is done to production.
    """
    words = mode_text(mode)
    room = width - cell_len(words) - 1
    place = cut(safe_text(target), max(0, room - min(cell_len(title) + 2, 30)))
    name = cell(f" {safe_text(title)}", room - cell_len(place) - (1 if place else 0))
    style = mode_style(mode, production=production)
    return Content.assemble((name, "bold"), (words, style), f" {place}" if place else "")


def mode_text(mode: str) -> str:
    """The mode as it stands on a first line; a rehearsal in brackets, as it is the quieter one."""
    return f" [{mode}]" if mode == _REHEARSAL else f" {safe_text(mode)} " if mode else ""


def mode_style(mode: str, *, production: bool) -> str:
    """The real thing is the louder one: LIVE reversed in colour, BY HAND reversed, a rehearsal plain."""
    if not mode or mode == _REHEARSAL:
        return ""
    if not mode.startswith(_LIVE):
        return "bold reverse"
    return f"bold reverse {'ansi_red' if production else 'ansi_yellow'}"


_REHEARSAL, _LIVE = "REHEARSAL", "LIVE"


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
    def where(self) -> tuple[str, bool]:
        """The mode, and whether it is about production; the mode is empty where no session is open."""
        return self._parts[1], self._parts[3]

    @property
    def text(self) -> str:
        """What stands on the line, for those who read it."""
        return " ".join(part for part in self._parts[:3] if part)
