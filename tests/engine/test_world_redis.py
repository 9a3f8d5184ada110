"""Every check of the Redis procedure against the world before and after each of its steps."""

import shlex
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.played import play
from wizard.acts.by_hand import ByHand
from wizard.acts.run import Run
from wizard.checks import CommandAnswer, judge
from wizard.checks.model import Check
from wizard.model.procedure import Step
from wizard.model.reading import read_procedure
from wizard.model.substitute import fill_line
from wizard.places import asset
from wizard.platforms.digitalmarketplace import scenario
from wizard.platforms.digitalmarketplace.platform import TOOLS
from wizard.platforms.sdk.platform import WorldOptions


PROCEDURE = read_procedure(Path(asset("procedures/redis.yaml"))).procedure
STAGES = ("preview", "staging", "production")
ORDER = ("create-new", "rename-old", "rename-new", "redeploy", "remove-old")
FRONTENDS = {
    "admin-frontend",
    "brief-responses-frontend",
    "briefs-frontend",
    "buyer-frontend",
    "supplier-frontend",
    "user-frontend",
}


class SimulateItem:
    """A rehearsal by hand: the world, the values, and the checks judged in between."""

    def __init__(self, stage: str = "preview", major: int = 8) -> None:
        self.world = scenario.build("digitalmarketplace", WorldOptions(stage=stage, seed=7))
        self.world.cli.major = major
        self.values = {"stage": stage, "plan": "medium-ha-6.x", "service": "digitalmarketplace_redis"}
        self.values["old_guid"] = self.ask(PROCEDURE.remember["old_guid"]).stdout.strip()

    def run(self, line: str) -> CommandAnswer:
        filled = fill_line(line, self.values)
        given = play(self.world, filled.words)
        self.world = given.world
        return CommandAnswer(given.code, None, given.stdout, given.stderr)

    def ask(self, check: Check) -> CommandAnswer:
        return self.run(check.command)

    def verdict(self, check: Check) -> str:
        """The check's answer; where it may ask again, the last one."""
        waited = 0.0
        while True:
            verdict = judge(check, self.ask(check), self.values)
            if verdict.answer == "yes" or check.within is None or waited >= check.within:
                return verdict.answer
            self.world.advance(int(check.every))
            waited += check.every

    def verdicts(self, checks: Iterable[Check]) -> list[str]:
        return [self.verdict(check) for check in checks]

    def probe(self, step: Step) -> str:
        assert step.already is not None
        return self.verdict(step.already)

    def act(self, step: Step, *, undo: bool = False) -> None:
        operation = step.undo if undo else step
        assert operation is not None
        if isinstance(operation.act, Run):
            answer = self.run(operation.act.line)
            assert answer.exit == 0, answer
            if operation.expect is not None:
                assert judge(operation.expect, answer, self.values, command=operation.act.line).answer == "yes"
            return
        assert isinstance(operation.act, ByHand)
        for item in operation.act.items:
            assert item.plays is not None
            assert self.run(item.plays).exit == 0, item.plays

    def until(self, step_id: str) -> Step:
        """Do the steps before this one; the step itself is next."""
        for name in ORDER[: ORDER.index(step_id)]:
            self.act(PROCEDURE.step(name))
            self.verdicts(PROCEDURE.step(name).after)
        return PROCEDURE.step(step_id)


