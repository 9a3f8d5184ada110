"""The palette lists each thing once: what the keys do, the themes, and the way out."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from textual.command import CommandPalette

from screens.app import UplevelApp
from screens.sessions.screen import SessionsScreen
from wizard.engine import Preparation


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

Opens = Callable[[Preparation], UplevelApp]

_ONE = """
format: 1
procedure: one
title: One
phases: [{title: Only, steps: [{id: it, title: Do it, run: 'true'}]}]
"""


def _offered(it: "Desk") -> list[tuple[str, str]]:
    return [(command.title, command.help) for command in it.app.get_system_commands(it.app.screen)]


async def test_each_thing_is_offered_once_with_themes_and_the_way_out(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(_ONE)).run_test(size=(100, 30)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "F5" in it.text())
        pages = [_offered(it)]
        it.app.push_screen(SessionsScreen(list))
        await it.seen()
        pages.append(_offered(it))
        await it.press("escape")
        await it.press("f5")
        await it.question("go")
        pages.append(_offered(it))
        assert ("quit (F7 or Ctrl+C)", "Pause the session and leave it.") in pages[-1]
        await it.press("f1")
        pages.append(_offered(it))
        for offered in pages:
            titles = [title for title, _ in offered]
            assert len(set(titles)) == len(titles)
            assert len({told for _, told in offered}) == len(offered)
            assert sum(title.startswith("theme") for title in titles) == 1
            assert sum(title.startswith("quit") for title in titles) == 1
            assert not any("leave" in title for title in titles)


async def test_quit_leaves(desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens) -> None:
    app = wizard_at(prepared_from(_ONE))
    async with app.run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "F5" in it.text())
        await it.press("f5")
        await it.question("go")
        await it.press("ctrl+p")
        await it.type("quit")
        await it.until(lambda: "quit (F7" in it.text())
        await it.press("enter")
        await it.until(lambda: app.return_value is not None)
    assert app.return_value is not None
    assert app.return_value.code == 3


@pytest.mark.parametrize("theme", ["textual-light", "textual-dark", "nord", "ansi-light"])
async def test_a_theme_is_chosen_and_its_colours_are_drawn(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens, theme: str
) -> None:
    app = wizard_at(prepared_from(_ONE))
    async with app.run_test(size=(100, 30)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "F5" in it.text())
        await it.press("ctrl+p")
        await it.type("theme")
        await it.until(lambda: "Choose other colours" in it.text())
        await it.press("enter")
        await it.until(lambda: isinstance(app.screen, CommandPalette) and "Search for themes" in it.text())
        await it.type(theme)
        await it.until(lambda: theme in it.text().splitlines()[-1] or theme in it.text())
        await it.press("enter")
        await it.until(lambda: app.theme == theme)
        assert app.native_ansi_color == theme.startswith("ansi")
        await it.until(lambda: "Do it" in it.text() or "One" in it.text())
