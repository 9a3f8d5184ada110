"""At 80x24 the card gives way: how to go on, and every answer, stand on the screen however much there is to read."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from screens.app import UplevelApp
from screens.run.choices import Choices
from wizard.engine import Preparation
from wizard.record.events import Option


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

Opens = Callable[[Preparation], UplevelApp]

_LONG = """
format: 1
procedure: long
title: One long step
phases:
  - title: Only
    steps:
      - id: it
        title: Do it
        shell: |
%s
        after:
%s
      - id: look
        title: Look at it
        why: >-
          %s
        by_hand: [Look at the first of them, Look at the second of them]
"""

_REFUSED = """
format: 1
procedure: refused
title: A world that is not ready
phases:
  - title: Only
    steps:
      - id: first
        title: Do the first thing
        run: 'true'
        undo: {run: 'true'}
      - id: second
        title: Do the second thing
        before:
          - run: 'false'
            says: >-
              It is not there yet, and there is a lot to be said about what to do then, so that it takes a few lines of
              the card to say all of it to whoever stands before it at two in the morning.
        run: echo this is a command that is long enough to take more than one line of the eighty there are
"""

_SCRIPT = "\n".join(f"          echo line {number}" for number in range(9))
_CHECKS = "\n".join(f"          - {{run: 'echo {number}', has: '{number}'}}" for number in range(12))
_PROSE = "There is a lot to be said about it, and all of it matters to somebody. " * 12


async def test_a_long_result_says_how_to_go_on_and_a_notice_hides_no_answer(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(_LONG % (_SCRIPT, _CHECKS, _PROSE))).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        await it.press("f5")
        await it.question("go")
        await it.take("r")
        await it.kind("result")
        assert "Press Enter to go on." in it.text()

        await it.press("enter")
        await it.question("item")
        await it.press("enter")
        await it.until(lambda: "Nothing is marked." in it.text())
        missing = [option.label for option in it.run.showing.options if option.label not in it.text()]
        assert missing == []


async def test_after_checks_were_made_again_all_answers_stand_there(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(_REFUSED)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        await it.press("f5")
        await it.question("go")
        await it.take("r")
        await it.kind("result")
        await it.press("enter")
        await it.question("before")
        for asked in range(2, 6):
            await it.take("a")
            await it.until(partial(lambda number: it.run.showing.state.questions > number, asked))
            await it.question("before")
            await it.until(lambda: "The checks were made again." in it.text())
            assert [option.label for option in it.run.showing.options if option.label[:12] not in it.text()] == []
        notice = it.run.query_one("#notice", Static)
        notice.update("\n".join(["Whatever takes rows", "from the card"] * 2))
        await it.until(lambda: it.text().count("Whatever takes rows") == 2)
        await it.until(lambda: all(option.label[:12] in it.text() for option in it.run.showing.options), 3)


async def test_whatever_became_of_the_options_each_drawing_shows_those_of_the_open_question(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(_REFUSED)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        await it.press("f5")
        await it.question("go")
        it.run.query_one(Choices).offer((Option(id="again", label="check what was asked before"),), "again")
        await it.until(lambda: "check what was asked before" in it.text())
        it.run.draw()
        await it.until(lambda: "run it" in it.text() and "check what was asked before" not in it.text(), 3)


_NARROW = """
format: 1
procedure: narrow
title: Narrow
phases:
  - title: Only
    steps:
      - {id: first, title: First, run: echo one, undo: {run: echo back}}
      - {id: it, title: 'Write the long file, which has a title that wraps', why: WHY, run: 'echo %s last-word'}
"""


@pytest.mark.parametrize("size", [(60, 18), (62, 19), (80, 24)])
async def test_a_long_command_and_all_answers_are_whole_in_a_small_terminal(
    size: tuple[int, int], desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(_NARROW % " ".join(["word-of-the-command"] * 12))).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("go")
        await it.take("r")
        await it.kind("result")
        await it.press("enter")
        await it.question("go")
        await it.pilot.pause()
        assert [option.label for option in it.run.showing.options if option.label[:12] not in it.text()] == []
        seen = it.text()
        for _ in range(4):
            await it.press("pagedown")
            seen += it.text()
        assert "last-word" in seen
