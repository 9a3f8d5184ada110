"""If you stop now: what remains, and how it would be taken back."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from screens.shared.words import cut, safe_text, wrapped


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
        sentence, *ways = some_lines(stop, self.size.width or 34, self._lines)
        said = Content.assemble((" If you stop now\n", "bold"), (f"{sentence}\n", ""), ("\n".join(ways), "dim"))
        self.update(said)


def some_lines(stop: "StopNow", width: int, most: int) -> list[str]:
    """The sentence, and each way back whole, as far as the lines reach; then how many more there are."""
    sentence, *ways = (_indented(text, width) for text in (stop.sentence, *stop.ways))
    lines = sentence
    for at, way in enumerate(ways):
        rest = len(ways) - at - 1
        if len(lines) + len(way) + (1 if rest else 0) > most:
            return [*lines, f" and {rest + 1} more"]
        lines += way
    return lines


def _indented(text: str, width: int) -> list[str]:
    return [f" {line}" for line in wrapped(text, width - 2)]


def one_line(stop: "StopNow", width: int) -> str:
    """The whole in one line. A command stands there whole or not at all: the end of a name is what tells it apart."""
    command = safe_text(stop.ways[0], newlines=True).splitlines()[0] if stop.ways else ""
    sentence = f" If you stop now: {safe_text(stop.sentence)}"
    wholes = [f"{sentence}  {command}"] if command else [sentence]
    if len(stop.ways) == 1 and command:
        wholes.append(f" If you stop now: {command}")
    fitting = next((line for line in wholes if len(line) <= width), "")
    brief = f" If you stop now: {stop.brief}" if stop.brief else sentence
    return fitting or f"{cut(brief, width - len(_MORE))}{_MORE}"


_MORE = "  (F4 shows it)"
