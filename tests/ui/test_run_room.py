"""At 80x24 the card gives way: how to go on, and every answer, stand on the screen however much there is to read."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from wizard.engine import Preparation


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
        await it.press("r")
        await it.kind("result")
        assert "Enter goes on." in it.text()

        await it.press("enter")
        await it.question("item")
        await it.press("enter")
        await it.until(lambda: "Nothing is marked here" in it.text())
        missing = [option.label for option in it.run.options() if option.label not in it.text()]
        assert missing == []
