"""The roads of PostgreSQL on real servers, under visitors, from their first step to their last."""

from typing import TYPE_CHECKING

import pytest

from tests.engine.postgres_roads import DB, postgres_road
from tests.engine.roads import Road
from wizard.session.state import PROVEN


if TYPE_CHECKING:
    from tests.conftest import Opener


def to_the_end(road: Road) -> str:
    """Walk it without any trouble; what is said at its end."""
    assert road.trouble_or_end() is None, road.told()
    assert road.drive.finished is not None
    assert road.drive.finished.code == 0
    assert road.state.deviations == ()
    assert all(road.state.step(step.id).end in {*PROVEN, "not applicable"} for step in road.procedure.steps())
    return road.drive.finished.sentence


@pytest.mark.storm
@pytest.mark.parametrize("stage", ["staging", "production"])
@pytest.mark.parametrize("road", ["in-place", "dump", "replicate"])
def test_each_road_leads_to_the_end_on_the_other_stages(sessions: "Opener", road: str, stage: str) -> None:
    said = to_the_end(postgres_road(sessions, road, stage=stage))
    assert "none of them lost" in said


@pytest.mark.storm
@pytest.mark.parametrize(("road", "more"), [("dump", {"trial": "known"}), ("replicate", {"reverse": "no"})])
def test_the_other_answers_lead_to_the_end_too(sessions: "Opener", road: str, more: dict[str, str]) -> None:
    assert "none of them lost" in to_the_end(postgres_road(sessions, road, answers=more))


@pytest.mark.storm
@pytest.mark.parametrize(("road", "more"), [("in-place", {}), ("dump", {}), ("replicate", {"reverse": "no"})])
def test_whoever_goes_back_after_the_point_of_no_return_types_what_is_lost(
    sessions: "Opener", road: str, more: dict[str, str]
) -> None:
    walked = postgres_road(sessions, road, answers={"outcome": "back", **more})
    question = walked.to("back-close", "type")
    assert "lose what was written on preview" in question.text
    said = to_the_end(walked)
    assert "lost" in said
    service = walked.world.spaces["preview"].service(DB)
    assert service is not None
    assert service.plan == "small-ha-16"
    assert [name for name in walked.files("work") if name.endswith("-lost/toc.dat")]
