"""The output on the run screen: what is asked while one looks at it waits, and no key meant for it answers."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from screens.shared.key_line import KeyLine
from wizard.engine import Preparation


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

SLOW = """
format: 1
procedure: slow
title: Slow
parameters: {fifo: {matches: '/.*'}}
phases:
  - title: All
    steps:
      - {id: one, title: First, why: WHY-ONE, shell: 'printf "error one\\\\nerror two\\\\n"; cat "$fifo"; false'}
"""
PRINTS = """
format: 1
procedure: prints
title: Prints
phases:
  - title: All
    steps:
      - {id: one, title: First, run: seq 1 500}
      - {id: two, title: Second, why: WHY-TWO, run: echo two}
"""
Opens = Callable[[Preparation], UplevelApp]


async def _running(it: "Desk") -> None:
    await it.pilot.pause()
    await it.press("f5")
    await it.question("go")
    await it.take("r")
    await it.kind("running")
    await it.until(lambda: it.run.outputs.pane.lines >= 2)


async def _second(it: "Desk") -> None:
    await it.pilot.pause()
    await it.press("f5")
    await it.question("go")
    await it.take("r")
    await it.kind("result")
    await it.press("enter")
    await it.until(lambda: it.run.showing.state.current == "two")
    await it.question("go")


@pytest.mark.parametrize("busy", ["ctrl+f", "m", "v"])
async def test_what_is_asked_while_one_is_busy_with_the_output_waits(
    busy: str, tmp_path: Path, desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    async with wizard_at(prepared_from(SLOW, fifo=str(fifo))).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _running(it)
        await it.press(busy)
        if busy == "ctrl+f":
            await it.type("err")
        fifo.write_bytes(b"")
        await it.until(lambda: it.run.showing.kind == "question")
        asked, runs = it.run.showing.state.question, len(it.run.showing.state.runs)
        await it.until(lambda: "! Something is asked." in it.text().splitlines()[-1])
        assert "error one" in it.text()
        await it.type("or" if busy == "ctrl+f" else "r")
        if busy == "ctrl+f":
            assert it.run.outputs.pane._search.field.value == "error"
            await it.press("enter", "escape")
            assert "error one" in it.text()
            await it.press("escape")
        elif it.run.presenter.covered:  # on a busy machine the letter came before the question was drawn
            await it.press("escape")
        await it.until(lambda: "The command failed." in it.text())
        assert it.app.screen is it.run
        assert it.run.showing.state.question == asked
        assert len(it.run.showing.state.runs) == runs


async def test_the_whole_screen_is_the_outputs_and_the_line_of_keys_follows(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(PRINTS)).run_test(size=(120, 40)) as pilot:
        it = desk(pilot)
        await _second(it)
        await it.press("f5")
        await it.until(lambda: "500" in it.text())
        assert "M maximise" in it.text()
        before = it.run.outputs.pane.window.size
        await it.press("m")
        await it.until(lambda: it.run.outputs.pane.window.size.width == 120)
        assert it.run.outputs.pane.window.size.height == 40 - 4, it.text()
        await it.press("ctrl+f")
        assert it.run.outputs.pane.window.size.height == 40 - 4
        assert ("Esc", "end the search") in it.run.query_one(KeyLine).pairs
        await it.press("escape", "m")
        await it.until(lambda: it.run.outputs.pane.window.size == before)
        assert "WHY-TWO" not in it.text()
        await it.press("escape")
        await it.until(lambda: "WHY-TWO" in it.text())


async def test_marked_lines_are_copied_and_nothing_else(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(PRINTS)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _second(it)
        await it.press("f5", "c")
        assert "Nothing is marked" in it.said("#notice")
        await it.press("shift+up", "shift+up", "up", "c")
        assert it.app.clipboard == "498\n499\n500"
        assert not it.run.outputs.pane.selecting
        assert "Copied 3 lines" in it.said("#notice")
        window = it.run.outputs.pane.window
        await pilot.mouse_down(window, offset=(1, 3))
        await pilot.hover(window, offset=(1, 5))
        await pilot.mouse_up(window, offset=(1, 5))
        first = window.seen[3][0] + 1
        await it.press("c")
        assert it.app.clipboard == f"{first}\n{first + 1}\n{first + 2}"
        assert it.run.showing.state.question is not None


async def test_the_output_is_saved_where_one_says(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    desk: "type[Desk]",
    prepared_from: "Prepares",
    wizard_at: Opens,
) -> None:
    monkeypatch.chdir(tmp_path)
    saved = tmp_path / "run-0001-output.txt"
    async with wizard_at(prepared_from(PRINTS)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _second(it)
        await it.press("f5", "s", "enter")
        await it.until(lambda: "Saved 1,892 bytes to" in it.said("#notice"))
        assert saved.is_file()
        await it.press("s", "enter")
        await it.until(lambda: "nothing is overwritten" in it.said("#notice"))
        await it.press("g")
        await it.type("+0")
        await it.press("enter")
        await it.until(lambda: "Line 1 came at" in it.said("#notice"))
        assert it.run.outputs.pane.window.view.top.line == 0
        await it.press("w", "i")
        await it.until(lambda: "wrapped · control marks" in str(it.run.outputs.pane.border_subtitle))
