"""The answers to the open question: a key each marks one, as arrows and clicks do, and Enter takes what is marked."""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import Static

from screens.keys import key_name
from screens.run.card_scroll import more_words
from screens.run.run_keys import key_answering
from screens.shared.words import safe_text, wrapped


if TYPE_CHECKING:
    from collections.abc import Sequence

    from wizard.record.events import Option


_NEEDS = {
    "nothing": "",
    "reason": "  (type why)",
    "value": "  (type it)",
    "secret": "  (typed unseen)",
    "evidence": "  (with evidence)",
}


_KEYS = 3
"""Cells of the keys that mark."""
_LEAD = len(" > ") + _KEYS + len(" ")


def _needs(option: "Option") -> str:
    if option.needs == "typed":
        return f"  (you will type {safe_text(option.expects)})"
    return _NEEDS[option.needs]


def numbered(options: "Sequence[Option]") -> "list[Option]":
    """The options of a choice, which the number keys take in this order."""
    return [option for option in options if option.id.startswith("=")]


class Choices(Static):
    """Shows options; which one is marked is all it knows."""

    class Pointed(Message):
        """An option was clicked.

        Args:
            option: Which.
        """

        def __init__(self, option: "Option") -> None:
            super().__init__()
            self.option = option

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", id=id, markup=False)
        self._options: Sequence[Option] = ()
        self._marked: int | None = None
        self._width = self._most = self._top = 0
        self._brief = False

    def fit(self, width: int, most: int, *, brief: bool = False) -> None:
        """Lay the answers out anew.

        Args:
            width: Cells of a line.
            most: Lines there are for them; of more answers those around the marked one are seen.
            brief: Leave out the empty line above them and the hint below, where each row counts.
        """
        if (width, most, brief) != (self._width, self._most, self._brief):
            self._width, self._most, self._brief = width, most, brief
            self.set_class(brief, "-brief")
            self._draw()

    def offer(self, options: "Sequence[Option]", default: str) -> None:
        """Show these options with the default marked; without one nothing is marked."""
        self._options = options
        self._marked = next((at for at, option in enumerate(options) if option.id == default), None)
        self._draw()

    def shows(self, options: "Sequence[Option]") -> bool:
        """Whether it shows just these options."""
        return self._options == options

    def move(self, by: int) -> None:
        """Move the mark; from nowhere it goes to the first or the last."""
        if self._options:
            start = self._marked if self._marked is not None else (-1 if by > 0 else 0)
            self._marked = (start + by) % len(self._options)
            self._draw()

    def mark(self, option: "Option") -> None:
        self._marked = self._options.index(option)
        self._draw()

    def unmark(self) -> None:
        """Mark nothing."""
        self._marked = None
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Tell which option was clicked."""
        event.stop()
        at = event.get_content_offset(self)
        option = None if at is None else self._option_at(at)
        if option is not None:
            self.post_message(self.Pointed(option))

    def _option_at(self, at: Offset) -> "Option | None":
        row = -self._top
        for place, option in enumerate(self._options):
            row += len(self._lines(place))
            if at.y < row:
                return option
        return None

    @property
    def marked(self) -> "Option | None":
        """The option that Enter would take."""
        return None if self._marked is None else self._options[self._marked]

    @property
    def rows(self) -> int:
        """How many lines it needs, with the empty one above and the hint below; 0 without options."""
        count = len(self._options)
        needed = sum(len(self._lines(at)) for at in range(count)) + (0 if self._brief else 2) if count else 0
        return min(needed, self._most) if self._brief else needed

    def _draw(self) -> None:
        rows = [(row, at) for at in range(len(self._options)) for row in self._content(at)]
        lines = [row for row, _ in rows]
        if not self._brief:
            self._top = 0
            lines.append(self._hint())
        elif len(lines) > self._most:
            lines = self._around_the_marked(rows)
        self.update(Content("\n").join(lines))

    def _around_the_marked(self, rows: list[tuple[Content, int]]) -> list[Content]:
        """As many rows as there is room for, the marked answer among them, and how many are not seen."""
        room = max(1, self._most - 1)
        marked = [place for place, (_, at) in enumerate(rows) if at == (self._marked or 0)]
        self._top = max(min(self._top, marked[0]), marked[-1] + 1 - room, 0)
        below, seen = len(rows) - self._top - room, rows[self._top : self._top + room]
        told = more_words(self._top, below, down="the arrow ↓", up="the arrow ↑")
        return [*(row for row, _ in seen), Content.styled(f" {told}", "bold")]

    def _hint(self) -> Content:
        names = [self._key(at) for at, option in enumerate(self._options) if option.id != "pause"]  # F7 leaves at once
        words = " ".join([*filter(None, names), *(() if all(names) else ("↑", "↓"))])
        return Content.styled(f"   {words} mark, Enter takes" if names else "", "dim")

    def _lead(self, at: int) -> str:
        return f" {'>' if at == self._marked else ' '} {self._key(at):<{_KEYS}} "

    def _key(self, at: int) -> str:
        """The key that marks the option; empty when only the arrows do."""
        key = key_answering(self._options[at].id)
        return key_name(key.keys[0]) if key is not None else self._number(at)

    def _number(self, at: int) -> str:
        """The number key of an option that is to be chosen; the tenth has none."""
        chosen = numbered(self._options)[:9]
        option = self._options[at]
        return str(chosen.index(option) + 1) if option in chosen else ""

    def _lines(self, at: int) -> list[tuple[str, str]]:
        """The rows of one answer: what it is, whole, and behind its end what it needs, which is never broken apart."""
        option, room = self._options[at], max(1, self._width - _LEAD)
        needs = _needs(option)
        rows = [(line, "") for line in wrapped(option.label, room) or ("",)]
        last = rows[-1][0]
        if cell_len(last + needs) <= room:
            return [*rows[:-1], (last, needs)]
        return [*rows, *(("", line) for line in wrapped(needs.strip(), room))]

    def _content(self, at: int) -> list[Content]:
        lead, style = self._lead(at), "bold reverse" if at == self._marked else ""
        rows = []
        for text, needs in self._lines(at):
            rows.append(Content.assemble((lead + text, style if text else ""), (needs, "dim")))
            lead = " " * _LEAD
        return rows
