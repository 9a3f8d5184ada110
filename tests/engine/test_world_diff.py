"""A world is again what it was, or the differences stand in plain words."""

import pytest

from tests.engine.pretend_cf import REDIS, Terminal
from wizard.platforms.cloudfoundry.likeness import diff_worlds
from wizard.platforms.cloudfoundry.things import SearchIndex
from wizard.platforms.digitalmarketplace.world import EstateWorld


def told(cf: Terminal, *lines: str, released: tuple[str, ...] = ()) -> list[str]:
    """The differences that some commands leave."""
    before: EstateWorld = cf.world
    for line in lines:
        assert cf(line).exit == 0, line
    return diff_worlds(before, cf.world, released=released)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("cf services", "cf apps", "cf logs api --recent"),
        (f"cf rename-service {REDIS} {REDIS}-old", f"cf rename-service {REDIS}-old {REDIS}"),
        ("cf rename api x", "cf rename x api"),
        ("cf map-route api cloudapps.digital -n x", "cf unmap-route api cloudapps.digital -n x"),
        ("cf create-service redis tiny-6.x x -w", "cf delete-service x -f -w"),
        (f"cf create-service-key {REDIS} k", f"cf delete-service-key {REDIS} k -f"),
        ("cf set-env api A b", "cf unset-env api A"),
        ("cf restart api",),
        ("cf run-task api --command true",),
        ("cf target -s staging", "cf target -s preview"),
        ("cf scale api -i 2", "cf scale api -i 1"),
    ],
)
def test_what_is_taken_back_leaves_no_difference(cf: Terminal, lines: tuple[str, ...]) -> None:
    assert told(cf, *lines) == []


@pytest.mark.parametrize(
    ("line", "difference"),
    [
        ("cf target -s staging", "target space: was preview, is staging"),
        ("cf set-env api A b", "preview, app api, environment: was nothing, is A=b"),
        ("cf stop api", "preview, app api, state: was started, is stopped"),
        ("cf scale api -i 2", "preview, app api, instances: was 1, is 2"),
        (
            "cf map-route api cloudapps.digital -n dm-search-api-preview",
            "preview, route dm-search-api-preview.cloudapps.digital, apps: was search-api, is api, search-api",
        ),
        (
            "cf unmap-route search-api cloudapps.digital -n dm-search-api-preview",
            "preview, route dm-search-api-preview.cloudapps.digital, apps: was search-api, is nothing",
        ),
        (
            "cf create-service-key digitalmarketplace_redis k",
            "service key k: was nothing, is of digitalmarketplace_redis",
        ),
        ("cf create-service redis tiny-6.x x", "preview, service x, state: was nothing, is create in progress"),
        (
            "cf bind-service api digitalmarketplace_redis --binding-name r",
            "is admin-frontend, api as r, brief-responses",
        ),
    ],
)
def test_what_is_left_is_told(cf: Terminal, line: str, difference: str) -> None:
    assert any(difference in each for each in told(cf, line)), told(cf, line)


def test_a_process_that_holds_dead_credentials_is_told(cf: Terminal) -> None:
    found = told(cf, f"cf unbind-service user-frontend {REDIS}", f"cf bind-service user-frontend {REDIS}")
    assert len(found) == 1
    assert found[0].startswith("preview, app user-frontend, credentials of its process: was ")
    was, now = found[0].split(", is ")
    assert f"{REDIS} ({cf.guid(REDIS)})" in was
    assert f"{REDIS} ({cf.guid(REDIS)}, dead)" in now
    assert told(cf, "cf restart user-frontend") != []  # alive again


def test_a_process_started_under_another_name_is_told(cf: Terminal) -> None:
    lines = (
        f"cf rename-service {REDIS} x",
        "cf set-env user-frontend DM_REDIS_SERVICE_NAME x",
        "cf restart user-frontend",
    )
    back = ("cf unset-env user-frontend DM_REDIS_SERVICE_NAME", f"cf rename-service x {REDIS}")
    found = told(cf, *lines, *back)
    assert [each.partition(": was")[0] for each in found] == ["preview, app user-frontend, credentials of its process"]


def test_apps_that_were_released_anew_may_have_other_guids_and_nothing_else(cf: Terminal) -> None:
    names = tuple(cf.world.space.manifests)
    before = cf.world
    assert told(cf, "jenkins rerelease-all-apps STAGE=preview", released=names) == []
    assert len(diff_worlds(before, cf.world)) == len(names)
    assert all(", guid: was " in each for each in diff_worlds(before, cf.world))


def test_indices_and_aliases_are_compared(cf: Terminal) -> None:
    before = cf.world
    cf("cf target")
    service = cf.world.space.service("search_api_elasticsearch")
    assert service is not None
    service.indices["g-cloud-10"] = SearchIndex("services", "g-cloud-9", "11.2.0", 3, "a", aliases=["g", "h"])
    assert diff_worlds(before, cf.world)[0] == (
        "preview, service search_api_elasticsearch, index g-cloud-10, aliases: was nothing, is g, h"
    )
