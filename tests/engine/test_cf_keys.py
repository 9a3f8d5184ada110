"""The pretend CLI's words for service keys and for changing a service in place."""

import json

import pytest

from tests.engine.pretend_cf import REDIS, USER, WHERE, Terminal, cells, failed, lines
from wizard.platforms.cloudfoundry.things import SearchIndex


DB = "digitalmarketplace_api_db"


def test_a_key_from_its_making_to_its_end(cf: Terminal) -> None:
    assert lines(cf(f"cf create-service-key {DB} k")) == [
        f"Creating service key k for service instance {DB} as {USER}...",
        "OK",
    ]
    assert lines(cf(f"cf create-service-key {DB} k"))[1:] == ["Service key k already exists", "OK"]
    shown = lines(cf(f"cf service-keys {DB}"))
    assert shown[:2] == [f"Getting keys for service instance {DB} as {USER}...", ""]
    assert [cells(row) for row in shown[2:]] == [["name", "last operation", "message"], ["k", "create succeeded"]]
    key = cf(f"cf service-key {DB} k").stdout
    assert key.startswith(f"Getting key k for service instance {DB} as {USER}...\n\n{{")
    assert json.loads(key[key.index("{") :])["credentials"]["uri"].startswith("postgres://user:")
    assert len(cf(f"cf service-key {DB} k --guid").stdout) == 37
    assert lines(cf(f"cf delete-service-key {DB} k", "y"))[-1] == "OK"
    assert lines(cf(f"cf service-keys {DB}"))[-1] == f"No service keys for service instance {DB}"
    assert cf(f"cf delete-service-key {DB} k -f").exit == 0
    assert failed(cf(f"cf service-key {DB} k")) == f"No service key k found for service instance {DB}"


def test_a_key_keeps_a_service_in_version_7_and_goes_with_it_in_version_8(cf: Terminal, cf7: Terminal) -> None:
    for terminal in (cf, cf7):
        terminal("cf create-service redis tiny-6.x x")
        assert failed(terminal("cf create-service-key x k")) == "An operation for service instance x is in progress."
        terminal.world.advance(700)
        terminal("cf create-service-key x k")
    assert failed(cf7("cf delete-service x -f")) == (
        "Cannot delete service instance. Service keys, bindings, and shares must first be deleted."
    )
    assert cf("cf delete-service x -f -w").exit == 0
    assert cf.world.space.keys == {}
    assert "credentials" not in cf7("cf service-key x k").stdout


def test_one_major_at_a_time(cf: Terminal) -> None:
    begun = lines(cf(f"cf update-service {DB} -p small-ha-18"))
    assert begun == [
        f"Updating service instance {DB} {WHERE}",
        "",
        f"Update in progress. Use 'cf services' or 'cf service {DB}' to check operation status.",
        "OK",
    ]
    assert "   status:    update in progress" in lines(cf(f"cf service {DB}"))
    assert (
        failed(cf(f"cf update-service {DB} -p small-ha-16"))
        == f"An operation for service instance {DB} is in progress."
    )
    cf.world.advance(3000)
    shown = lines(cf(f"cf service {DB}"))
    assert "   status:    update succeeded" in shown
    assert "plan:            small-ha-18" in shown


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("small-ha-11", "Service broker error: cannot downgrade major versions"),
        (
            "tiny-unencrypted-16",
            "Service broker error: instance can not be updated to a plan with different encryption settings",
        ),
        ("nope-1", "The plan 'nope-1' could not be found for service offering 'postgres' and broker 'rds-broker'."),
    ],
)
def test_what_the_database_broker_refuses(cf: Terminal, plan: str, said: str) -> None:
    assert failed(cf(f"cf update-service {DB} -p {plan}")) == said


@pytest.mark.parametrize(("old", "new"), [("small-ha-12", "medium-ha-13"), ("small-ha-13", "small-ha-16")])
def test_the_next_major_is_the_next_one_that_is_offered(cf: Terminal, old: str, new: str) -> None:
    service = cf.world.space.service(DB)
    assert service is not None
    service.plan = old
    assert cf(f"cf update-service {DB} -p {new}").exit == 0


@pytest.mark.parametrize(("old", "new"), [("small-ha-11", "small-ha-13"), ("small-ha-13", "small-ha-18")])
def test_a_major_cannot_be_skipped(cf: Terminal, old: str, new: str) -> None:
    service = cf.world.space.service(DB)
    assert service is not None
    service.plan = old
    assert failed(cf(f"cf update-service {DB} -p {new}")) == (
        "Service broker error: cannot skip major Postgres versions. Please upgrade one major version at a time "
        "(e.g. 10, to 11, to 12)"
    )


def test_redis_is_not_upgraded_in_place(cf: Terminal) -> None:
    assert failed(cf(f"cf update-service {REDIS} -p medium-ha-6.x")) == "The service does not support changing plans."
    assert lines(cf(f"cf update-service {REDIS}"))[2:] == ["No flags specified. No changes were made.", "OK"]


def test_a_search_backend_changes_its_size_only(cf: Terminal) -> None:
    cf("cf create-service opensearch small-ha-1 x -w")
    assert cf("cf update-service x -p medium-ha-1 -w").exit == 0
    assert "plan:            medium-ha-1" in lines(cf("cf service x"))
    name = "search_api_elasticsearch"
    assert failed(cf(f"cf update-service {name} -p small-ha-7.x")) == "The service does not support changing plans."


def test_opensearch_begins_with_what_the_old_backend_has(cf: Terminal) -> None:
    old = cf.world.space.service("search_api_elasticsearch")
    assert old is not None
    old.indices["g-cloud-10"] = SearchIndex("services", "g-cloud-9", "11.2.0", 3, "a", aliases=["g"])
    create = "cf create-service opensearch small-ha-1 new -c"
    assert cf(f"""{create} '{{"restore_from_latest_backup_of": "{old.guid}"}}' -w""").exit == 0
    new = cf.world.space.service("new")
    assert new is not None
    assert new.indices == old.indices
    new.indices["g-cloud-10"].documents = 4
    assert old.indices["g-cloud-10"].documents == 3


def test_a_database_is_restored_on_its_own_plan(cf: Terminal) -> None:
    params = f"""-c '{{"restore_from_point_in_time_of": "{cf.guid(DB)}"}}'"""
    assert failed(cf(f"cf create-service postgres small-ha-13 clone {params}")) == (
        "Service broker error: You must use the same plan as the service instance you are getting a snapshot from"
    )
    assert cf(f"cf create-service postgres small-ha-16 clone {params}").exit == 0
    clone = cf.world.space.service("clone")
    assert clone is not None
    assert clone.restored_from == cf.guid(DB)
