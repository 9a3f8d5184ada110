"""The help page: the keys of the screen one came from, the marks, the words."""

from textual.content import Content

from screens.keys import PANE_KEYS, READING_KEYS, Where, bindings_of, keys_of, written
from screens.shared.page import where_of
from screens.shared.reading import ReadingPage
from screens.shared.words import MARKS
from wizard import places


ANSWERING = (
    "A letter, a digit, an arrow or a click marks an answer, and Enter takes it.\n"
    "  A text typed or pasted here marks nothing, and Enter after it takes nothing."
)
"""How questions are answered."""


def help_text(where: Where) -> Content:
    """The whole page for one screen."""
    parts: list[tuple[str, str]] = [(" Keys here\n", "bold")]
    if where == "run":
        parts.append((f"  {ANSWERING}\n\n", ""))
    rows = [(written(key), key.help) for key in keys_of(where)]
    if where == "run":
        rows += list(PANE_KEYS)
    if where == "transcript":
        rows += list(READING_KEYS)
    parts += [(f"  {name:<10} {explained}\n", "") for name, explained in rows]
    parts.append(("\n Marks\n", "bold"))
    parts += [(f"  {mark}  {word}\n", "") for word, mark in MARKS.items()]
    words = places.asset("help/words.txt").read_text(encoding="utf-8")
    parts += [("\n Words\n", "bold"), (words, "")]
    return Content.assemble(*parts)


class HelpScreen(ReadingPage):
    """Help.

    Args:
        about: The screen it was asked on.
    """

    WHERE = "help"
    BINDINGS = bindings_of("help")

    def __init__(self, about: Where) -> None:
        super().__init__()
        self._about = about

    def on_mount(self) -> None:
        """Show the page."""
        mode, production = where_of(self.app)
        self.banner.say("Help", mode, production=production)
        self.read(help_text(self._about))
