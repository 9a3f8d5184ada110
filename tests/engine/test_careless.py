"""Whoever presses on through a drill is told no untruth, and comes past no point of no return with a red check."""

from typing import TYPE_CHECKING

import pytest

from tests.engine.careless import Careless, told_lies
from tests.engine.postgres_roads import postgres_road
from tests.engine.roads import PROCEDURES, Road
from wizard.model.reading import read_procedure
from wizard.places import asset


if TYPE_CHECKING:
    from tests.conftest import Opener


DEFAULT = {
    ("elasticsearch", "search-key-left"),
    ("opensearch", "restart-in-the-gap"),
    ("nginx", "router-fails"),
    ("redis", "someone-binds"),
}


def drills() -> list[tuple[str, str]]:
    """Every drill of every procedure that needs no real servers."""
    found = []
    for name in PROCEDURES:
        rehearsal = read_procedure(asset(f"procedures/{name}.yaml")).procedure.rehearsal
        assert rehearsal is not None
        found += [(name, drill) for drill in rehearsal.drills]
    assert set(found) >= DEFAULT
    return found


def marked(name: str, drill: str) -> object:
    marks = [] if (name, drill) in DEFAULT else [pytest.mark.storm]
    return pytest.param(name, drill, marks=marks, id=f"{name}-{drill}")


@pytest.mark.parametrize(("name", "drill"), [marked(*each) for each in drills()])
def test_a_careless_operator_is_told_no_untruth(sessions: "Opener", name: str, drill: str) -> None:
    road = Road(sessions, name, drill=drill)
    Careless(road).walk()
    assert told_lies(road) == []


def postgres_drills() -> list[str]:
    rehearsal = read_procedure(asset("procedures/postgresql.yaml")).procedure.rehearsal
    assert rehearsal is not None
    return list(rehearsal.drills)


def roads_of_postgres() -> list[object]:
    """Every drill by two roads, and by the third those that strike there alone: it waits long for what never comes."""
    ways = [(way, drill) for way in ("dump", "in-place") for drill in postgres_drills()]
    ways += [("replicate", drill) for drill in ("slot-left", "row-changed")]
    once = ("dump", "quota-full")
    return [pytest.param(*each, marks=[] if each == once else [pytest.mark.storm]) for each in ways]


@pytest.mark.parametrize(("way", "drill"), roads_of_postgres())
def test_a_careless_operator_of_a_database_is_told_no_untruth(sessions: "Opener", way: str, drill: str) -> None:
    road = postgres_road(sessions, way, drill=drill)
    Careless(road).walk()
    assert told_lies(road) == []
