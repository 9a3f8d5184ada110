"""The answers to the open question: a key each, arrows and Enter for all of them."""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from screens.keys import key_answering, key_name
from screens.words import cell, cut, shown


if TYPE_CHECKING:
    from collections.abc import Sequence

    from wizard.events import Option


_NEEDS = {
    "nothing": "",
    "reason": "  (type why)",
    "value": "  (type it)",
    "secret": "  (typed unseen)",
    "evidence": "  (with evidence)",
}


_SHORT = {"nothing": "", "reason": " why", "typed": " typed", "value": "", "secret": "", "evidence": " evidence"}
_IN_ONE_COLUMN = 4
_TALL = 32


def _needs(option: "Option") -> str:
    if option.needs == "typed":
        return f"  (you will type {shown(option.expects)})"
    return _NEEDS[option.needs]


class Choices(Static):
    """Shows options; which one is marked is all it knows."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", id=id, markup=False)
        self._options: Sequence[Option] = ()
        self._marked: int | None = None

    def offer(self, options: "Sequence[Option]", default: str) -> None:
        """Show these options with the default marked; without one nothing is marked."""
        self._options = options
        self._marked = next((at for at, option in enumerate(options) if option.id == default), None)
        self._draw()

    def move(self, by: int) -> None:
        """Move the mark; from nowhere it goes to the first or the last."""
        if self._options:
            start = self._marked if self._marked is not None else (-1 if by > 0 else 0)
            self._marked = (start + by) % len(self._options)
            self._draw()

    @property
    def marked(self) -> "Option | None":
        """The option that Enter would take."""
        return None if self._marked is None else self._options[self._marked]

    @property
    def rows(self) -> int:
        """How many lines it needs, with the empty one above; 0 without options."""
        count = len(self._options)
        return 1 + ((count + 1) // 2 if self._beside else count) if count else 0

    @property
    def _beside(self) -> bool:
        # Two columns keep the card readable in a small terminal; a tall one has room below the card.
        return len(self._options) > _IN_ONE_COLUMN and self.app.size.height < _TALL

    def on_resize(self) -> None:
        """Draw again at the new width."""
        self._draw()

    def _draw(self) -> None:
        half = (self.content_size.width or 76) // 2
        count = len(self._options)
        if not self._beside:
            self.update(Content("\n").join([self._line(at) for at in range(count)]))
            return
        rows = (count + 1) // 2
        lines = []
        for at in range(rows):
            right = self._line(at + rows, half) if at + rows < count else Content("")
            lines.append(Content.assemble(self._line(at, half), right))
        self.update(Content("\n").join(lines))

    def _line(self, at: int, width: int = 0) -> Content:
        """One option; in a column of a width, or on a line of its own."""
        option, marked = self._options[at], at == self._marked
        key = key_answering(option.id)
        name = key_name(key.keys[0]) if key is not None else ""
        lead = f" {'>' if marked else ' '} {name:<3} "
        style = "bold reverse" if marked else ""
        if not width:
            end = "  Enter" if marked else ""
            return Content.assemble((lead + shown(option.label), style), (_needs(option), "dim"), (end, "bold"))
        room = width - len(lead) - len(_SHORT[option.needs]) - 1
        text = lead + cut(shown(option.label), room)
        rest = cell(_SHORT[option.needs], width - cell_len(text))
        return Content.assemble((text, style), (rest, "dim"))
