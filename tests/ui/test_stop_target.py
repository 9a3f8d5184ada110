"""F8 says which command it would stop: in the line of keys, and whole where it asks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from screens.run.stop_target import stop_label, stop_told
from tests.conftest import Opener
from wizard.engine import Preparation, StopCommand, Update
from wizard.record.events import RunStarted


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

Opens = Callable[[Preparation], UplevelApp]

_ONE = """
format: 1
procedure: one
title: One
phases:
  - title: Only
    steps: [{id: it, title: Wait long, why: Because, %s}]
"""


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_f8_names_the_command_in_the_line_of_keys_and_shows_it_whole_before_it_stops(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens, size: tuple[int, int]
) -> None:
    text = _ONE % "run: sleep 600 0.25"
    async with wizard_at(prepared_from(text)).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.until(lambda: "F5" in it.text())
        await it.press("f5")
        await it.question("go")
        await it.take("r")
        await it.kind("running")
        await it.until(lambda: "F8 stop sleep 600 " in it.text().splitlines()[-1])
        await it.press("f8")
        asked = it.text()
        for words in ("Stop this command?", "$ sleep 600 0.25", "Step 1 · Wait long.", "Half of what it does"):
            assert words in asked
        await it.press("down", "enter")
        await it.question("failed")
        assert "F8" not in it.text().splitlines()[-1]


@pytest.mark.parametrize(
    ("act", "label", "told"),
    [
        ("run: sleep 600", "stop sleep 600", ["$ sleep 600"]),
        ("run: sleep 600.000000000000000000001", "stop sleep", ["$ sleep 600.000000000000000000001"]),
        ("shell: 'true; sleep 600'", "stop the script", ["$ true; sleep 600"]),
        (
            'shell: "sleep 600\\n' + "".join(f"echo {line}\\n" for line in range(2, 12)) + '"',
            "stop the script",
            ["$ sleep 600", "  echo 2", "  echo 3", "  echo 4", "  echo 5", "  echo 6", "  … 5 lines more"],
        ),
    ],
)
def test_a_script_is_called_that_and_a_long_one_leaves_the_answers_in_sight(
    sessions: Opener, act: str, label: str, told: list[str]
) -> None:
    from screens.run.showing import Showing

    drive = sessions.open(_ONE % act)
    drive.ask_and_answer("run", sort="go")
    drive.until(lambda m: isinstance(m, Update) and isinstance(m.happened.event, RunStarted))
    run = drive.state.open_run
    assert run is not None
    assert stop_label(run) == label
    assert stop_told(Showing(drive.engine.plan_input, drive.state), run).splitlines()[: len(told)] == told
    drive.engine.submit(StopCommand())
