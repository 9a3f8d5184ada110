"""The pretend CLI's words, streams and exit codes, for apps, bindings and everything beside service instances."""

import json
import re

import pytest

from tests.engine.pretend_cf import REDIS, WHERE, Terminal, failed, lines
from tests.played import play
from wizard.platforms.cloudfoundry import routes
from wizard.platforms.digitalmarketplace import scenario
from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.sdk.platform import WorldOptions


def test_bind_and_unbind(cf: Terminal) -> None:
    assert lines(cf(f"cf bind-service api {REDIS}")) == [
        f"Binding service instance {REDIS} to app api {WHERE}",
        "OK",
        "",
        "TIP: Use 'cf restage api' to ensure your env variable changes take effect",
    ]
    assert lines(cf(f"cf bind-service api {REDIS}"))[1:] == [
        f"App api is already bound to service instance {REDIS}.",
        "OK",
    ]
    binding = next(reversed(cf.world.space.bindings))
    unbound = lines(cf(f"cf unbind-service api {REDIS}"))
    assert unbound[-2:] == [f"Deleting service binding {binding}...", "OK"]
    again = cf(f"cf unbind-service api {REDIS}")
    assert again.exit == 0
    assert lines(again)[-2:] == [f"Binding between {REDIS} and api does not exist", "OK"]
    assert failed(cf("cf bind-service nope nope")) == "App 'nope' not found."


def test_app_as_the_golden_one(cf: Terminal) -> None:
    shown = lines(cf("cf app search-api"))
    assert re.fullmatch(r"last uploaded:     \w{3} \d\d \w{3} \d\d:\d\d:\d\d UTC 2023", shown.pop(5))
    assert shown[:12] == [
        f"Showing health and status for app search-api {WHERE}",
        "",
        "name:              search-api",
        "requested state:   started",
        "routes:            dm-search-api-preview.cloudapps.digital, dm-search-api-preview.cloudapps.digital/_metrics",
        "stack:",
        "docker image:      digitalmarketplace/search-api:release-1234",
        "",
        "type:           web",
        "sidecars:",
        "instances:      2/2",
        "memory usage:   512M",
    ]
    head = ["state", "since", "cpu", "memory", "disk", "logging", "cpu entitlement", "details"]
    assert [cell.strip() for cell in shown[12].split("   ") if cell.strip()] == head
    assert [row[:12] for row in shown[13:]] == ["#0   running", "#1   running"]
    assert shown[13].endswith("0B/s of 16K/s")
    assert failed(cf("cf app nope")) == "App 'nope' not found."
    assert len(cf("cf app search-api --guid").stdout.strip()) == 36


def test_app_in_version_7_has_fewer_columns(cf7: Terminal) -> None:
    head = lines(cf7("cf app search-api"))[13]
    assert head.split() == ["state", "since", "cpu", "memory", "disk", "details"]


def test_apps(cf: Terminal) -> None:
    shown = lines(cf("cf apps"))
    assert shown[:2] == [f"Getting apps {WHERE}", ""]
    assert shown[2].split("   ")[-1] == "routes"
    assert len(shown) == 13
    assert "web:3/3" in next(row for row in shown if row.startswith("router"))


def test_env_shows_bindings_as_they_are_now(cf: Terminal) -> None:
    cf(f"cf rename-service {REDIS} {REDIS}-old")
    shown = cf("cf env user-frontend").stdout
    assert "System-Provided:\nVCAP_SERVICES: {" in shown
    services = json.JSONDecoder().raw_decode(shown, shown.index("{"))[0]
    assert services["redis"][0]["name"] == f"{REDIS}-old"
    app = cf.world.space.app("user-frontend")
    assert app is not None
    assert {entry.name for entry in app.vcap} == {REDIS, "digitalmarketplace_splunk"}


@pytest.mark.parametrize("verb", ["restart", "restage"])
def test_an_app_restarted_in_the_wrong_window_dies(cf: Terminal, verb: str) -> None:
    cf(f"cf rename-service {REDIS} {REDIS}-old")
    assert cf("jenkins smoke-tests STAGE=preview").exit == 0
    answer = cf(f"cf {verb} user-frontend")
    assert failed(answer).endswith(
        "Start unsuccessful\n\nTIP: use 'cf logs user-frontend --recent' for more information"
    )
    assert ("This action will cause app downtime." in answer.stderr) == (verb == "restage")
    logs = cf("cf logs user-frontend --recent").stdout
    assert f"[APP/PROC/WEB/0] ERR RuntimeError: Unable to find service with name {REDIS} in VCAP_SERVICES" in logs
    assert "web:0/1" in cf("cf apps").stdout
    assert cf("jenkins smoke-tests STAGE=preview").exit == 1
    cf(f"cf rename-service {REDIS}-old {REDIS}")
    assert cf(f"cf {verb} user-frontend --strategy rolling").exit == 0
    assert cf("jenkins smoulder-tests STAGE=preview").exit == 0


