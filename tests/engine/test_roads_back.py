"""Every step of the built-in procedures is taken back right after it, the world is as it was, and the road goes on."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.engine.roads import ONE_OF_TWINS, TROUBLE, Road, released
from wizard.platforms.cloudfoundry.likeness import diff_worlds
from wizard.session.state import PROVEN
from wizard.session.undo_path import undo_path, undo_target


if TYPE_CHECKING:
    from tests.conftest import Opener
    from wizard.model.procedure import Step
    from wizard.platforms.digitalmarketplace.world import EstateWorld


NO_RETURN = {
    "elasticsearch": ["delete-old-app", "release", "delete-old-service"],
    "redis": ["remove-old"],
}


DONE = PROVEN
# The old names come back before the frontends are redeployed, or they would take the new service again; the steps that
# gave the names are found undone then.
ALONG = {"redeploy": "rename-old"}


def goes_with_another(step: "Step", difference: str) -> bool:
    """Whether an undo that does nothing says so, and what it leaves goes with the new service, which nobody uses."""
    undo = step.undo
    says = undo is not None and (undo.title or "").startswith("Nothing to do")
    return says and re.match(r"preview, service search_api_\w+_new, index ", difference) is not None


def along(step: str) -> list[str]:
    """The steps whose undo another's undo does along with it, first to be undone first."""
    return ["rename-new", "rename-old"] if step in ALONG else []


@pytest.mark.parametrize("name", ONE_OF_TWINS)
def test_each_step_is_taken_back_right_after_it_and_done_again(sessions: "Opener", name: str) -> None:
    """In one road: by induction, taking back all steps from any step gives the world of before the session."""
    road = Road(sessions, name)
    before: dict[str, tuple[EstateWorld, dict[str, bytes]]] = {}
    taken: list[str] = []
    begun = 0
    while (question := road.question()) is not None:
        assert question.question_kind not in TROUBLE, question
        if question.step is not None and begun != (begun := road.begun):
            before[question.step] = (road.world, road.files("work"))
        way = undo_path(road.procedure, road.state).steps
        if way and way[0].id not in taken and way[0].id != question.step:
            taken.append(way[0].id)
            world, files = before[ALONG.get(way[0].id, way[0].id)]
            road.undo(question)
            for step in along(way[0].id):
                assert diff_worlds(world, road.world, released=released(name, world)) == [], way[0].id
                assert undo_path(road.procedure, road.state).steps[0].id == step
                road.undo(road.asked())
            left = diff_worlds(world, road.world, released=released(name, world))
            assert [line for line in left if not goes_with_another(way[0], line)] == [], way[0].id
            assert road.files("work") == files, way[0].id
        else:
            road.answer(question)
    assert road.drive.finished is not None
    assert road.drive.finished.code == 0
    ended = {step.id: road.state.step(step.id).end for step in road.procedure.steps()}
    assert taken == [step.id for step in road.procedure.steps() if step.undo is not None and ended[step.id] in DONE]
    done = [step for step in road.procedure.steps() if ended[step.id] in DONE]
    assert [step.id for step in done if step.changes and step.undo is None] == [
        step.id for step in done if step.no_return is not None and step.changes
    ]


@pytest.mark.parametrize("name", ["elasticsearch", "redis"])
def test_points_of_no_return_say_so(sessions: "Opener", name: str) -> None:
    """Nobody is offered to undo past them, and the reason stands there."""
    road = Road(sessions, name)
    assert [step.id for step in road.procedure.steps() if step.no_return] == NO_RETURN[name]
    barred: dict[str, str] = {}
    while (question := road.question()) is not None:
        back = undo_path(road.procedure, road.state)
        if back.blocked_by is not None:
            barred.setdefault(back.blocked_by.id, back.why)
            target, order = undo_target(road.procedure, road.state), road.procedure.steps()
            behind = target is None or order.index(target) > order.index(back.blocked_by)
            assert behind, target  # a decision after it can be taken back, and nothing before it
        road.answer(question)
    # After the last step of a road nothing is asked any more.
    assert list(barred) == NO_RETURN[name][:-1]
    assert all(barred.values())


@pytest.mark.parametrize("name", ONE_OF_TWINS)
def test_the_whole_way_back_from_the_last_step_that_has_one(sessions: "Opener", name: str) -> None:
    road = Road(sessions, name)
    question = road.question()
    assert question is not None
    start, files = road.world, road.files()
    far = {"elasticsearch": "delete-old-app", "opensearch": "delete-old-app", "redis": "remove-old", "nginx": "verify"}
    road.to(far[name])
    road.undo_all()
    assert diff_worlds(start, road.world, released=released(name, start)) == []
    assert road.files() == files
