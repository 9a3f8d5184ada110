"""From right after every single step of every built-in procedure: all that can be taken back is, and nothing is left.

The small sibling, in `tests/engine/test_roads_back.py`, takes each step back and does it again in one road.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.roads import PROCEDURES, Road, released
from wizard.model.reading import read_procedure
from wizard.places import asset
from wizard.platforms.cloudfoundry.likeness import diff_worlds
from wizard.session.undo_path import undo_path


if TYPE_CHECKING:
    from tests.conftest import Opener


STEPS = [
    (name, step.id)
    for name in PROCEDURES
    for step in read_procedure(Path(asset(f"procedures/{name}.yaml"))).procedure.steps()
]
ROADS = {
    "restored": {"fill": "backup"},
    "reindex-remote": {"fill": "remote"},
    "refill": {"drifted": "refill"},
    "verify-nearly": {"drifted": "few"},
    "edit-manifest-yourself": {"editing": "editor"},
    "reindex-tonight": {"reindex": "tonight"},
}
"""What has to be answered for a step to be on the road."""


@pytest.mark.storm
@pytest.mark.parametrize(("name", "step"), STEPS, ids=[f"{name}-{step}" for name, step in STEPS])
def test_whoever_stops_right_after_a_step_gets_everything_back(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch, name: str, step: str
) -> None:
    monkeypatch.setenv("VISUAL", "emacs")  # no rehearsal starts it: what it would do is done here
    road = Road(sessions, name, answers=ROADS.get(step, {}))
    start = road.world
    files = road.files()
    if step == "edit-manifest-yourself":
        road.to(step)
        assert road.aside(road.procedure.step("edit-manifest")).exit == 0
    question = road.walk(lambda _: road.state.step(step).end is not None)
    if question is None:
        assert road.state.closed == "completed"  # after the last step nothing is asked any more
        return
    way = undo_path(road.procedure, road.state)
    road.undo_all()
    if way.blocked_by is not None:
        assert way.blocked_by.no_return is not None
        assert way.why
        return
    assert diff_worlds(start, road.world, released=released(name, start)) == []
    assert road.files("work") == {path: content for path, content in files.items() if path.startswith("work/")}
