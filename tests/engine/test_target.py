"""Where a session is and whose account it uses: taken first, compared before each change, never of a wrong place."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.roads import Road
from wizard.model.reading import ProcedureProblem, parse_procedure, read_procedure
from wizard.places import asset
from wizard.record.events import CheckAnswered, SessionOpened, ValueRemembered
from wizard.session.fencing import fence_of


if TYPE_CHECKING:
    from tests.conftest import Opener


PLACE = """
format: 1
procedure: place
title: Place
parameters:
  folder: {any: yes}
target:
  org: {shell: 'cat "$folder/place"', capture: '^org (\\S+)$'}
  space: {shell: 'cat "$folder/place"', capture: '^space (\\S+)$'}
who:
  account: {shell: 'cat "$folder/place"', capture: '^user (\\S+)$'}
fence: {space: preview}
remember:
  guid: {run: 'cat ${folder}/guid'}
phases:
  - title: All
    steps:
      - {id: one, title: One, run: 'touch ${folder}/one'}
      - {id: two, title: Two, run: 'touch ${folder}/two'}
"""


def lay(folder: Path, *, org: str = "dm", space: str = "preview", user: str = "mara", guid: str = "g-1") -> None:
    (folder / "place").write_text(f"org {org}\nspace {space}\nuser {user}\n")
    (folder / "guid").write_text(guid)


def test_target_account_and_fence_come_before_what_is_remembered(sessions: "Opener", tmp_path: Path) -> None:
    lay(tmp_path)
    drive = sessions.open(PLACE, values={"folder": str(tmp_path)})
    drive.until_asked("go")
    told = [
        (event.purpose if isinstance(event, CheckAnswered) else f"= {event.name}")
        for event in drive.events
        if isinstance(event, ValueRemembered) or (isinstance(event, CheckAnswered) and event.step is None)
    ]
    names = [
        "target",
        "= org",
        "target",
        "= space",
        "who",
        "= account",
        "fence",
        "fence",
        "fence",
        "remember",
        "= guid",
    ]
    assert told == names
    assert isinstance(drive.state.opened, SessionOpened)
    assert drive.state.values["account"] == "mara"


def test_nothing_of_a_wrong_place_is_remembered_and_the_right_one_is_taken_anew(
    sessions: "Opener", tmp_path: Path
) -> None:
    lay(tmp_path, space="production", guid="g-of-production")
    drive = sessions.open(PLACE, values={"folder": str(tmp_path)})
    question = drive.until_asked("fence")
    assert question.step is None
    assert [option.id for option in question.options] == ["again", "pause", "stop"]
    assert "guid" not in drive.state.values
    lay(tmp_path, guid="g-of-preview")
    drive.answer("again")
    drive.until_asked("go")
    assert drive.state.values["guid"] == "g-of-preview"
    assert drive.state.values["space"] == "preview"


@pytest.mark.parametrize("change", [{"org": "other"}, {"user": "joe"}, {"space": "staging"}])
def test_each_capture_is_compared_before_a_change_with_what_it_was(
    sessions: "Opener", tmp_path: Path, change: dict[str, str]
) -> None:
    lay(tmp_path)
    drive = sessions.open(PLACE, values={"folder": str(tmp_path)})
    drive.until_asked("go")
    lay(tmp_path, **change)
    drive.answer("run")
    question = drive.until_asked("fence")
    assert question.step == "one"
    assert "accept" not in [option.id for option in question.options]
    assert not (tmp_path / "one").exists()
    lay(tmp_path)
    drive.answer("again")
    drive.until_asked("go")
    assert not (tmp_path / "one").exists()


def test_whoever_resumes_with_another_account_is_recorded_and_compared_since(
    sessions: "Opener", tmp_path: Path
) -> None:
    lay(tmp_path)
    drive = sessions.open(PLACE, values={"folder": str(tmp_path)})
    drive.until_asked("go")
    drive.leave()
    lay(tmp_path, user="joe")
    again = sessions.resume(drive.engine.session)
    again.until_asked("go")
    assert again.state.values["account"] == "joe"
    assert [each.what for each in again.state.deviations] == ["another account"]
    again.answer("run")
    assert again.until_asked("go").step == "two"


def test_what_was_remembered_of_one_place_is_never_used_at_another(sessions: "Opener", tmp_path: Path) -> None:
    """Paused before the first step and taken up elsewhere: checking again does not take the other place for ours."""
    lay(tmp_path)
    drive = sessions.open(PLACE, values={"folder": str(tmp_path)})
    drive.until_asked("go")
    drive.leave()
    kept = [event for event in drive.events if event.kind == "step.began"]
    assert len(kept) == 1
    lay(tmp_path, org="other", guid="g-of-other")
    again = sessions.resume(drive.engine.session)
    question = again.until_asked("held")
    assert "accept" not in [option.id for option in question.options]
    again.answer("again")
    again.until_asked("held")
    assert again.state.values["org"] == "dm"


def test_a_place_that_was_kept_before_any_step_is_compared_after_a_break(sessions: "Opener", tmp_path: Path) -> None:
    lay(tmp_path)
    (tmp_path / "guid").unlink()
    drive = sessions.open(PLACE, values={"folder": str(tmp_path)})
    drive.until_asked("value")  # the target is held, and what is remembered cannot be had yet
    drive.leave()
    lay(tmp_path, org="other", guid="g-of-other")
    again = sessions.resume(drive.engine.session)
    again.ask_and_answer("again", sort="fence")
    again.until_asked("fence")
    assert again.state.values["org"] == "dm"
    assert "guid" not in again.state.values
    lay(tmp_path, guid="g-of-dm")
    again.answer("again")
    assert again.until_asked("go").step == "one"
    assert again.state.values["guid"] == "g-of-dm"


def test_a_command_that_tells_several_captures_runs_once(sessions: "Opener", tmp_path: Path) -> None:
    lay(tmp_path)
    text = PLACE.replace('cat "$folder/place"', 'echo x >> "$folder/asked"; cat "$folder/place"')
    drive = sessions.open(text, values={"folder": str(tmp_path)})
    drive.until_asked("go")
    asked = (tmp_path / "asked").read_text().count("x")
    assert asked == 3  # the captures, the fence at the start, the fence of the first step


def test_a_fence_may_name_the_account_and_nothing_that_is_not_captured() -> None:
    text = PLACE.replace("fence: {space: preview}", "fence: {account: mara}")
    procedure = parse_procedure({"p.yaml": text.encode()}, "p.yaml").procedure
    assert [guard.name for guard in fence_of(procedure)] == ["account", "org", "space"]
    with pytest.raises(ProcedureProblem, match="neither target: nor who: captures"):
        parse_procedure({"p.yaml": text.replace("account: mara", "acount: mara").encode()}, "p.yaml")


@pytest.mark.parametrize("name", ["elasticsearch", "nginx", "opensearch", "postgresql", "redis"])
def test_the_built_in_procedures_compare_api_org_space_and_account(name: str) -> None:
    procedure = read_procedure(asset(f"procedures/{name}.yaml")).procedure
    assert [guard.name for guard in fence_of(procedure)] == ["space", "org", "endpoint", "account"]


@pytest.mark.parametrize("name", ["nginx", "redis"])
def test_a_wrong_space_is_mended_as_its_own_answer_says_and_the_session_ends_well(
    sessions: "Opener", name: str
) -> None:
    road = Road(sessions, name, drill="wrong-space")
    question = road.trouble()
    assert (question.step, question.question_kind) == (None, "fence")
    road.play("cf target -s preview")
    road.drive.answer("again")
    assert road.trouble_or_end() is None
    assert road.drive.finished is not None
    assert road.drive.finished.code == 0
    assert road.state.deviations == ()
