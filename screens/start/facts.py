"""What is known, by labels: each text wraps in a column of its own."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from screens.shared.words import safe_text


class FactList(Vertical):
    """Labels and texts; what has no text is not shown.

    Args:
        names: The names of the facts, in order.
        id: The widget's id.
    """

    def __init__(self, names: Iterable[str], *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._names = tuple(names)

    def compose(self) -> ComposeResult:
        for name in self._names:
            with Horizontal(classes="fact", name=name):
                yield Static("", classes="label", markup=False)
                yield Static("", classes="text", markup=False)

    def show(self, name: str, label: str, text: str) -> None:
        """Show one of the facts, or nothing of it where there is no text."""
        fact = next(each for each in self.query(".fact") if each.name == name)
        fact.display = bool(text)
        fact.query_one(".label", Static).update(Content.styled(label, "bold"))
        fact.query_one(".text", Static).update(Content(safe_text(text, newlines=True)))
