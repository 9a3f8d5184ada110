"""Faults that are planted in a world by name: each is there, each strikes when it should, none strikes twice."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner

from tests.engine.pretend_cf import REDIS, Terminal, failed, lines
from tests.engine.test_world_rules import whole
from wizard.cli.catalog import show
from wizard.engine import Request, prepare
from wizard.engine.rehearsal_options import offered_drills
from wizard.errors import UsageProblem
from wizard.model.reading import read_procedure
from wizard.places import asset
from wizard.platforms.cloudfoundry import faults, routes
from wizard.platforms.digitalmarketplace import scenario
from wizard.platforms.sdk import drills
from wizard.platforms.sdk.platform import WorldOptions
from wizard.record.events import SessionOpened


if TYPE_CHECKING:
    from tests.conftest import Opener


DRILLS: dict[str, dict[str, Any]] = yaml.safe_load(asset("worlds/digitalmarketplace.yaml").read_bytes())["drills"]
SEARCH = "search_api_elasticsearch"


@pytest.mark.parametrize("name", DRILLS)
def test_every_drill_can_be_planted_in_every_stage(name: str) -> None:
    assert set(DRILLS[name]) == {"about", "sign", "answer", "plants"}
    for stage in ("preview", "staging", "production"):
        world = scenario.build("digitalmarketplace", WorldOptions(stage=stage, seed=1, drill=name))
        calm = scenario.build("digitalmarketplace", WorldOptions(stage=stage, seed=1))
        assert world.drill == name
        assert world != replace(calm, drill=name)
        whole(world)


def test_there_are_drills_for_every_part_of_the_manual() -> None:
    assert len(DRILLS) >= 20


def test_a_drill_strikes_the_same_way_each_time() -> None:
    options = WorldOptions(stage="preview", seed=5, drill="leftover-release")
    made = [scenario.build("digitalmarketplace", options) for _ in range(2)]
    assert made[0] == made[1]


def test_an_unknown_drill_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageProblem) as refused:
        scenario.build("digitalmarketplace", WorldOptions(stage="preview", seed=1, drill="create-fail"))
    assert "Did you mean create-fails?" in str(refused.value) + refused.value.cure
    with pytest.raises(UsageProblem, match="no drill"):
        scenario.build("empty", WorldOptions(stage="", seed=1, drill="create-fails"))


def test_the_login_ends_while_time_passes_and_a_new_one_mends_it() -> None:
    cf = Terminal(drill="token-expires")
    assert cf("cf services").exit == 0
    cf.world.advance(300)
    said = failed(cf("cf services"))
    assert said.startswith("The token expired, was revoked, or the token ID is incorrect.")
    back = cf("cf login", "me@digitalmarketplace.example", "secret")
    assert back.exit == 0
    assert lines(back)[-1] == "space:          preview"
    cf.world.advance(600)
    assert cf("cf services").exit == 0


def test_the_line_comes_back() -> None:
    cf = Terminal(drill="network-drops")
    cf.world.advance(200)
    assert failed(cf("cf services")).startswith("Request error: ")
    cf.world.advance(130)
    assert cf("cf services").exit == 0


def test_the_broker_gives_up_once() -> None:
    cf = Terminal(drill="create-fails")
    cf(f"cf create-service redis medium-ha-6.x {REDIS}-new")
    cf.world.advance(700)
    assert "   status:    create failed" in lines(cf(f"cf service {REDIS}-new"))
    cf(f"cf delete-service {REDIS}-new -f -w")
    assert cf(f"cf create-service redis medium-ha-6.x {REDIS}-new -w").exit == 0
    assert "   status:    create succeeded" in lines(cf(f"cf service {REDIS}-new"))


def test_a_frontend_is_moved_while_its_name_belongs_to_nobody() -> None:
    cf = Terminal(drill="frontend-restarts")
    assert "web:1/1" in next(row for row in lines(cf("cf apps")) if row.startswith("user-frontend"))
    cf(f"cf rename-service {REDIS} {REDIS}-old")
    assert "web:0/1" in next(row for row in lines(cf("cf apps")) if row.startswith("user-frontend"))
    assert "colleague@" in cf("cf events user-frontend").stdout
    assert "Unable to find service with name" in cf("cf logs user-frontend --recent").stdout


def test_a_colleague_releases_during_the_freeze() -> None:
    cf = Terminal(drill="someone-deploys")
    before = cf.app("search-api").guid
    cf(f"cf create-service elasticsearch small-ha-7.x {SEARCH}_new")
    cf("cf apps")
    after = cf.app("search-api")
    assert after.guid != before
    assert after.image.endswith("release-1235")


def test_one_app_of_the_parallel_release_fails_and_can_be_released_again() -> None:
    cf = Terminal(drill="release-fails")
    job = cf("jenkins rerelease-all-apps STAGE=preview")
    assert job.exit == 1
    assert "Failed: user-frontend" in lines(job)
    again = cf("jenkins release-app-paas STAGE=preview APPLICATION_NAME=user-frontend")
    assert again.exit == 0
    assert "[user-frontend] released release-402" in lines(again)


def test_a_leftover_release_serves_beside_the_app() -> None:
    cf = Terminal(drill="leftover-release")
    found = routes.find(cf.world, "dm-search-api-preview", "cloudapps.digital")
    assert found is not None
    assert [app.name for app in routes.apps_of(*found)] == ["search-api", "search-api-release"]


@pytest.mark.parametrize(
    ("drill", "line", "said"),
    [
        (
            "quota-full",
            "cf create-service redis medium-ha-6.x x",
            "You have exceeded your organization's services limit.",
        ),
        (
            "memory-full",
            "cf push x -o digitalmarketplace/search-api:release-1234 -m 512M",
            "You have exceeded the memory limit for your organization's quota.",
        ),
        ("logged-out", "cf services", "Not logged in. Use 'cf login' or 'cf login --sso' to log in."),
        (
            "orphan-route",
            "cf map-route search-api cloudapps.digital -n dm-elasticsearch-migration-preview",
            "Routes cannot be mapped to destinations in different spaces.",
        ),
        (
            "old-cli",
            f"cf delete-service {REDIS} -f",
            "Cannot delete service instance. Service keys, bindings, and shares must first be deleted.",
        ),
        (
            "plan-gone",
            "cf create-service redis medium-ha-6.x x",
            "The plan 'medium-ha-6.x' could not be found for service offering 'redis' and broker 'elasticache-broker'.",
        ),
        ("push-fails", "cf push x -o digitalmarketplace/api:release-1", "Start unsuccessful"),
        ("push-hangs", "cf push x -o digitalmarketplace/api:release-1", "Start app timeout"),
    ],
)
def test_what_a_drill_makes_the_cli_say(drill: str, line: str, said: str) -> None:
    assert failed(Terminal(drill=drill)(line)).startswith(said)


def test_states_that_are_there_from_the_start() -> None:
    assert Terminal(drill="wrong-space")("cf target").stdout.endswith("production\n")
    taken = Terminal(drill="name-taken")(f"cf create-service redis medium-ha-6.x {REDIS}-new")
    assert lines(taken)[-1] == f"Service instance {REDIS}-new already exists"
    assert "DATA_MIGRATION_KEY" in Terminal(drill="key-left")("cf service-keys digitalmarketplace_api_db").stdout
    assert "__conduit_7080__" in Terminal(drill="tunnel-left")(f"cf service {SEARCH}").stdout
    unbound = Terminal(drill="binding-missing")
    assert "buyer-frontend" not in unbound(f"cf service {REDIS}").stdout
    assert unbound("jenkins smoke-tests STAGE=preview").exit == 1


def test_a_database_whose_upgrade_fails_keeps_its_version() -> None:
    cf = Terminal(drill="update-fails")
    cf("cf update-service digitalmarketplace_api_db -p small-ha-18")
    cf.world.advance(3000)
    shown = lines(cf("cf service digitalmarketplace_api_db"))
    assert "   status:    update failed" in shown
    assert "plan:            small-ha-16" in shown


def test_a_fault_that_names_something_else_stays_planted() -> None:
    cf = Terminal()
    cf.world.armed = [{"kind": "create_failed", "offering": "postgres"}]
    assert drills.take(cf.world, faults.CreateFailed, offering="redis") is None
    assert drills.take(cf.world, faults.CreateFailed, offering="postgres") is not None
    assert cf.world.armed == []


def test_the_redis_procedure_offers_drills_that_its_world_has() -> None:
    procedure = read_procedure(Path(asset("procedures/redis.yaml"))).procedure
    assert set(offered_drills(procedure)) <= set(DRILLS)
    assert len(offered_drills(procedure)) >= 12


def test_a_drill_that_is_not_offered_is_refused_before_anything_begins() -> None:
    with pytest.raises(UsageProblem) as refused:
        prepare(Request("redis", "rehearsal", drill="token-expire"))
    assert refused.value.cure == "Did you mean token-expires?"
    with pytest.raises(UsageProblem):
        prepare(Request("redis", "rehearsal", drill="update-fails"))


def test_a_page_of_a_procedure_tells_its_drills_or_what_is_wrong_with_them(tmp_path: Path) -> None:
    shown = CliRunner().invoke(show, ["redis"]).output
    assert "Drills: uplevel rehearse redis --drill NAME" in shown
    assert "  create-fails        The broker gives up on the new service after some minutes." in shown
    own = tmp_path / "own.yml"
    own.write_text(
        "format: 1\nprocedure: own\ntitle: Own\nphases: [{title: All, steps: [{id: a, title: A, run: cf apps}]}]\n"
        "rehearsal: {world: digitalmarketplace, drills: [create-fail]}\n"
    )
    shown = CliRunner().invoke(show, [str(own)]).output
    assert "own offers the drill create-fail, which the world digitalmarketplace does not have." in shown
    assert "Did you mean create-fails?" in shown
    assert "cf apps" in shown


def test_the_drill_stands_in_the_first_record(sessions: "Opener") -> None:
    text = asset("procedures/redis.yaml").read_text(encoding="utf-8")
    drive = sessions.open(text, "rehearsal", {"stage": "preview"}, speed=5000.0, drill="create-slow")
    drive.until_asked("choose")
    opened = drive.state.opened
    assert isinstance(opened, SessionOpened)
    assert opened.rehearsal is not None
    assert opened.rehearsal.drill == "create-slow"
