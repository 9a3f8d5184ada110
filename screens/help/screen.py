"""The help page: the keys of the screen one came from, the marks, the words."""

from typing import Any, Self

from textual.content import Content

from screens.keys import written
from screens.shared.page import Page, where_of
from screens.shared.reading import ReadingPage
from screens.shared.shared_keys import BACK
from screens.shared.words import MARKS
from wizard import places


def help_text(about: type[Page[Any]]) -> Content:
    """The whole page for one screen."""
    parts: list[tuple[str, str]] = [(" Keys here\n", "bold")]
    if about.ABOUT:
        parts.append((f"  {about.ABOUT}\n\n", ""))
    rows = [*((written(key), key.help) for key in about.all_keys()), *about.WIDGET_KEYS]
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
    SHARED_KEYS = (BACK,)

    def __init__(self, about: type[Page[Any]]) -> None:
        super().__init__()
        self._about = about

    @classmethod
    def opened_from(cls, page: Page[Any]) -> Self:
        """Help for the screen it was asked on."""
        return cls(type(page))

    def on_mount(self) -> None:
        """Show the page."""
        mode, production = where_of(self.app)
        self.banner.say("Help", mode, production=production)
        self.read(help_text(self._about))
