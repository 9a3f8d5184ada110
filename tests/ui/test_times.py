"""How long the command and the session have taken, and usually take, at the right of the second line."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from screens.app import UplevelApp
from screens.run.showing import Showing
from screens.run.times import times
from tests.conftest import Opener
from wizard.clock import Instant
from wizard.engine import Preparation, Update, UsualTimes
from wizard.record.events import RunStarted


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

Opens = Callable[[Preparation], UplevelApp]

_RUNS = """
format: 1
procedure: runs
title: Runs
phases: [{title: Only, steps: [{id: one, title: Rename the downlevel service, shell: 'echo begun; read -r line'}]}]
"""


def _after(begun: Instant, seconds: float) -> Instant:
    return replace(begun, boottime=begun.boottime + int(seconds * 1e9))


@pytest.fixture
def running(sessions: Opener) -> tuple[Showing, Instant]:
    """A command that runs, and when it was asked for."""
    drive = sessions.open(_RUNS)
    drive.ask_and_answer("run", sort="go")
    drive.until(lambda m: isinstance(m, Update) and isinstance(m.happened.event, RunStarted))
    run = drive.state.open_run
    assert run is not None
    return Showing(drive.engine.plan_input, drive.state), run.asked_at.instant()


def test_elapsed_and_usual_time_of_the_command_and_the_session(running: tuple[Showing, Instant]) -> None:
    showing, begun = running
    assert times(showing, _after(begun, 4.2), 80) == "● running 4 s · session under 1 min"
    showing.take(UsualTimes({"one": 12.4, "other": 3.0}, 840.0))
    told = times(showing, _after(begun, 245.0), 80)
    assert told == "● running 4 min 5 s · usually 12 s · session 4 min, usually 14 min"


def test_what_has_no_room_is_left_out_whole_and_the_command_goes_last(running: tuple[Showing, Instant]) -> None:
    showing, begun = running
    showing.take(UsualTimes({"one": 12.4}, 840.0))
    now = _after(begun, 4.0)
    told: list[str] = []
    for room in range(80, 0, -1):
        each = times(showing, now, room)
        told += [each] if not told or each != told[-1] else []
    assert told == [
        "● running 4 s · usually 12 s · session under 1 min, usually 14 min",
        "● running 4 s · usually 12 s · session under 1 min",
        "● running 4 s · usually 12 s",
        "● running 4 s",
    ]


def test_nothing_is_said_to_be_usual_of_what_takes_no_time(running: tuple[Showing, Instant]) -> None:
    showing, begun = running
    showing.take(UsualTimes({"one": 0.4}))
    assert "usually" not in times(showing, begun, 80)


def test_the_session_is_told_by_the_minute(running: tuple[Showing, Instant]) -> None:
    showing, begun = running
    drawn = {times(showing, _after(begun, 3600 + each), 80).partition("session")[2] for each in range(50)}
    assert drawn <= {" 1 h", " 1 h 1 min"}


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (160, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_they_stand_at_the_right_of_the_second_line(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens, size: tuple[int, int]
) -> None:
    async with wizard_at(prepared_from(_RUNS)).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.until(lambda: "F5" in it.text())
        await it.press("f5")
        await it.question("go")
        assert it.text().splitlines()[1].rstrip(" ─").endswith("session under 1 min")
        it.run.showing.take(UsualTimes({"one": 12.0}, 840.0))
        await it.take("r")
        await it.kind("running")

        def told() -> bool:
            second = it.text().splitlines()[1]
            whole = "· usually 12 s · session under 1 min, usually 14 min" in second
            return "● running" in second and (whole or (size[0] < 100 and "· usually 12 s" in second))

        await it.until(told)
        if size[0] < 140:  # from there on the card may stand beside the output, and has a mark of its own
            assert it.text().count("● running") == 1


async def test_a_second_line_that_says_nothing_new_is_not_drawn_anew(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with wizard_at(prepared_from(_RUNS)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "F5" in it.text())
        await it.press("f5")
        await it.question("go")
        drawn: list[object] = []
        line = it.run.query_one("#line", Static)
        monkeypatch.setattr(line, "update", lambda *_told, **_how: drawn.append(1))
        for _ in range(20):
            it.run.presenter.view._tick()
        assert len(drawn) <= 1  # when a minute is over just now