def test_search_between_two_renames_dies_too(cf: Terminal) -> None:
    cf("cf rename-service search_api_elasticsearch search_api_elasticsearch_old")
    assert cf("cf restart search-api").exit == 1
    assert cf("cf restart router").exit == 0


def test_marketplace(cf: Terminal) -> None:
    shown = lines(cf("cf marketplace -e redis"))
    assert shown[:3] == [
        f"Getting service plan information for service offering redis {WHERE}",
        "",
        "broker: elasticache-broker",
    ]
    assert [cell.strip() for cell in shown[3].split("   ") if cell.strip()] == [
        "plan",
        "description",
        "free or paid",
        "costs",
        "available",
    ]
    assert any(row.startswith("   medium-ha-6.x   ") for row in shown)
    assert "elasticache-broker" in cf("cf marketplace").stdout
    assert failed(cf("cf marketplace -e nope")) == "Service offering 'nope' not found."


def test_help_version_and_words_it_does_not_know(cf: Terminal) -> None:
    assert cf("cf version").stdout.startswith("cf version 8.")
    assert "delete-service" in cf("cf help").stdout
    assert lines(cf("cf help delete-service"))[:2] == ["NAME:", "   delete-service - Delete a service instance"]
    assert cf("cf service --help").exit == 0
    for line in ("cf frobnicate", "cf help frobnicate"):
        answer = cf(line)
        assert (answer.exit, answer.stderr) == (1, "'frobnicate' is not a registered command. See 'cf help -a'\n")


def test_rerelease_binds_new_apps_by_name(cf: Terminal) -> None:
    old = {app.guid for app in cf.world.space.apps.values()}
    cf(f"cf create-service redis medium-ha-6.x {REDIS}-new -w")
    cf(f"cf rename-service {REDIS} {REDIS}-old")
    broken = cf("jenkins rerelease-all-apps STAGE=preview")
    assert broken.exit == 1
    assert lines(broken)[-1] == "Finished: FAILURE"
    assert f"Service instance '{REDIS}' not found" in broken.stdout
    assert cf("jenkins smoke-tests STAGE=preview").exit == 0
    cf(f"cf rename-service {REDIS}-new {REDIS}")
    done = cf("jenkins rerelease-all-apps STAGE=preview")
    assert done.exit == 0
    assert done.seconds >= 120
    space = cf.world.space
    assert not old & set(space.apps)
    canonical, retired = space.service(REDIS), space.service(f"{REDIS}-old")
    assert canonical is not None
    assert retired is not None
    assert len(space.bound_apps(canonical)) == 6
    assert space.bound_apps(retired) == []
    assert "docker image:      digitalmarketplace/user-frontend:release-402" in lines(cf("cf app user-frontend"))


def test_jenkins_wants_a_job_and_a_stage(cf: Terminal) -> None:
    assert cf("jenkins launch STAGE=preview").exit == 2
    assert cf("jenkins smoke-tests STAGE=moon").exit == 2
    assert cf("jenkins smoke-tests").exit == 2


def test_a_call_leaves_the_world_it_was_given(cf: Terminal) -> None:
    before = cf.world.write()
    play(cf.world, ["cf", "delete-service", REDIS, "-f"])
    assert cf.world.write() == before


def test_the_same_seed_is_the_same_world_and_another_is_not() -> None:
    def story(seed: int) -> bytes:
        world = scenario.build("digitalmarketplace", WorldOptions(stage="staging", seed=seed))
        for line in ("cf create-service redis tiny-6.x x -w", "jenkins rerelease-all-apps STAGE=staging"):
            world = play(world, line.split()).world
        return world.write()

    assert story(5) == story(5)
    assert story(5) != story(6)


def test_every_stage_has_the_same_estate() -> None:
    world: EstateWorld = scenario.build("digitalmarketplace", WorldOptions(stage="production", seed=0))
    for stage in ("preview", "staging", "production"):
        space = world.spaces[stage]
        assert len(space.apps) == 10
        assert {service.name for service in space.services.values()} == {
            "digitalmarketplace_api_db",
            "digitalmarketplace_redis",
            "digitalmarketplace_splunk",
            "re-ip-allowlist-service",
            "search_api_elasticsearch",
        }
        assert all(app.process == "running" for app in space.apps.values())
        assert all(
            any(stage in text or stage == "production" for text in routes.addresses(space, app))
            for app in space.apps.values()
        )
