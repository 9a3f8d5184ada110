"""A database of a million rows moved from 16 to 18 while people write, on each road; and the whole way back.

The small siblings are in `tests/engine/test_roads_postgres.py`.
"""

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.engine.roads import Road
from wizard.platforms.cloudfoundry.estate import read_estate
from wizard.platforms.digitalmarketplace import scenario
from wizard.platforms.digitalmarketplace.estate import Estate


if TYPE_CHECKING:
    from tests.conftest import Opener

ROWS = 1_000_000


@pytest.fixture
def a_million_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def many(kind: type[Estate], name: str) -> dict[str, Estate]:
        found = read_estate(kind, name)
        return {stage: replace(at, contents=replace(at.contents, rows=ROWS)) for stage, at in found.items()}

    monkeypatch.setattr(scenario, "read_estate", many)


@pytest.mark.storm
@pytest.mark.usefixtures("a_million_rows")
@pytest.mark.parametrize("road", ["in-place", "dump", "replicate"])
def test_a_million_rows_and_not_one_is_lost(sessions: "Opener", road: str, capsys: pytest.CaptureFixture[str]) -> None:
    walked = Road(sessions, "postgresql", answers={"road": road})
    assert walked.trouble_or_end() is None, walked.told()
    finished = walked.drive.finished
    assert finished is not None
    assert finished.code == 0
    report = json.loads((walked.sandbox.folder / "lab" / "report.json").read_text())["postgres"]
    with capsys.disabled():
        sys.stdout.write(f"\n{road}: {finished.sentence}\n{json.dumps(report)}\n")
    assert "none of them lost" in finished.sentence
    assert not [reason for reason in report["refused"] if "duplicate key" in reason or "read-only" in reason]
