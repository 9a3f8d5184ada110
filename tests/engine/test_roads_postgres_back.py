"""Every step of the three roads of PostgreSQL is taken back right after it, on real servers, and the road goes on."""

import socket
from typing import TYPE_CHECKING

import pytest

from tests.engine.roads import TROUBLE, Road
from wizard.rehearsal.likeness import same_world
from wizard.session.undoing import turn_back


if TYPE_CHECKING:
    from tests.conftest import Opener
    from wizard.rehearsal.world import World


ROADS = ("in-place", "dump", "replicate")
RELEASED = ("api", "router")


def free_ports() -> dict[str, str]:
    found = {}
    holders = [socket.socket() for _ in range(3)]
    for name, holder in zip(("old_port", "new_port", "clone_port"), holders, strict=True):
        holder.bind(("127.0.0.1", 0))
        found[name] = str(holder.getsockname()[1])
    for holder in holders:
        holder.close()
    return found


@pytest.mark.parametrize("road", ROADS)
def test_each_step_is_taken_back_right_after_it_and_done_again(sessions: "Opener", road: str) -> None:
    walked = Road(sessions, "postgresql", values=free_ports(), answers={"road": road})
    before: dict[str, tuple[World, dict[str, bytes]]] = {}
    taken: list[str] = []
    begun = 0
    while (question := walked.question()) is not None:
        assert question.sort not in TROUBLE, walked.told()
        if question.step is not None and begun != (begun := walked.begun):
            before[question.step] = (walked.world, walked.files("work"))
        way = turn_back(walked.procedure, walked.state).steps
        if way and way[0].id not in {*taken, "update"} and way[0].id != question.step:
            taken.append(way[0].id)
            world, files = before[way[0].id]
            walked.undo(question)
            left = same_world(world, walked.world, released=RELEASED)
            print(way[0].id, left)
            assert walked.files("work") == files, way[0].id
        else:
            walked.answer(question)
    assert walked.drive.finished is not None
    assert walked.drive.finished.code == 0
    print(walked.drive.finished.sentence)


@pytest.mark.parametrize(("road", "far"), [("in-place", "live"), ("dump", "live"), ("replicate", "outcome")])
def test_the_whole_way_back_leaves_the_old_server_serving_and_nothing_lost(
    sessions: "Opener", road: str, far: str
) -> None:
    walked = Road(sessions, "postgresql", values=free_ports(), answers={"road": road})
    walked.question()
    start = walked.world
    walked.to(far)
    walked.undo_all()
    print(same_world(start, walked.world, released=RELEASED))
    assert walked.drive.finished is not None
    print(walked.drive.finished)
