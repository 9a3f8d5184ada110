"""The three roads of PostgreSQL on real servers, under visitors: from the first step to the last, and back."""

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.engine.roads import STAGES, Road


if TYPE_CHECKING:
    from tests.conftest import Opener


ROADS = ("in-place", "dump", "replicate")


@pytest.mark.parametrize("road", ROADS)
def test_each_road_leads_to_the_end(sessions: "Opener", road: str) -> None:
    walked = Road(sessions, "postgresql", answers={"road": road})
    assert walked.trouble_or_end() is None, walked.told()
    assert walked.drive.finished is not None
    assert walked.drive.finished.code == 0
    print(walked.drive.finished)
