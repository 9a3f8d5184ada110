"""If you stop now: what remains, and how it would be taken back."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from screens.words import cut, shown


if TYPE_CHECKING:
    from wizard.session.view import StopNow


class StopNowLine(Static):
    """One line under the card, or a few in the column beside it."""

    def __init__(self, *, lines: int, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", id=id, markup=False)
        self._lines = lines

    def draw(self, stop: "StopNow | None") -> None:
        """Show this; None when there is nothing left to stop."""
        if stop is None:
            self.update("")
            return
        if self._lines == 1:
            self.update(Content.styled(one_line(stop, max(20, self.size.width - 1)), "dim"))
            return
        parts: list[tuple[str, str]] = [(" If you stop now\n", "bold"), (f" {shown(stop.sentence)}\n", "")]
        parts += [(f" {shown(way, newlines=True)}\n", "dim") for way in stop.ways]
        self.update(Content.assemble(*parts))


def one_line(stop: "StopNow", width: int) -> str:
    """The whole in one line. A command stands there whole or not at all: the end of a name is what tells it apart."""
    command = shown(stop.ways[0], newlines=True).splitlines()[0] if stop.ways else ""
    sentence = f" If you stop now: {shown(stop.sentence)}"
    wholes = [f"{sentence}  {command}"] if command else [sentence]
    if len(stop.ways) == 1 and command:
        wholes.append(f" If you stop now: {command}")
    fitting = next((line for line in wholes if len(line) <= width), "")
    return fitting or f"{cut(sentence, width - len(_MORE))}{_MORE}"


_MORE = "  (F4 shows it)"
