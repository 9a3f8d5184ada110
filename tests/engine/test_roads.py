"""The built-in procedures from their first step to their last, on every stage and by every road they offer."""

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.roads import IN_STORM, PROCEDURES, STAGES, Road
from tests.secrets_everywhere import files_with_it
from wizard.formats import build
from wizard.formats.json import render_json
from wizard.formats.markdown import render_markdown
from wizard.platforms.cloudfoundry import secrets
from wizard.platforms.cloudfoundry.things import Binding, ServiceKey
from wizard.session.state import PROVEN


if TYPE_CHECKING:
    from tests.conftest import Opener
    from wizard.record.events import Asked


AT_ONCE = {("elasticsearch", "preview"), ("nginx", "staging"), ("opensearch", "production"), ("redis", "production")}
"""Each procedure once, and production's gates; every procedure at every stage stands in the storm."""


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        pytest.param(*each, marks=[] if each in AT_ONCE else [IN_STORM], id="-".join(each))
        for each in product(PROCEDURES, STAGES)
    ],
)
def test_the_good_road_has_no_trouble_and_no_deviation(sessions: "Opener", name: str, stage: str) -> None:
    road = Road(sessions, name, values={"stage": stage})
    assert road.trouble_or_end() is None
    assert road.drive.finished is not None
    assert road.drive.finished.code == 0
    assert road.state.deviations == ()
    assert all(road.state.step(step.id).end in {*PROVEN, "not applicable"} for step in road.procedure.steps())


@pytest.mark.parametrize(
    ("name", "answers", "done"),
    [
        ("opensearch", {"fill": "backup"}, {"restored"}),
        ("opensearch", {"fill": "remote"}, {"reindex-remote", "alias-g-cloud", "alias-briefs"}),
        ("elasticsearch", {"drifted": "few"}, {"verify-nearly"}),
        ("elasticsearch", {"reindex": "tonight"}, {"reindex-tonight"}),
    ],
)
def test_the_other_roads_lead_to_the_end_too(
    sessions: "Opener", name: str, answers: dict[str, str], done: set[str]
) -> None:
    road = Road(sessions, name, answers=answers)
    assert road.trouble_or_end() is None
    assert road.drive.finished is not None
    assert road.drive.finished.code == 0
    assert {step for step in done if road.state.step(step).end in PROVEN} == done


def test_who_must_not_take_this_road_is_stopped_at_once(sessions: "Opener") -> None:
    road = Road(sessions, "elasticsearch", answers={"volatile": "often"})
    question = road.trouble()
    assert (question.step, question.question_kind) == ("wrong-road", "before")
    assert "replicates each change" in road.told()


@pytest.mark.parametrize("name", ["elasticsearch", "redis"])
def test_no_secret_of_the_platform_is_left_in_the_session(sessions: "Opener", tmp_path: Path, name: str) -> None:
    """Manifests, environments and keys have credentials; a whole session leaves none of them, nor do its exports."""
    road = Road(sessions, name)
    question: Asked | None = road.to({"elasticsearch": "push", "redis": "redeploy"}[name])
    words = secret_words(road)
    assert len(words) > 10
    if name == "elasticsearch":  # the manifest lies in the private folder now
        assert any(files_with_it(road.drive.engine.folder, word) for word in words)
    while question is not None:
        road.answer(question)
        question = road.question()
        words |= secret_words(road) if question is not None else set()
    transcript = build(road.drive.engine.folder)
    (tmp_path / "transcript.md").write_text(render_markdown(transcript), encoding="utf-8")
    (tmp_path / "transcript.json").write_text(render_json(transcript), encoding="utf-8")
    assert {word: files_with_it(tmp_path, word) for word in words if files_with_it(tmp_path, word)} == {}


def secret_words(road: Road) -> set[str]:
    """What the platform's bindings and keys open with now, and the tokens of a manifest that lies there."""
    found: set[str] = set()
    for space in road.world.spaces.values():
        holders: list[Binding | ServiceKey] = [*space.bindings.values(), *space.keys.values()]
        for holder in holders:
            credentials = secrets.of_service(road.world, space.services[holder.service], holder.guid)
            found.add("" if credentials is None else credentials.password)
    for path, content in road.files("tmp").items():
        lines = content.decode().splitlines() if path.endswith("manifest.yml") else []
        found |= {line.split(": ")[1] for line in lines if "TOKENS: " in line or "SECRET_ACCESS_KEY: " in line}
    return found - {""}
