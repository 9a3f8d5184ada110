"""What is not on the screen is not answered, and a key does what its name in the line of keys says."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from screens.run.stop_now import one_line, some_lines
from wizard.engine import Preparation
from wizard.session.view import StopNow


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

THREE = """
format: 1
procedure: three
title: Three
phases:
  - title: All
    steps:
      - {id: one, title: First, why: WHY-ONE, run: echo one, undo: {run: echo back}}
      - {id: two, title: Second, why: WHY-TWO, run: echo two}
      - {id: three, title: Third, run: echo three}
"""
Opens = Callable[[Preparation], UplevelApp]


async def _at_the_second(it: "Desk") -> None:
    await it.pilot.pause()
    await it.press("f5")
    await it.question("go")
    await it.take("r")
    await it.kind("result")
    await it.press("enter")
    await it.until(lambda: it.run.showing.state.current == "two")
    await it.question("go")


@pytest.mark.parametrize("key", ["enter", "r", "f9", "k", "x", "R"])
async def test_a_key_shows_what_is_hidden_instead_of_answering_it(
    key: str, desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(THREE)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _at_the_second(it)
        await it.press("f5")
        assert "WHY-TWO" not in it.text()
        asked, runs = it.run.showing.state.question, len(it.run.showing.state.runs)
        await it.press(key)
        await it.until(lambda: "WHY-TWO" in it.text())
        assert it.app.screen is it.run
        assert it.run.showing.state.question == asked
        assert len(it.run.showing.state.runs) == runs


@pytest.mark.parametrize("cover", ["f4", "f5"])
async def test_escape_and_the_same_key_go_back_to_the_whole_card(
    cover: str, desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(THREE)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _at_the_second(it)
        before = it.text()
        for back in ("escape", cover):
            await it.press(cover)
            await it.until(lambda: "WHY-TWO" not in it.text())
            await it.press(back)
            await it.until(lambda: it.text() == before)


async def test_a_wide_terminal_has_the_steps_beside_the_card_and_hides_nothing(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(THREE)).run_test(size=(120, 40)) as pilot:
        it = desk(pilot)
        await _at_the_second(it)
        assert "2 Second" in it.text()
        assert "WHY-TWO" in it.text()
        await pilot.resize_terminal(80, 24)
        await it.until(lambda: "WHY-TWO" in it.text() and "2 Second" not in it.text())


async def test_capital_letters_are_the_same_keys(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(THREE)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _at_the_second(it)
        await it.take("R")
        await it.until(lambda: len(it.run.showing.state.runs) == 2)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_stopping_means_is_said_once(
    size: tuple[int, int], desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(THREE)).run_test(size=size) as pilot:
        it = desk(pilot)
        await _at_the_second(it)
        assert it.text().count("If you stop now") == 1
        await it.press("f4")
        assert it.text().count("If you stop now") == 1


def test_beside_the_card_no_command_is_cut_either() -> None:
    commands = tuple(f"cf rename-service digitalmarketplace_service_{at} {'b' * 40}" for at in range(6))
    stop = StopNow("6 steps to undo", commands)
    lines = some_lines(stop, 34, 8)
    assert len(lines) <= 8
    assert all(len(line) < 34 for line in lines)
    assert lines[-1].startswith(" and 5 more")
    told = "".join("".join(lines).split())
    assert "".join(commands[0].split()) in told


def test_the_stop_now_line_names_a_step_by_number_rather_than_by_half_its_title() -> None:
    barred = "no way back past Delete the old app, search-api-old: Going back is then a release."
    line = one_line(StopNow(barred, (), brief="no way back past step 32"), 79)
    assert line.endswith("no way back past step 32  (F4 shows it)")


def test_the_stop_now_line_never_cuts_a_command() -> None:
    short = StopNow("1 step to undo", ("cf delete-service redis-new",))
    assert one_line(short, 79).endswith("$ cf delete-service redis-new")
    long = StopNow("1 step to undo", ("cf delete-service digitalmarketplace_redis-new",))
    assert "digitalmarketplace_redis-new" in one_line(long, 79)
    longest = StopNow("2 steps to undo", (f"cf rename-service {'a' * 40} {'a' * 40}-old", "cf x"))
    assert "cf rename" not in one_line(longest, 79)
    assert "F4" in one_line(longest, 79)
    assert all(len(one_line(each, 79)) <= 79 for each in (short, long, longest))
