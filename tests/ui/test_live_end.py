"""An output longer than what is kept: the pane goes on at its live end, says so, and shows the whole at the end."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from wizard.engine import Preparation, TypeKeys


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

LONG = """
format: 1
procedure: long
title: Long
phases:
  - title: All
    steps:
      - id: long
        title: Print a lot
        keep: 100KiB
        shell: |
          seq 100000
          echo WAITING
          read line
          echo LAST
"""


async def test_the_pane_does_not_stand_still_beyond_the_cap(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Callable[[Preparation], UplevelApp]
) -> None:
    async with wizard_at(prepared_from(LONG)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await pilot.pause()
        await it.press("f5")
        await it.question("go")
        await it.take("r")
        await it.kind("running")
        await it.until(lambda: "bytes left out here" in str(it.run.outputs.pane.border_subtitle))
        await it.until(lambda: "WAITING" in it.text())
        it.run.driver.engine.submit(TypeKeys(b"\n"))
        await it.kind("result")
        assert it.run.outputs.pane.shown == it.run.driver.engine.output(1).file
        assert "left out" not in str(it.run.outputs.pane.border_subtitle)
