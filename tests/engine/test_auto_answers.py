"""What a rehearsal that plays by itself answers on the way can be said beforehand, as parameters can."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wizard.engine import Request, open_session, prepare
from wizard.errors import UsageProblem


if TYPE_CHECKING:
    from tests.conftest import Opener

ROADS = """
format: 1
procedure: roads
title: Roads
parameters: {stage: {default: preview}}
phases:
  - title: All
    steps:
      - {id: road, title: Road, choose: {name: road, ask: Which?, options: {high: High, low: Low}, example: high}}
      - {id: toll, title: Toll, ask: {name: toll, ask: How much?, matches: '[0-9]+', example: '1'}}
      - {id: word, title: Word, ask: {name: word, ask: The word?, secret: true}}
"""


@pytest.fixture
def roads(tmp_path: Path) -> str:
    path = tmp_path / "roads.yaml"
    path.write_text(ROADS)
    return str(path)


def test_the_answers_that_were_given_win(sessions: "Opener", roads: str) -> None:
    request = Request(procedure=roads, mode="rehearsal", values={"road": "low", "toll": "7"}, auto=True, speed=1e6)
    drive = sessions.drive(open_session(prepare(request), front_end="none"))
    drive.until_finished()
    assert drive.state.closed == "completed"
    assert (drive.state.values["road"], drive.state.values["toll"]) == ("low", "7")


@pytest.mark.parametrize(
    ("values", "auto", "told"),
    [
        ({"road": "middle"}, True, r"'middle' is none of the options of road\. Options: high, low\."),
        ({"toll": "much"}, True, r"toll=much: "),
        ({"word": "hunter2hunter2"}, True, r"roads has no parameter word\."),
        ({"road": "low"}, False, r"roads has no parameter road\."),
    ],
)
def test_what_does_not_fit_is_refused(roads: str, values: dict[str, str], auto: bool, told: str) -> None:
    with pytest.raises(UsageProblem, match=told):
        prepare(Request(procedure=roads, mode="rehearsal", values=values, auto=auto))
