"""The last line of every screen: the keys that can be used now."""

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from screens.keys import Key, key_name
from screens.shared.words import cut, safe_text


class KeyLine(Static):
    """Made from the keys of the screen, which leaves out what cannot be used.

    Args:
        keys: Of the screen.
    """

    def __init__(self, keys: tuple[Key, ...], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", id=id, markup=False)
        self._keys = keys
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

    def speak_for(self, keys: tuple[Key, ...]) -> None:
        """Draw the keys of another part of the screen, which has the keyboard now."""
        if keys != self._keys:
            self._keys = keys
            self._draw()

    def on_resize(self) -> None:
        """Fit the line to the new width."""
        self._draw()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The keys that are offered, with their labels."""
        return [
            (key_name(key.keys[0]), self._labels.get(key.id, key.label))
            for key in self._keys
            if key.foot and key.id not in self._hidden
        ]

    def _draw(self) -> None:
        pairs = self.pairs
        lead = safe_text(self._lead)
        room = self.size.width - 1
        lead = cut(lead, room - sum(_cells(pair) for pair in pairs if pair[0] == _KEPT[0]) - _GAP) if lead else ""
        room -= cell_len(lead) + _GAP if lead else 0
        # What leads away or back, and the page that lists all keys, stand there before any other key.
        fits: set[tuple[str, str]] = set()
        for pair in sorted(pairs, key=_rank):
            room -= _cells(pair)
            if room < -_GAP:
                break
            fits.add(pair)
        parts: list[tuple[str, str]] = [(" ", ""), (f"{lead}{' ' * _GAP}" if lead else "", "bold")]
        for name, label in (pair for pair in pairs if pair in fits):
            parts += [(name, "bold"), (f" {label}{' ' * _GAP}", "")]
        self.update(Content.assemble(*parts))


_GAP = 2
_KEPT = ("F1", "F7", "F9", "F8")
"""What always has room: the help, which lists all keys, and what leaves, takes back, or stops."""
_NEXT = ("F4", "F5")


def _rank(pair: tuple[str, str]) -> int:
    return 0 if pair[0] in _KEPT else 1 if pair[0] in _NEXT else 2


def _cells(pair: tuple[str, str]) -> int:
    return cell_len(f"{pair[0]} {pair[1]}") + _GAP
