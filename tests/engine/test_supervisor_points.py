"""A supervisor that dies at each named instant: what resume then says is true, and nothing runs twice."""

from pathlib import Path
from typing import Any

import pytest

from wizard.execution.runner import EndedNotice, FinishedRun, LostNotice, NotStarted, OutcomeUnknown, determine_outcome
from wizard.faults import Point


COUNT = 'read n 2>/dev/null <"{counter}" || n=0; echo $((n + 1)) >"{counter}"'

VERDICTS = {
    Point.SUPERVISOR_ORDER_READ: (NotStarted, {0}),
    Point.SUPERVISOR_CLAIMED: (OutcomeUnknown, {0}),
    Point.SUPERVISOR_BEFORE_FORK: (OutcomeUnknown, {0}),
    Point.SUPERVISOR_FORKED: (OutcomeUnknown, {0, 1}),
    Point.SUPERVISOR_STARTED_WRITTEN: (OutcomeUnknown, {0, 1}),
    Point.SUPERVISOR_CHILD_ENDED: (OutcomeUnknown, {1}),
    Point.SUPERVISOR_BEFORE_EXIT_FILE: (OutcomeUnknown, {1}),
    Point.SUPERVISOR_EXIT_FILE_WRITTEN: (FinishedRun, {1}),
}


def read(counter: Path) -> int:
    return int(counter.read_text() or 0) if counter.exists() else 0


def test_every_point_of_a_supervisor_is_tried() -> None:
    assert set(VERDICTS) == {point for point in Point if point.startswith("supervisor.")}


@pytest.mark.parametrize("point", VERDICTS, ids=str)
def test_death_at_a_point(desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: Point) -> None:
    counter = tmp_path / "counter"
    monkeypatch.setenv("UPLEVEL_FAULT", point)
    following = desk.begin(desk.bash(COUNT.format(counter=counter)))
    following.wait(EndedNotice if VERDICTS[point][0] is FinishedRun else LostNotice)
    monkeypatch.delenv("UPLEVEL_FAULT")
    kind, counts = VERDICTS[point]
    verdict = determine_outcome(following.folder, claim_as="test")
    assert isinstance(verdict, kind)
    assert read(counter) in counts
    if isinstance(verdict, NotStarted):
        desk.run(desk.bash(COUNT.format(counter=counter)))
        assert read(counter) == 1
    if isinstance(verdict, FinishedRun):
        assert verdict.report.exit == 0


def test_an_armed_point_never_reaches_the_command(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPLEVEL_FAULT", "engine.before-intent")
    following, _ = desk.run(desk.bash("env"))
    assert b"UPLEVEL" not in following.output
