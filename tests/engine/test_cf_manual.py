"""The manual's twenty steps for Elasticsearch, typed at the pretend platform, and the way back from each."""

from pathlib import Path

import pytest

from tests.engine.pretend_cf import Terminal, lines
from wizard.platforms.cloudfoundry import routes
from wizard.platforms.cloudfoundry.likeness import diff_worlds


OLD, NEW = "search_api_elasticsearch", "search_api_elasticsearch_new"
HOST = "cloudapps.digital --hostname"
MANIFEST = f"""\
applications:
- name: elasticsearch-migration
  instances: 2
  memory: 512M
  routes: [{{route: dm-elasticsearch-migration-preview.cloudapps.digital}}]
  services: [{NEW}, digitalmarketplace_splunk]
  env: {{DM_ELASTICSEARCH_SERVICE_NAME: {NEW}}}
"""
STEPS = {
    2: (f"cf create-service elasticsearch small-ha-7.x {NEW} -w", f"cf delete-service {NEW} -f -w"),
    5: ("cf push -f new.yml -o digitalmarketplace/search-api:release-1234", "cf delete elasticsearch-migration -f -r"),
    9: (
        f"cf map-route elasticsearch-migration {HOST} dm-search-api-preview",
        f"cf unmap-route elasticsearch-migration {HOST} dm-search-api-preview",
    ),
    11: (
        f"cf unmap-route search-api {HOST} dm-search-api-preview",
        f"cf map-route search-api {HOST} dm-search-api-preview",
    ),
    12: (
        f"cf unmap-route elasticsearch-migration {HOST} dm-elasticsearch-migration-preview",
        f"cf map-route elasticsearch-migration {HOST} dm-elasticsearch-migration-preview",
    ),
    13: (f"cf rename-service {OLD} {OLD}_old", f"cf rename-service {OLD}_old {OLD}"),
    14: (f"cf rename-service {NEW} {OLD}", f"cf rename-service {OLD} {NEW}"),
    15: ("cf rename search-api search-api-old", "cf rename search-api-old search-api"),
    16: ("cf rename elasticsearch-migration search-api", "cf rename search-api elasticsearch-migration"),
}
"""What is typed at a step, and what takes it back; the last one that can be taken back is 16."""


@pytest.fixture
def ready(cf: Terminal, tmp_path: Path) -> Terminal:
    (tmp_path / "new.yml").write_text(MANIFEST)
    return cf


def smoke(cf: Terminal) -> bool:
    return cf("jenkins smoke-tests STAGE=preview").exit == 0


def test_from_the_first_step_to_the_last(ready: Terminal) -> None:
    old, new = ready.guid(OLD), ""
    for number, (line, _) in STEPS.items():
        assert ready(line).exit == 0, line
        assert smoke(ready), number  # the old or the new one serves at every step
        new = new or ready.guid(NEW)
    assert ready("cf delete search-api-old -f").exit == 0
    assert ready("jenkins release-app-paas STAGE=preview APPLICATION_NAME=search-api").exit == 0
    assert smoke(ready)
    app = ready.app("search-api")
    assert app.env == {}
    assert routes.addresses(ready.world.space, app) == [
        "dm-search-api-preview.cloudapps.digital",
        "dm-search-api-preview.cloudapps.digital/_metrics",
    ]
    assert ready.guid(OLD) == new
    assert ready.world.space.bound_apps(ready.world.space.services[old]) == []
    assert ready(f"cf delete-service {OLD}_old -f -w").exit == 0
    assert smoke(ready)
    assert [routes.address_of(route) for route in routes.orphans(ready.world.space)] == [
        "dm-elasticsearch-migration-preview.cloudapps.digital"
    ]


@pytest.mark.parametrize("last", STEPS)
def test_taken_back_from_any_step_the_world_is_as_before(ready: Terminal, last: int) -> None:
    before = ready.world
    done = [number for number in STEPS if number <= last]
    for number in done:
        assert ready(STEPS[number][0]).exit == 0
    assert diff_worlds(before, ready.world) != []
    for number in reversed(done):
        assert ready(STEPS[number][1]).exit == 0
        assert smoke(ready), number
    assert diff_worlds(before, ready.world) == []


@pytest.mark.parametrize("app", ["search-api", "elasticsearch-migration"])
def test_the_window_in_which_a_restart_breaks_search(ready: Terminal, app: str) -> None:
    for number in (2, 5, 9, 11, 12, 13):
        ready(STEPS[number][0])
    assert ready(f"cf restart {app}").exit == (1 if app == "search-api" else 0)
    ready(STEPS[14][0])
    broken = ready("cf restart elasticsearch-migration")
    assert broken.exit == 1
    assert not smoke(ready)
    ready(f"cf set-env elasticsearch-migration DM_ELASTICSEARCH_SERVICE_NAME {OLD}")
    assert ready("cf restart elasticsearch-migration").exit == 0
    assert smoke(ready)


def test_the_drill_strikes_in_that_window_and_can_be_answered(tmp_path: Path) -> None:
    cf = Terminal(folder=tmp_path, drill="restart-in-the-gap")
    (tmp_path / "new.yml").write_text(MANIFEST)
    for number, (line, _) in STEPS.items():
        assert cf(line).exit == 0, line
        assert smoke(cf) == (number < 15), number
    assert "Unable to find service with name" in cf("cf logs search-api --recent").stdout
    cf(f"cf set-env search-api DM_ELASTICSEARCH_SERVICE_NAME {OLD}")
    assert cf("cf restart search-api").exit == 0
    assert smoke(cf)


def test_a_push_that_left_out_the_log_drain_and_one_that_kept_the_live_route_can_be_told(
    ready: Terminal, tmp_path: Path
) -> None:
    ready(STEPS[2][0])
    (tmp_path / "new.yml").write_text(
        MANIFEST.replace("dm-elasticsearch-migration", "dm-search-api").replace(", digitalmarketplace_splunk", "")
    )
    ready(STEPS[5][0])
    shown = lines(ready("cf service digitalmarketplace_splunk"))
    assert not any(line.lstrip().startswith("elasticsearch-migration") for line in shown)
    row = next(line for line in lines(ready("cf routes")) if "dm-search-api-preview" in line)
    assert "elasticsearch-migration, search-api" in row
