"""The last line of every screen: the keys that can be used now."""

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from screens.keys import Where, key_name, keys_of
from screens.words import cut, shown


class KeyLine(Static):
    """Made from the registry; a screen leaves out what cannot be used."""

    def __init__(self, where: Where, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", id=id, markup=False)
        self._where = where
        self._hidden: frozenset[str] = frozenset()
        self._lead = ""
        self._labels: dict[str, str] = {}

    def leave_out(self, hidden: frozenset[str]) -> None:
        """Draw the line without these keys, by id."""
        self._hidden = hidden
        self._draw()

    def lead_with(self, words: str) -> None:
        """Begin the line with what Enter does now, why it does nothing, or what waits behind what is shown."""
        if words != self._lead:
            self._lead = words
            self._draw()

    def relabel(self, key_id: str, label: str) -> None:
        """Name what a key does now."""
        if self._labels.get(key_id) != label:
            self._labels[key_id] = label
            self._draw()

    def speak_for(self, where: Where) -> None:
        """Draw the keys of another part of the screen, which has the keyboard now."""
        if where != self._where:
            self._where = where
            self._draw()

    def on_resize(self) -> None:
        """Fit the line to the new width."""
        self._draw()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The keys that are offered, with their labels."""
        return [
            (key_name(key.keys[0]), self._labels.get(key.id, key.label))
            for key in keys_of(self._where)
            if key.foot and key.id not in self._hidden
        ]

    def _draw(self) -> None:
        room = self.size.width - 1
        # The help page is offered first when the line is short: it lists what did not fit.
        fits: list[tuple[str, str]] = []
        pairs = self.pairs
        last = [pair for pair in pairs if pair[0] == "F1"]
        room -= sum(cell_len(f"{name} {label}   ") for name, label in last)
        lead = cut(shown(self._lead), max(0, room))
        room -= cell_len(f"{lead}   ") if lead else 0
        for name, label in (pair for pair in pairs if pair not in last):
            room -= cell_len(f"{name} {label}   ")
            if room < -3:
                break
            fits.append((name, label))
        parts: list[tuple[str, str]] = [(" ", ""), (f"{lead}   " if lead else "", "bold")]
        for name, label in [*fits, *last]:
            parts += [(name, "bold"), (f" {label}   ", "")]
        self.update(Content.assemble(*parts))
