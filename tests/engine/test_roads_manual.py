"""The procedures have every step that the manual's page has, under the manual's own numbers."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.roads import Road
from wizard.formats import build
from wizard.formats.json import render_json
from wizard.session.state import PROVEN


if TYPE_CHECKING:
    from tests.conftest import Opener


PAGE = Path(__file__).with_name("upgrading-backend-services.txt")


def manual_steps(title: str, *, until: str = "") -> list[str]:
    """The numbers of a section's steps, as the page has them; steps within a step as `7.1`."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = lines.index(title)
    end = lines.index(until, start) if until else len(lines)
    found: list[str] = []
    for line in lines[start:end]:
        if step := re.match(r" {2}(\d+)\. ", line):
            found.append(step[1])
            # Steps within a step stand in the same paragraph, each begun by its number and a capital.
            found += [f"{step[1]}.{inner}" for inner in re.findall(r"(?<=\s)(\d)\. (?=[A-Z])", line[step.end() :])]
    return found


def exported(road: Road) -> list[str]:
    """The refs of a session's steps that were done, as its JSON export has them."""
    document = json.loads(render_json(build(road.drive.engine.folder)))
    return [step["ref"] for step in document["steps"] if step["ref"] and step["state"] in PROVEN]


def test_the_page_is_read_as_it_is_written() -> None:
    inner = ["7.1", "7.2", "7.3", "7.4"]
    wanted = [str(number) for number in range(1, 21)]
    assert manual_steps("Elasticsearch", until="Redis") == [*wanted[:7], *inner, *wanted[7:]]
    assert manual_steps("Redis") == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("name", "title", "until"), [("elasticsearch", "Elasticsearch", "Redis"), ("redis", "Redis", "")]
)
def test_every_step_of_the_manual_is_done_and_in_its_order(
    sessions: "Opener", name: str, title: str, until: str
) -> None:
    road = Road(sessions, name)
    assert road.trouble_or_end() is None
    refs = list(dict.fromkeys(exported(road)))
    assert refs == [f"{title} {number}" for number in manual_steps(title, until=until)]


def test_opensearch_goes_the_same_twenty_steps(sessions: "Opener") -> None:
    """The manual leaves it open; its road is that of Elasticsearch."""
    road = Road(sessions, "opensearch")
    assert road.trouble_or_end() is None
    refs = list(dict.fromkeys(exported(road)))
    assert refs == [f"Elasticsearch {number}" for number in manual_steps("Elasticsearch", until="Redis")]
