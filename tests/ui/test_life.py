"""Signs of life on the run screen: the mark turns only while the command is seen alive; what it says is drawn."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from screens.run.run_text import bar
from screens.run.times import life_mark
from wizard.engine import Preparation, StopCommand
from wizard.execution.runner import ProcessRunner


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


@pytest.mark.parametrize(
    ("percent", "drawn"),
    [
        (0.0, "░" * 20 + " 0 %"),
        (42.5, "█" * 8 + "░" * 12 + " 42 %"),
        (99.9, "█" * 19 + "░ 99 %"),
        (100.0, "█" * 20 + " 100 %"),
    ],
)
def test_the_bar_is_full_at_a_hundred_only(percent: float, drawn: str) -> None:
    assert bar(percent) == drawn


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_a_running_command_shows_that_it_lives_and_how_far_it_is(
    size: tuple[int, int],
    desk: "type[Desk]",
    prepared_from: "Prepares",
    wizard_at: Opens,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = _ONE % "progress: '(\\d+)%', shell: 'echo 40%; read -r line'"
    async with wizard_at(prepared_from(text)).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("go")
        await it.take("r")
        await it.kind("running")
        await it.until(lambda: "████████░░░░░░░░░░░░ 40 %" in it.text())
        showing = it.run.showing
        seen: set[str] = set()

        def turning() -> bool:
            seen.add(life_mark(showing))
            return {"◐", "◓"} <= seen or {"◑", "◒"} <= seen

        await it.until(turning)
        monkeypatch.setattr(ProcessRunner, "connected", lambda _self, _run: False)
        await it.until(lambda: "no line to its supervisor just now" in it.text())
        beats, seen_at = showing.beats, showing.signs
        await it.until(lambda: showing.signs is not seen_at)
        assert (showing.beats, life_mark(showing)) == (beats, " ")
        it.run.submit(StopCommand())
        await it.question("failed")
        assert "░" not in it.text()
