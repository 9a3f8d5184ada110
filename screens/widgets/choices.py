"""The answers to the open question: a key each, arrows and Enter for all of them."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from screens.keys import key_answering, key_name
from screens.words import shown


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


def _needs(option: "Option") -> str:
    if option.needs == "typed":
        return f"  (you will type {shown(option.expects)})"
    return _NEEDS[option.needs]


class Choices(Static):
    """Shows options; which one is marked is all it knows."""

    class Picked(Message):
        """An option was clicked.

        Args:
            index: Its place, from 0.
        """

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

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

    def on_resize(self) -> None:
        """Draw again at the new width."""
        self._draw()

    def _draw(self) -> None:
        lines = []
        for at, option in enumerate(self._options):
            key = key_answering(option.id)
            name = key_name(key.keys[0]) if key is not None else ""
            pointer = ">" if at == self._marked else " "
            text = f" {pointer} {name:<3} {shown(option.label)}"
            style = "bold reverse" if at == self._marked else ""
            enter = "  Enter" if at == self._marked else ""
            lines.append(Content.assemble((text, style), (_needs(option), "dim"), (enter, "bold")))
        self.update(Content("\n").join(lines))
