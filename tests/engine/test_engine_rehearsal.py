"""Rehearsals and by-hand sessions driven without a screen."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wizard.engine.environments import SandboxEnvironment
from wizard.errors import ExitCode, UsageProblem
from wizard.places import asset
from wizard.platforms.sdk.sandbox import Sandbox
from wizard.record.events import Asked, Evidence, RunIntent, WorldPlayed
from wizard.session.state import PROVEN


if TYPE_CHECKING:
    from tests.conftest import Opener


REDIS = asset("procedures/redis.yaml").read_text(encoding="utf-8")

DONE = ["sessions", "create-new", "rename-old", "rename-new", "redeploy", "remove-old"]
"""What the manual's way has."""

OWN = """
format: 1
procedure: own
title: One's own
phases:
  - title: All
    steps:
      - {id: real, title: A real command, run: git --version}
      - id: script
        title: A script
        shell: 'echo hello > here; cat here'
        expect: {has: hello}
      - {id: wait, title: Wait, wait: 2h}
"""


def test_the_redis_upgrade_plays_by_itself_and_leaves_the_world_as_the_manual_wants_it(sessions: "Opener") -> None:
    drive = sessions.open(REDIS, "rehearsal", {"stage": "preview"}, auto=True, speed=2000.0)
    assert drive.until_finished(90).code is ExitCode.COMPLETED
    played = [event for event in drive.events if isinstance(event, WorldPlayed)]
    assert [event.exit for event in played] == [0, 0, 0]
    assert played[0].command == "jenkins rerelease-all-apps STAGE=preview"
    ends = {step.id: drive.state.step(step.id).end for step in drive.engine.plan_input.procedure.steps()}
    assert [step for step, end in ends.items() if end in PROVEN] == DONE
    assert {end for step, end in ends.items() if step not in DONE} == {"not applicable"}
    assert drive.state.deviations == ()
    world = Sandbox.open(drive.engine.folder / "sandbox").world()
    space = world.spaces["preview"]
    canonical = space.service("digitalmarketplace_redis")
    assert canonical is not None
    assert canonical.guid != drive.state.values["old_guid"]
    assert canonical.plan == "medium-ha-6.x"
    assert space.service("digitalmarketplace_redis-old") is None
    assert space.service("digitalmarketplace_redis-new") is None
    bound = {space.apps[binding.app].name for binding in space.bindings.values() if binding.service == canonical.guid}
    assert len(bound) == 6
    assert all(name.endswith("-frontend") for name in bound)


