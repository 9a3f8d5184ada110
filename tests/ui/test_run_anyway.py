"""What is done already is run all the same by its key, once a reason was typed."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from wizard.engine import Preparation


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

_THERE = """
format: 1
procedure: there
title: It is there
parameters:
  dir: {matches: '/.*'}
phases:
  - title: Only
    steps:
      - id: it
        title: Touch it
        already: {run: 'test -e ${dir}'}
        run: touch ${dir}/again
        repeat: safe
"""


async def test_run_all_the_same(
    tmp_path: Path, desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Callable[[Preparation], UplevelApp]
) -> None:
    async with wizard_at(prepared_from(_THERE, dir=str(tmp_path))).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        await it.press("f5")
        await it.question("found done")
        assert "run it all the same" in it.text()
        await it.take("r")
        await it.press("enter")
        assert "A reason is needed." in it.text()
        await it.type("it is stale")
        await it.press("enter")
        await it.question("go")
        assert not (tmp_path / "again").exists()
        await it.take("r")
        await it.kind("result")
        assert (tmp_path / "again").exists()
        await it.press("enter")
        await it.kind("closed")
        await it.until(lambda: it.run.showing.finished is not None)
        assert "run although it was done already (it is stale)" in " ".join(it.text().split())
