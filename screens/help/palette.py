"""What the palette offers: each key of the screen in front once, the themes, and the way out."""

from collections.abc import Callable, Iterator
from functools import partial

from textual.app import SystemCommand

from screens.keys import Key, written
from screens.shared.page import Page


_LEAVING = ("leave", "interrupt")
"""Ids of the keys that leave; where both are there, they do the same."""


def commands_of(page: "Page[object]", themes: Callable[[], None]) -> Iterator[SystemCommand]:
    """Each thing that can be done now, once.

    Args:
        page: The screen in front.
        themes: Asks for a theme.
    """
    keys = page.all_keys()
    for key in keys:
        if key.foot and key.id not in _LEAVING and not page.why_not(key):
            yield SystemCommand(f"{key.label} ({written(key)})", key.help, _operation(page, key))
    yield SystemCommand("theme", "Choose other colours; `ansi-dark` and `ansi-light` are the terminal's own.", themes)
    leaving = [key for key in keys if key.id in _LEAVING]
    if leaving:
        by = " or ".join(written(key) for key in leaving)
        yield SystemCommand(f"quit ({by})", page.QUITS or leaving[0].help, _operation(page, leaving[0]))
    else:
        yield SystemCommand("quit", "Leave uplevel.", page.action_interrupt)


def _operation(page: "Page[object]", key: Key) -> Callable[[], object]:
    return partial(page.perform, key, key.action)