def test_the_sessions_can_be_carried_over_and_what_a_rehearsal_has_not_is_ticked(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.platforms.servers.support.missing", lambda _: True)
    carried = REDIS.replace("example: log-out", "example: carry")
    assert carried != REDIS
    drive = sessions.open(carried, "rehearsal", {"stage": "preview"}, auto=True, speed=5000.0)
    assert drive.until_finished(90).code is ExitCode.COMPLETED
    assert drive.state.opened.rehearsal is not None
    assert drive.state.opened.rehearsal.servers == ()
    questions = [event.text for event in drive.events if isinstance(event, Asked) and event.step == "bulk"]
    assert any("no real Redis" in text and "pip install 'uplevel-wizard[lab]'" in text for text in questions)
    steps = list(drive.engine.plan_input.procedure.steps())
    assert {drive.state.step(step.id).end for step in steps} == {"done", "done by hand"}
    started = {event.step for event in drive.events if isinstance(event, RunIntent)}
    assert started & {"bulk", "delta", "still-there"} == set()
    assert {"key-old", "key-new"} <= started
    world = Sandbox.open(drive.engine.folder / "sandbox").world()
    assert world.spaces["preview"].keys == {}
    taking_back = [step for step in steps if step.starts_command and step.no_return is None]
    assert all(step.undo is not None for step in taking_back)


def test_the_same_seed_gives_the_same_rehearsal(sessions: "Opener") -> None:
    guids = []
    for _ in range(2):
        drive = sessions.open(REDIS, "rehearsal", {"stage": "staging"}, auto=True, speed=5000.0, seed=7)
        drive.until_asked("choose")
        guids.append(drive.state.values["old_guid"])
        drive.leave()
    assert guids[0] == guids[1]


def test_in_a_rehearsal_a_real_program_is_shown_and_ticked_instead_of_started(sessions: "Opener") -> None:
    drive = sessions.open(OWN, "rehearsal", speed=100000.0)
    drive.ask_and_answer("run", sort="go")
    question = drive.until_asked("go")
    assert "does not start git" in question.text
    drive.answer("did-it", "", Evidence(kind="text", text="I would have"))
    drive.answered = question.question
    drive.ask_and_answer("run", sort="go")
    assert drive.until_finished().code is ExitCode.COMPLETED
    intents = [event for event in drive.events if isinstance(event, RunIntent)]
    assert [intent.step for intent in intents] == ["script"]
    assert not Path("here").exists()


def test_by_hand_the_operator_runs_everything(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(
        """
format: 1
procedure: hands
title: Hands
parameters: {folder: {any: yes}}
phases:
  - title: All
    steps:
      - {id: make, title: Make, run: 'touch ${folder}/made', confirm: Sure?, after: [{run: 'test -e ${folder}/made'}]}
""",
        "by-hand",
        {"folder": str(tmp_path)},
    )
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("yes", sort="confirm")
    question = drive.until_asked("go")
    (tmp_path / "made").touch()
    drive.answer("did-it", "", Evidence(kind="text", text="made"))
    drive.answered = question.question
    assert drive.until_finished().code is ExitCode.COMPLETED
    assert not any(isinstance(event, RunIntent) for event in drive.events)
    assert drive.state.deviations == ()


def test_a_job_that_fails_on_the_pretend_platform_is_asked_for_again(sessions: "Opener") -> None:
    """Without the renames the frontends find no service, and the rerelease job fails."""
    text = """
format: 1
procedure: release
title: Release
parameters:
  stage: {choices: [preview], default: preview}
  token: {secret: yes, any: yes, env: REAL_TOKEN}
phases:
  - title: All
    steps:
      - {id: away, title: Take the name away, run: cf rename-service digitalmarketplace_redis away}
      - {id: job, title: Run the job, by_hand: [{text: Run it, plays: 'jenkins rerelease-all-apps STAGE=preview'}]}
rehearsal: {world: digitalmarketplace}
"""
    drive = sessions.open(text, "rehearsal", {"stage": "preview"}, auto=True, speed=5000.0)
    assert drive.until_finished(60).code is ExitCode.FAILED
    asked = [event.text for event in drive.events if isinstance(event, Asked) and event.question_kind == "item"]
    assert asked[0] == "Run it"
    assert asked[-1] == "The pretend platform did it and failed. Run it"
    assert any(event.exit not in {0, None} for event in drive.events if isinstance(event, WorldPlayed))


def test_a_rehearsal_takes_no_real_secret_from_the_environment(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REAL_TOKEN", "the-real-token")
    text = OWN.replace("phases:", "parameters: {token: {secret: yes, any: yes, env: REAL_TOKEN}}\nphases:")
    drive = sessions.open(text, "rehearsal", speed=100000.0)
    drive.until_asked("secret")


def test_what_cannot_be_taken_up_leaves_no_servers_behind(
    sessions: "Opener", own_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = sessions.open(OWN, "rehearsal")
    drive.until_asked()
    drive.leave()
    closed: list[bool] = []
    monkeypatch.setattr(SandboxEnvironment, "close", lambda _, *, for_good: closed.append(for_good))
    config = own_folders / "config" / "uplevel"
    config.mkdir(parents=True, exist_ok=True)
    (config / "settings.toml").write_text("editer = 'vi'")
    with pytest.raises(UsageProblem, match="unknown key"):
        sessions.resume(drive.engine.session)
    assert closed == [False]
    (config / "settings.toml").unlink()
    sessions.resume(drive.engine.session).until_asked()
