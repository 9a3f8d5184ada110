"""The run screen tells what happened: who is needed, what came of an answer, who accepted a step, how it ended."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from wizard.engine import Preparation
from wizard.record.journal import read_last


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

Opens = Callable[[Preparation], UplevelApp]

_STEPS = """
format: 1
procedure: told
title: Told
phases:
  - title: Only
    steps:
%s
"""


def _steps(*each: str) -> str:
    return _STEPS % "\n".join(f"      - {{{step}}}" for step in each)


async def test_a_countdown_needs_nobody(desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens) -> None:
    text = _steps("id: pause, title: Let it settle, wait: 10m")
    async with wizard_at(prepared_from(text)).run_test(size=(120, 40)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("soak")
        await it.until(lambda: " left" in it.text())
        assert "needs you" not in it.text()
        assert "◔ waiting" in it.text()
        assert "left: Let it settle" in it.text()
        assert "waiting, 9 min 5" in it.text()
        assert "◔ 1 Let it settle" in it.text()


async def test_a_wait_is_ended_before_its_time_with_a_reason(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    text = _steps("id: pause, title: Let it settle, wait: 10m")
    async with wizard_at(prepared_from(text)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("soak")
        await it.take("e")
        await it.type("no time")
        await it.press("enter")
        await it.kind("result")
        assert "✓ done" in it.text()
        assert "The wait was cut short: no time" in it.text()


async def test_a_no_at_a_gate_says_what_happened(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    text = _steps("id: it, title: Do it, confirm: Really?, run: 'true'")
    async with wizard_at(prepared_from(text)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("go")
        await it.take("r")
        await it.question("confirm")
        await it.take("n")
        await it.question("go")
        assert "Back at the step. Nothing ran" in it.text()
        await it.take("r")
        await it.question("confirm")
        assert "Nothing ran" not in it.text()


async def test_an_accepted_step_is_not_plainly_done(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    text = _steps("id: it, title: Do it, run: 'false'", "id: then, title: Then, run: 'true'")
    async with wizard_at(prepared_from(text)).run_test(size=(120, 40)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("go")
        await it.take("r")
        await it.question("failed")
        await it.take("o")
        await it.type("a-test")
        await it.press("enter")
        await it.kind("result")
        user = it.run.showing.state.opened.operator.user
        assert "≈ accepted" in it.text()
        assert f"Accepted by {user}: a-test" in it.text()
        assert "≈ 1 Do it" in it.text()
        assert "accepted" in it.text().split("≈ 1 Do it")[1][:30]
        await it.pilot.resize_terminal(80, 24)
        await it.press("enter")
        await it.question("go")
        await it.press("f4")
        await it.until(lambda: f"accepted by {user}: a-test" in it.text())


@pytest.mark.parametrize("size", [(80, 30), (120, 40)], ids=["80x30", "120x40"])
async def test_a_stopped_session_names_what_is_left_and_its_head(
    size: tuple[int, int], desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    text = _steps(
        f"id: it, title: Make it, run: 'touch {made}', undo: {{run: 'rm {made}'}}", "id: then, title: T, run: 'true'"
    )
    async with wizard_at(prepared_from(text)).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("go")
        await it.take("r")
        await it.kind("result")
        await it.press("enter")
        await it.question("go")
        await it.take("x")
        await it.type("enough")
        await it.press("enter")
        await it.kind("closed")
        await it.until(lambda: it.run.showing.finished is not None)
        text = it.text()
        assert "■ stopped" in text
        assert "Left as it is: 1 step to undo" in text
        assert "  Make it" in text
        assert "$ rm" in text
        last = read_last(it.run.driver.engine.folder / "journal.jsonl")
        assert last is not None
        assert last.h in text
