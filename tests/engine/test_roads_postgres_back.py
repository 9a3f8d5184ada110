"""Every step of the roads of PostgreSQL is taken back right after it, on real servers, and the road goes on."""

from typing import TYPE_CHECKING

import pytest

from tests.engine.postgres_roads import DB, RELEASED, ROADS, postgres_road, sql
from tests.engine.roads import TROUBLE, Road
from wizard.platforms.cloudfoundry.likeness import diff_worlds
from wizard.session.state import PROVEN
from wizard.session.undo_path import undo_path


if TYPE_CHECKING:
    from tests.conftest import Opener
    from wizard.platforms.digitalmarketplace.world import EstateWorld


ONE_WAY = {"update"}
"""Behind the undo of this one the road does not go on: the copy has taken the place of what was upgraded."""
NOT_GIVEN_BACK = {"trial-update", "trial-delete", "unkey", "unkey-in-place"}
"""What nobody needs any more; their undo says that there is nothing to do."""


def writable(road: Road) -> bool:
    """Whether the app's database lets an app write."""
    ((fenced,),) = sql(
        road,
        DB,
        "select count(*) from pg_db_role_setting where 'default_transaction_read_only=on' = any (setconfig)",
    )
    return fenced == 0


@pytest.mark.parametrize(
    "road", [pytest.param(road, marks=[] if road == "replicate" else [pytest.mark.storm]) for road in ROADS]
)
def test_each_step_is_taken_back_right_after_it_and_done_again(sessions: "Opener", road: str) -> None:
    """In one road: by induction, taking back all steps from any step gives the world of before the session."""
    walked = postgres_road(sessions, road)
    before: dict[str, tuple[EstateWorld, dict[str, bytes]]] = {}
    taken: list[str] = []
    begun = 0
    while (question := walked.question()) is not None:
        assert question.question_kind not in TROUBLE, walked.told()
        if question.step is not None and begun != (begun := walked.begun):
            before[question.step] = (walked.world, walked.files("work"))
        way = undo_path(walked.procedure, walked.state).steps
        if way and way[0].id not in {*taken, *ONE_WAY} and way[0].id != question.step:
            taken.append(way[0].id)
            world, files = before[way[0].id]
            walked.undo(question)
            if way[0].id not in NOT_GIVEN_BACK:
                assert diff_worlds(world, walked.world, released=RELEASED) == [], way[0].id
            assert walked.files("work") == files, way[0].id
        else:
            walked.answer(question)
    assert walked.drive.finished is not None
    assert walked.drive.finished.code == 0
    assert "none of them lost" in walked.drive.finished.sentence
    done = [step for step in walked.procedure.steps() if walked.state.step(step.id).end in PROVEN]
    assert taken == [step.id for step in done if step.undo is not None and step.id not in ONE_WAY]
    assert [step.id for step in done if step.changes and step.undo is None] == [
        step.id for step in done if step.no_return is not None and step.changes
    ]


@pytest.mark.storm
@pytest.mark.parametrize(("road", "far"), [("in-place", "live"), ("dump", "live"), ("replicate", "outcome")])
def test_the_whole_way_back_leaves_the_old_major_serving_and_nothing_lost(
    sessions: "Opener", road: str, far: str
) -> None:
    """Where the old side follows, even what people wrote on the new one is there when it leads again."""
    walked = postgres_road(sessions, road)
    walked.question()
    start = walked.world
    question = walked.to(far)
    while any(option.id == "undo" for option in question.options):
        walked.undo(question)
        question = walked.asked()
    assert writable(walked)
    walked.undo_all()
    left = diff_worlds(start, walked.world, released=RELEASED)
    if road == "in-place":  # the copy serves, and what was upgraded is kept to be looked at
        assert {line.split(": ")[0].split(", ")[1] for line in left} == {
            f"service {DB}",
            f"service {DB}-failed",
            "app api",
            "service key uplevel-upgrade",
        }
    else:
        assert left == []
    service = walked.world.spaces["preview"].service(DB)
    assert service is not None
    assert service.plan == "small-ha-16"
    assert walked.drive.finished is not None
    assert "none of them lost" in walked.drive.finished.sentence


def cut_off(road: Road, commands: int, *, standing: str, aside: str) -> None:
    """An attempt to give the name back that ended after so many of its four commands."""
    steps = [
        f"cf unbind-service api {DB}",
        f"cf rename-service {DB} {DB}-{aside}",
        f"cf rename-service {DB}-{standing} {DB}",
        f"cf bind-service api {DB}",
    ]
    for line in steps[:commands]:
        assert "OK" in road.play(line), line


@pytest.mark.storm
@pytest.mark.parametrize("commands", [1, 2, 3])
@pytest.mark.parametrize(
    ("road", "standing", "aside"),
    [("in-place", "clone", "failed"), ("dump", "old", "new"), ("replicate", "old", "new")],
)
def test_the_last_way_back_goes_on_where_it_was_cut_off(
    sessions: "Opener", road: str, standing: str, aside: str, commands: int
) -> None:
    answers = {"outcome": "back", "reverse": "no"}
    walked = postgres_road(sessions, road, answers=answers)
    walked.to("back-names")
    cut_off(walked, commands, standing=standing, aside=aside)
    assert walked.trouble_or_end() is None
    assert writable(walked)
    service = walked.world.spaces["preview"].service(DB)
    assert service is not None
    assert service.plan == "small-ha-16"


@pytest.mark.storm
@pytest.mark.parametrize("commands", [1, 2, 3])
def test_the_copy_takes_the_place_also_where_that_was_cut_off(sessions: "Opener", commands: int) -> None:
    walked = postgres_road(sessions, "in-place")
    walked.to("settle")
    cut_off(walked, commands, standing="clone", aside="failed")
    walked.undo(walked.asked())
    assert writable(walked)
    service = walked.world.spaces["preview"].service(DB)
    assert service is not None
    assert service.plan == "small-ha-16"
