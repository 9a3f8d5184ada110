"""The list of steps: walked by keys, each card read ahead or back, and nothing is done from there."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from screens.run.steps import StepsScreen
from tests.ui.test_run_hidden import THREE, _at_the_second
from wizard.engine import Preparation


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

Opens = Callable[[Preparation], UplevelApp]
_SIZES = [(80, 24), (100, 30), (120, 40), (160, 50)]


def _steps(it: "Desk") -> StepsScreen:
    assert isinstance(it.app.screen, StepsScreen)
    return it.app.screen


@pytest.mark.parametrize("size", _SIZES)
async def test_the_list_is_walked_and_each_card_read_ahead_or_back(
    size: tuple[int, int], desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(THREE)).run_test(size=size) as pilot:
        it = desk(pilot)
        await _at_the_second(it)
        asked, runs = it.run.showing.state.question, it.run.showing.state.runs
        await it.press("f4")
        assert _steps(it).pointed == 2
        assert all(title in it.text() for title in ("1 First", "2 Second", "3 Third"))
        await it.press("down", "enter")
        await it.until(lambda: "3 of 3 · Third" in it.text())
        assert "$ echo three" in it.text()
        assert "run it" not in it.text()
        await it.press("up", "up")
        await it.until(lambda: "1 of 3 · First" in it.text())
        assert "✓ done" in it.text()
        assert "$ echo one" in it.text()
        await it.press("escape")
        await it.until(lambda: "1 of 3 · First" not in it.text())
        await it.press("escape")
        await it.until(lambda: it.app.screen is it.run)
        await it.until(lambda: "run it" in it.text())
        assert it.run.showing.state.question == asked
        assert it.run.showing.state.runs == runs


async def test_what_the_session_does_meanwhile_is_said_there(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(THREE)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("go")
        options = it.run.showing.options
        await it.press("f4")
        it.run.answers.mark(options[0])
        it.run.answers.take()
        await it.until(lambda: "The step has ended. Esc goes back." in it.text())
        await it.until(lambda: "✓ 1 First" in it.text())
        await it.press("f4")
        await it.kind("result")