@pytest.fixture(params=[8, 7])
def major(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_has_the_manuals_five_steps() -> None:
    of_the_manual = [step for step in PROCEDURE.steps() if step.ref is not None]
    assert [step.ref for step in of_the_manual] == [f"Redis {number}" for number in range(1, 6)]
    assert [step.id for step in of_the_manual] == list(ORDER)


@pytest.mark.parametrize("stage", STAGES)
def test_the_good_path_proves_every_step(stage: str, major: int) -> None:
    play = SimulateItem(stage, major)
    for step in map(PROCEDURE.step, ORDER):
        assert play.probe(step) == "no", step.id
        assert set(play.verdicts(step.before)) <= {"yes"}, step.id
        play.act(step)
        assert set(play.verdicts(step.after)) == {"yes"}, step.id
        assert play.probe(step) == "yes", step.id
    space = play.world.spaces[stage]
    canonical = space.service("digitalmarketplace_redis")
    assert canonical is not None
    assert canonical.guid != play.values["old_guid"]
    assert set(space.bound_apps(canonical)) == FRONTENDS
    assert play.values["old_guid"] not in space.services
    assert space.service("digitalmarketplace_redis-new") is None


@pytest.mark.parametrize("name", ORDER)
def test_no_check_after_a_step_holds_before_it(name: str, major: int) -> None:
    play = SimulateItem(major=major)
    step = play.until(name)
    world = play.world
    proofs = [judge(check, play.ask(check), play.values).answer for check in step.after]
    assert "no" in proofs
    assert "no answer" not in proofs
    play.world = world
    assert play.probe(step) == "no"


@pytest.mark.parametrize("name", ORDER)
def test_the_probe_still_says_yes_at_once_after_its_step(name: str, major: int) -> None:
    play = SimulateItem(major=major)
    step = play.until(name)
    play.act(step)
    play.verdicts(step.after)
    assert play.probe(step) == "yes"


@pytest.mark.parametrize("name", ["create-new", "rename-old", "rename-new", "redeploy"])
def test_undo_gives_back_the_world_of_before(name: str, major: int) -> None:
    play = SimulateItem(major=major)
    step = play.until(name)
    play.act(step)
    play.verdicts(step.after)
    assert step.undo is not None
    assert step.undo.already is not None
    assert play.verdict(step.undo.already) == "no"
    assert set(play.verdicts(step.undo.before)) <= {"yes"}
    play.act(step, undo=True)
    assert set(play.verdicts(step.undo.after)) == {"yes"}
    assert play.verdict(step.undo.already) == "yes"


def test_everything_can_be_taken_back_until_the_last_step() -> None:
    play = SimulateItem()
    play.until("remove-old")
    for name in reversed(ORDER[:4]):
        undo = PROCEDURE.step(name).undo
        assert undo is not None
        assert undo.already is not None
        if play.verdict(undo.already) == "no":
            play.act(PROCEDURE.step(name), undo=True)
        assert set(play.verdicts(undo.after)) == {"yes"}, name
    space = play.world.space
    canonical = space.service("digitalmarketplace_redis")
    assert canonical is not None
    assert canonical.guid == play.values["old_guid"]
    assert set(space.bound_apps(canonical)) == FRONTENDS
    assert space.service("digitalmarketplace_redis-new") is None


TROUBLES = (
    {"token": "none"},
    {"token": "expired"},
    {"api": ""},
    {"org": "", "space": ""},
    {"space": ""},
    {"network": False},
)


@pytest.mark.parametrize("name", ORDER)
def test_who_cannot_ask_gets_no_answer(name: str, major: int) -> None:
    play = SimulateItem(major=major)
    step = play.until(name)
    calm = play.world
    checks = [step.already, *step.before, *step.after]
    undo = step.undo
    checks += [undo.already, *undo.before, *undo.after] if undo is not None else []
    for trouble in TROUBLES:
        target = {key: str(value) for key, value in trouble.items() if key != "network"}
        play.world = replace(calm.copy(), network=bool(trouble.get("network", True)))
        play.world.target = replace(play.world.target, **target)
        for check in checks:
            assert check is not None
            answer = play.ask(check)
            assert judge(check, answer, play.values).answer == "no answer", (trouble, check.command)


def test_a_creation_in_progress_is_neither_done_nor_begun_twice() -> None:
    play = SimulateItem()
    step = play.until("create-new")
    play.act(step)
    assert play.probe(step) == "no"
    assert play.verdicts(step.before) == ["yes", "no", "yes", "yes"]


def test_a_taken_name_with_another_plan_is_not_success() -> None:
    play = SimulateItem()
    play.run("cf create-service redis tiny-6.x ${service}-new -w")
    step = PROCEDURE.step("create-new")
    assert play.probe(step) == "no"
    assert "no" in play.verdicts(step.before)
    answer = play.run("cf create-service redis ${plan} ${service}-new")
    assert answer.exit == 0
    assert step.expect is not None
    assert judge(step.expect, answer, play.values, command="cf create-service").answer == "no"


def test_the_old_service_is_not_deleted_while_one_app_uses_it() -> None:
    play = SimulateItem()
    step = play.until("remove-old")
    play.run("cf bind-service user-frontend ${service}-old")
    assert play.verdicts(step.before)[1] == "no"


def test_another_service_under_the_old_name_is_not_deleted() -> None:
    play = SimulateItem()
    step = play.until("remove-old")
    play.run("cf delete-service ${service}-old -f -w")
    play.run("cf create-service redis ${plan} ${service}-old -w")
    assert play.probe(step) == "no"
    assert play.verdicts(step.before)[0] == "no"


def test_a_session_that_begins_in_the_middle_does_not_start_anew() -> None:
    play = SimulateItem()
    play.until("redeploy")
    later = SimulateItem()
    later.world = play.world
    later.values["old_guid"] = later.ask(PROCEDURE.remember["old_guid"]).stdout.strip()
    assert "no" in later.verdicts(PROCEDURE.step("create-new").before)


def test_target_and_fence_follow_the_stage() -> None:
    play = SimulateItem("staging")
    taken = {name: judge(check, play.ask(check), play.values).value for name, check in PROCEDURE.target.items()}
    assert taken == {
        "org": "digitalmarketplace",
        "space": "staging",
        "endpoint": "https://api.cloud.service.gov.uk",
    }
    assert PROCEDURE.fence == {"space": "${stage}"}


def test_every_command_is_one_the_world_knows() -> None:
    for step in map(PROCEDURE.step, ORDER):
        for check in [step.already, *step.before, *step.after]:
            assert check is not None
            assert shlex.split(check.command)[0] in TOOLS
