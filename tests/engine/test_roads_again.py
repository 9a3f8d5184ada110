"""A step that has happened already is found done and not run again, whoever did it and whenever it is seen."""

from typing import TYPE_CHECKING

import pytest

from tests.engine.roads import ONE_OF_TWINS, TROUBLE, Road
from wizard.acts.watch import Watch
from wizard.platforms.cloudfoundry.likeness import diff_worlds


if TYPE_CHECKING:
    from tests.conftest import Opener
    from wizard.record.events import Asked


AN_HOUR = 3600


@pytest.mark.parametrize("name", ONE_OF_TWINS)
def test_what_was_done_meanwhile_is_found_done_and_not_run(sessions: "Opener", name: str) -> None:
    """Each command is done in another terminal while uplevel asks whether to run it; then it is told to run it."""
    road = Road(sessions, name)
    tried: list[str] = []
    while (question := road.question()) is not None:
        assert question.question_kind not in TROUBLE, question
        step = road.procedure.step(question.step) if question.step is not None else None
        if step is None or question.question_kind != "go" or not step.changes:
            road.answer(question)
            continue
        assert step.probe is not None, step.id
        tried.append(step.id)
        assert road.aside(step).exit == 0, step.id
        road.sandbox.advance(AN_HOUR)  # what only began comes to its end
        done = road.world
        road.answer(question)
        found = road.walk(lambda asked: asked.question_kind == "found done" or asked.question_kind in TROUBLE)
        assert found is not None
        assert (found.step, found.question_kind) == (step.id, "found done")
        road.answer(found)
        road.question()
        assert diff_worlds(done, road.world) == [], step.id
        assert (road.runs(step.id), road.state.step(step.id).end) == (0, "found done")
    assert road.drive.finished is not None
    assert road.drive.finished.code == 0
    changing = [step.id for step in road.procedure.steps() if step.changes]
    assert tried == [each for each in changing if road.state.step(each).end != "not applicable"]
    # What is asked, chosen or waited for starts nothing; what is watched is started once.
    for step in road.procedure.steps():
        watched = isinstance(step.act, Watch) and road.state.step(step.id).end == "done"
        assert road.runs(step.id) == (1 if watched else 0), step.id


@pytest.mark.parametrize(
    ("name", "step", "line"),
    [
        ("redis", "redeploy", "jenkins rerelease-all-apps STAGE=preview"),
        ("elasticsearch", "release", "jenkins release-app-paas STAGE=preview APPLICATION_NAME=search-api"),
        (
            "nginx",
            "release",
            "jenkins release-app-paas STAGE=preview APPLICATION_NAME=router RELEASE_NAME=release-219",
        ),
    ],
)
def test_a_job_that_ran_while_the_session_was_left_is_not_run_again(
    sessions: "Opener", name: str, step: str, line: str
) -> None:
    road = Road(sessions, name)
    road.to(step)
    road.play(line)
    done = road.world
    road.resume()
    question = road.walk(lambda asked: asked.question_kind == "found done" or asked.question_kind in TROUBLE)
    assert question is not None
    assert (question.step, question.question_kind) == (step, "found done"), road.told()
    road.answer(question)
    following = road.walk(lambda asked: asked.step != step)
    assert following is None or following.question_kind not in TROUBLE
    assert diff_worlds(done, road.world) == []
    assert not any(event.kind == "world.played" and event.step == step for event in road.drive.events)


def test_a_watch_goes_on_while_steps_are_taken_back_and_done_again(sessions: "Opener") -> None:
    road = Road(sessions, "elasticsearch")
    question: Asked = road.to("traffic")
    assert (road.runs("watch-old"), road.runs("watch-new")) == (1, 1)
    road.undo(question)
    road.to("traffic")
    assert (road.runs("watch-old"), road.runs("watch-new"), road.runs("map-new")) == (1, 1, 3)


def test_an_item_is_asked_once_more_after_its_step_was_taken_back_and_played_once_more(sessions: "Opener") -> None:
    """What the world did for an item was taken back with it; else the next checks would find nothing done."""
    road = Road(sessions, "nginx")
    question = road.to("verify")
    road.undo(question)
    assert road.asked().question_kind in {"confirm", "item"}
    road.to("verify")
    played = [event for event in road.drive.events if event.kind == "world.played" and event.step == "release"]
    assert [event.item for event in played] == [0, 0, 0]


def test_answers_are_asked_again_only_where_a_step_before_them_was_taken_back(sessions: "Opener") -> None:
    road = Road(sessions, "elasticsearch")
    question = road.to("alias-g-cloud")
    assert road.state.values["volatile"] == "few"
    road.undo(question)
    road.to("alias-g-cloud")
    asked = [event.name for event in road.drive.events if event.kind == "asked" and event.question_kind == "choose"]
    assert asked == ["volatile", "editing"]
