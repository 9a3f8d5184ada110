"""The answers to the open question: a key each marks one, as arrows and clicks do, and Enter takes what is marked."""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import Static

from screens.keys import key_answering, key_name
from screens.words import cell, ends_kept, shown, wrapped_lines


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
_UNDO = 28
_MARGINS = 3


def _needs(option: "Option") -> str:
    if option.needs == "typed":
        return f"  (you will type {shown(option.expects)})"
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
        """Mark this option."""
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
        count, left = len(self._options), self._left_width
        if left:
            rows = (count + 1) // 2
            place = at.y + (rows if at.x >= left else 0)
            return self._options[place] if at.y < rows and place < count else None
        row = 0
        for place in range(count):
            row += wrapped_lines(self._whole(place).plain, self.app.size.width - _MARGINS)
            if at.y < row:
                return self._options[place]
        return None

    @property
    def marked(self) -> "Option | None":
        """The option that Enter would take."""
        return None if self._marked is None else self._options[self._marked]

    @property
    def rows(self) -> int:
        """How many lines it needs, with the empty one above and the hint below; 0 without options."""
        count = len(self._options)
        if not count:
            return 0
        if self._left_width:
            return 2 + (count + 1) // 2
        width = self.app.size.width - _MARGINS
        return 2 + sum(wrapped_lines(self._whole(at).plain, width) for at in range(count))

    @property
    def _left_width(self) -> int:
        """Cells of the left of two columns; 0 where all stand in one.

        Two columns keep the card readable in a small terminal; a tall one has room below the card.
        """
        count = len(self._options)
        if count <= _IN_ONE_COLUMN or self.app.size.height >= _TALL:
            return 0
        widths = [len(self._lead(at)) + cell_len(self._label(at) + self._short(at)) for at in range(count)]
        left, right = max(widths[: (count + 1) // 2]) + 2, max(widths[(count + 1) // 2 :])
        return left if left + right <= self.app.size.width - _MARGINS else 0

    def on_resize(self) -> None:
        """Draw again at the new width."""
        self._draw()

    def _draw(self) -> None:
        count, left = len(self._options), self._left_width
        if not left:
            self.update(Content("\n").join([*(self._whole(at) for at in range(count)), self._hint()]))
            return
        rows = (count + 1) // 2
        lines = []
        for at in range(rows):
            right = self._beside(at + rows, 0) if at + rows < count else Content("")
            lines.append(Content.assemble(self._beside(at, left), right))
        self.update(Content("\n").join([*lines, self._hint()]))

    def _hint(self) -> Content:
        names = [self._key(at) for at, option in enumerate(self._options) if option.id != "pause"]  # F7 leaves at once
        words = " ".join([*filter(None, names), *(() if all(names) else ("↑", "↓"))])
        return Content.styled(f"   {words} mark, Enter takes" if names else "", "dim")

    def _lead(self, at: int) -> str:
        return f" {'>' if at == self._marked else ' '} {self._key(at):<3} "

    def _key(self, at: int) -> str:
        """The key that marks the option; empty when only the arrows do."""
        key = key_answering(self._options[at].id)
        return key_name(key.keys[0]) if key is not None else self._number(at)

    def _number(self, at: int) -> str:
        """The number key of an option that is to be chosen; the tenth has none."""
        chosen = numbered(self._options)[:9]
        option = self._options[at]
        return str(chosen.index(option) + 1) if option in chosen else ""

    def _label(self, at: int) -> str:
        """The label beside another; what an undo takes back is told in full before it is done."""
        option = self._options[at]
        label = shown(option.label)
        return ends_kept(label, _UNDO) if option.id == "undo" else label

    def _short(self, at: int) -> str:
        option = self._options[at]
        needs = _SHORT[option.needs]
        return "" if not needs or needs.split()[0][:4] in option.label else needs

    def _style(self, at: int) -> str:
        return "bold reverse" if at == self._marked else ""

    def _whole(self, at: int) -> Content:
        """One option on a line of its own."""
        option = self._options[at]
        text = self._lead(at) + shown(option.label)
        if option.id == "undo":
            text = ends_kept(text, self.app.size.width - _MARGINS)
        return Content.assemble((text, self._style(at)), (_needs(option), "dim"))

    def _beside(self, at: int, width: int) -> Content:
        """One option in a column; 0 as a width for the last one."""
        text = self._lead(at) + self._label(at)
        rest = cell(self._short(at), width - cell_len(text)) if width else self._short(at)
        return Content.assemble((text, self._style(at)), (rest, "dim"))
