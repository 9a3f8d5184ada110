"""Watches on the run screen: their panes beside the act's, their lines below the card, their ends, their keyboard."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from screens.run.tiles import Arrangement, WatchPane, arrange
from wizard.engine import Preparation


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


TEXT = """
format: 1
procedure: watched
title: Watched
phases:
  - title: Work
    steps:
      - id: log
        title: Follow the log
        watch: {shell: 'while read -r x; do echo "heard $x"; done', until: act}
      - {id: brief, title: Look once, watch: {shell: 'echo "seen [bold]"; read -r x; exit 3', until: last}}
      - {id: act, title: Act, shell: 'echo acting; read -r x; echo "hello $x"'}
      - {id: last, title: Last, run: 'true'}
"""


@pytest.mark.parametrize(
    ("columns", "rows", "panes", "found"),
    [
        (80, 18, 2, Arrangement(1, 2)),
        (80, 18, 3, Arrangement(1, 2)),
        (80, 5, 2, Arrangement(1, 1)),
        (119, 40, 3, Arrangement(1, 3)),
        (120, 40, 2, Arrangement(2, 2)),
        (134, 40, 4, Arrangement(2, 4)),
        (134, 12, 4, Arrangement(2, 2)),
        (200, 40, 1, Arrangement(1, 1)),
    ],
)
def test_panes_stand_beside_each_other_where_each_keeps_sixty_columns(
    columns: int, rows: int, panes: int, found: Arrangement
) -> None:
    assert arrange(columns, rows, panes) == found


@pytest.fixture(autouse=True)
def not_long_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test leaves behind ends soon."""
    monkeypatch.setattr("wizard.engine.run_records.ALONE", 1.0)


def seen(it: "Desk") -> list[str]:
    """The titles of the panes that are on the screen."""
    return [
        str(pane.border_title).strip()
        for pane in it.run.outputs.tiles.panes
        if pane.display and it.run.outputs.tiles.display
    ]


async def start_watches(it: "Desk") -> None:
    """Both watches started, and the act's card on the screen."""
    for _ in range(2):
        await it.question("go")
        await it.take("r")
        await it.kind("result")
        await it.press("enter")
    await it.question("go")


@pytest.mark.usefixtures("at_once")
async def test_at_eighty_columns_the_card_keeps_its_room_and_two_panes_are_stacked_while_an_act_runs(
    wizard_at: Callable[[Preparation], UplevelApp], desk: "type[Desk]", prepared_from: "Prepares"
) -> None:
    app = wizard_at(prepared_from(TEXT))
    async with app.run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await start_watches(it)
        await it.until(lambda: "● 2 · Look once · runs │ seen [bold]" in it.text())
        assert "● 1 · Follow the log · runs" in it.text()
        assert not it.run.outputs.layout.seen
        await it.press("f5")
        assert seen(it) == ["1 · Follow the log · runs", "2 · Look once · runs"]
        await it.press("f5")
        await it.take("r")
        await it.kind("running")
        await it.until(lambda: "acting" in it.text())
        assert seen(it) == ["3 · Act", "1 · Follow the log · runs"]
        one, other = (pane for pane in it.run.outputs.tiles.panes if pane.display)
        assert (one.region.width, other.region.width) == (80, 80)
        assert one.region.bottom == other.region.y
        await it.until(lambda: "● 2 · Look once · runs │ seen [bold]" in it.text())
        await it.press("f6", "f6")
        assert seen(it) == ["3 · Act", "2 · Look once · runs"]
        await it.press("f6", "tab", "m", "a", "enter")
        await it.until(lambda: it.run.showing.state.step("act").end == "done")
        await it.until(lambda: it.run.showing.state.runs[1].ended is not None)
        assert [watch.step for watch in it.run.showing.view.watches] == ["brief"]


@pytest.mark.usefixtures("at_once")
async def test_a_watch_takes_keys_when_it_is_chosen_and_its_end_is_said(
    wizard_at: Callable[[Preparation], UplevelApp], desk: "type[Desk]", prepared_from: "Prepares"
) -> None:
    app = wizard_at(prepared_from(TEXT))
    async with app.run_test(size=(170, 45)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await start_watches(it)
        assert it.run.outputs.layout.seen
        one, other = (pane for pane in it.run.outputs.tiles.panes if pane.display)
        assert one.region.y == other.region.y
        assert min(one.region.width, other.region.width) >= 60
        await it.take("r")
        await it.kind("running")
        assert seen(it) == ["3 · Act", "1 · Follow the log · runs", "2 · Look once · runs"]
        await it.press("f6", "tab")
        watch = it.run.outputs.pane
        assert isinstance(watch, WatchPane)
        assert "KEYBOARD -> COMMAND" in str(watch.border_title)
        assert [pane.takes_keys for pane in it.run.outputs.tiles.panes] == [False, True, False]
        await it.press("h", "i", "enter")
        await it.until(lambda: "heard hi" in it.text())
        await it.press("ctrl+right_square_bracket", "f6", "tab", "enter")
        await it.until(lambda: "The watch 2 · Look once ended with exit 3." in it.text())
        assert not any(pane.takes_keys for pane in it.run.outputs.tiles.panes)
        assert it.run.showing.kind == "running"
        await it.press("f6", "tab", "x", "enter")
        await it.kind("result")
        await it.press("enter")
        await it.question("go")
        assert "! the watch 2 · Look once is over: it ended with exit 3" in it.text()
        assert "seen [bold]" in it.text().partition("it printed:")[2]
        await it.take("r")
        await it.kind("result")
        await it.press("enter")
        await it.kind("closed")
        assert it.run.showing.state.watches == ()


@pytest.mark.usefixtures("at_once")
async def test_a_question_waits_while_keys_go_to_a_watch(
    wizard_at: Callable[[Preparation], UplevelApp], desk: "type[Desk]", prepared_from: "Prepares", tmp_path: Path
) -> None:
    """Keys meant for a watch are no answer, even when the act ends meanwhile."""
    waits = f"until test -e {tmp_path}/go; do sleep 0.05; done"
    app = wizard_at(prepared_from(TEXT.replace('read -r x; echo "hello $x"', waits)))
    async with app.run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await start_watches(it)
        await it.take("r")
        await it.kind("running")
        await it.press("f6", "f6", "tab")
        (tmp_path / "go").touch()
        await it.until(lambda: it.run.showing.kind == "result")
        assert it.run.outputs.pane.takes_keys
        assert it.run.showing.results
        await it.press("r", "k")
        assert it.run.showing.results
        await it.press("ctrl+right_square_bracket", "escape")
        await it.kind("result")
