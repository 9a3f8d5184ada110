"""A wide terminal uses its width: the list is as wide as its titles need, and output stands beside the card."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from screens.run.checklist import checklist_lines, wanted_width
from wizard.engine import Preparation
from wizard.session import Mark
from wizard.session.view import StepRow


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

Opens = Callable[[Preparation], UplevelApp]

_TITLES = """
format: 1
procedure: titled
title: Titled
phases:
  - title: All
    steps:
      - {id: one, title: Write the first of two files, run: echo from-the-first}
      - {id: two, title: Write the other one, run: echo from-the-other}
"""


def test_the_list_is_as_wide_as_its_titles_need() -> None:
    title = "Give the downlevel service its name"
    rows = [StepRow(number, f"s{number}", title, Mark.NEEDS_YOU, "Phase", "") for number in (1, 12)]
    width = wanted_width(rows)
    assert checklist_lines(rows, width - 2).plain.count("\n") == 3
    assert f"12 {title}" in checklist_lines(rows, width - 2).plain
    assert width < 70


@pytest.mark.parametrize(("size", "beside"), [((120, 40), False), ((140, 40), True), ((160, 50), True)])
async def test_output_stands_beside_the_card_from_140_columns(
    size: tuple[int, int], beside: bool, desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(_TITLES)).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("go")
        rows = it.text().splitlines()
        assert any("1 Write the first of two files" in row for row in rows)
        await it.take("r")
        await it.kind("result")
        await it.press("enter")
        await it.question("go")
        if not beside:
            assert "from-the-first" not in it.text()
            return
        await it.until(lambda: "from-the-first" in it.text())
        assert "2 of 2 · Write the other one" in it.text()
        assert "R   run it" in it.text()
        assert it.run.query_one("#card").region.right <= it.run.outputs.tiles.region.x
        await it.press("f5")
        await it.until(lambda: "R   run it" not in it.text())
        assert it.run.outputs.tiles.region.width > size[0] // 2
        await it.press("escape")
        await it.until(lambda: "R   run it" in it.text())
        await it.press("m")  # it covers what is asked, so Enter shows that again and takes nothing
        await it.until(lambda: "R   run it" not in it.text() and "Write the first" not in it.text())
        assert "from-the-first" in it.text()
        await it.press("enter")
        await it.until(lambda: "R   run it" in it.text() and "from-the-first" in it.text())
