"""A window that asks stays until the engine took the answer; the options of a choice have the number keys."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from screens.app import UplevelApp
from screens.run.screen import RunScreen
from screens.shared.dialogs import TextDialog
from wizard.engine import Preparation


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

Opens = Callable[[Preparation], UplevelApp]

_ONE = """
format: 1
procedure: one
title: One step
phases: [{title: Only, steps: [{id: it, title: Do it, %s}]}]
"""


async def test_a_wrong_value_is_told_in_the_window_and_what_was_typed_stays(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    text = _ONE % "ask: {name: count, ask: How many?, matches: '[0-9]+'}"
    async with wizard_at(prepared_from(text)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("ask")
        await it.take("t")
        await it.type("12x")
        await it.press("enter")
        await it.until(lambda: "does not take this value" in it.said("#problem"))
        assert isinstance(it.app.screen, TextDialog)
        assert it.app.screen.query_one(Input).value == "12x"
        assert it.run.showing.state.question is not None
        await it.press("backspace", "enter")
        await it.kind("result")
        assert isinstance(it.app.screen, RunScreen)
        assert "You answered: 12" in it.text()


async def test_a_window_whose_question_closed_by_itself_closes_too(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    text = _ONE % "wait: 3s"
    async with wizard_at(prepared_from(text)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("soak")
        await it.take("k")
        assert isinstance(it.app.screen, TextDialog)
        await it.kind("result")
        assert isinstance(it.app.screen, RunScreen)


async def test_number_keys_pick_what_is_to_choose(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    text = _ONE % "choose: {name: road, ask: Which road?, options: {a: Road one, b: Road two}}"
    async with wizard_at(prepared_from(text)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("choose")
        lines = it.text().splitlines()
        assert any("1   Road one" in line for line in lines)
        assert any("2   Road two" in line for line in lines)
        await it.press("3", "9")  # there is no third
        await it.question("choose")
        await it.take("2")
        await it.kind("result")
        assert it.run.showing.state.values["road"] == "b"
