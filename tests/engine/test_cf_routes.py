"""The pretend CLI's words for routes: which addresses lead where, and what is said when nothing changes."""

from tests.engine.pretend_cf import USER, WHERE, Terminal, cells, failed, lines
from tests.played import more_of, play
from wizard.platforms.cloudfoundry import routes
from wizard.platforms.sdk.invocation import AwaitChange


LIVE = "dm-search-api-preview.cloudapps.digital"
NEW = "dm-elasticsearch-migration-preview.cloudapps.digital"


def behind(cf: Terminal, host: str, path: str = "") -> list[str]:
    """The names of the apps that a route leads to."""
    found = routes.find(cf.world, host, "cloudapps.digital", path)
    assert found is not None
    return [app.name for app in routes.apps_of(*found)]


def test_mapping_makes_a_route_that_is_not_there(cf: Terminal) -> None:
    line = "cf map-route api cloudapps.digital --hostname dm-elasticsearch-migration-preview"
    assert lines(cf(line)) == [
        f"Creating route {NEW} for org digitalmarketplace / space preview as {USER}...",
        "OK",
        "",
        f"Mapping route {NEW} to app api {WHERE}",
        "OK",
    ]
    again = cf(line)
    assert again.exit == 0
    assert lines(again) == [
        f"Mapping route {NEW} to app api {WHERE}",
        f"App 'api' is already mapped to route '{NEW}'. Nothing has been updated.",
        "OK",
    ]


def test_two_apps_share_a_route(cf: Terminal) -> None:
    cf("cf map-route api cloudapps.digital --hostname dm-search-api-preview")
    assert behind(cf, "dm-search-api-preview") == ["api", "search-api"]
    assert behind(cf, "dm-search-api-preview", "/_metrics") == ["search-api"]
    assert lines(cf("cf unmap-route search-api cloudapps.digital -n dm-search-api-preview")) == [
        f"Removing route {LIVE} from app search-api {WHERE}",
        "OK",
    ]
    assert behind(cf, "dm-search-api-preview") == ["api"]


def test_unmapping_leaves_the_route_without_an_app(cf: Terminal) -> None:
    line = "cf unmap-route search-api cloudapps.digital --hostname dm-search-api-preview"
    cf(line)
    assert behind(cf, "dm-search-api-preview") == []
    again = cf(line)
    assert again.exit == 0
    assert lines(again)[1:] == ["Route to be unmapped is not currently mapped to the application.", "OK"]


def test_what_is_not_there(cf: Terminal) -> None:
    assert failed(cf("cf map-route api nowhere.example -n x")) == "Domain 'nowhere.example' not found."
    assert failed(cf("cf map-route nope cloudapps.digital -n x")) == "App 'nope' not found."
    missing = cf("cf unmap-route api cloudapps.digital -n nope")
    assert failed(missing) == "Route with host 'nope', domain 'cloudapps.digital', and path '/' not found."
    with_path = cf("cf unmap-route api cloudapps.digital -n nope --path p")
    assert failed(with_path) == "Route with host 'nope', domain 'cloudapps.digital', and path '/p' not found."


def test_a_route_of_another_space_is_out_of_reach(cf: Terminal) -> None:
    answer = cf("cf map-route api cloudapps.digital -n dm-search-api-staging")
    assert failed(answer) == "Routes cannot be mapped to destinations in different spaces."
    assert "Creating route" not in answer.stdout


def test_routes_as_a_table(cf: Terminal, cf7: Terminal) -> None:
    shown = lines(cf("cf routes"))
    assert shown[:2] == [f"Getting routes for org digitalmarketplace / space preview as {USER}...", ""]
    head = ["space", "host", "domain", "port", "path", "protocol", "app-protocol", "apps", "service instance"]
    assert cells(shown[2]) == head
    row = next(row for row in shown if "dm-search-api-preview" in row and "/_metrics" in row)
    assert cells(row) == [
        *("preview", "dm-search-api-preview", "cloudapps.digital", "/_metrics", "http", "http1", "search-api"),
        "re-ip-allowlist-service",
    ]
    assert "app-protocol" not in cf7("cf routes").stdout
    assert "staging" in cf("cf routes --org-level").stdout
    cf.world.space.routes = {}
    assert lines(cf("cf routes"))[-1] == "No routes found."


def test_looking_one_route_up(cf: Terminal) -> None:
    assert lines(cf("cf check-route cloudapps.digital -n dm-search-api-preview"))[-2:] == [
        f"Route '{LIVE}' does exist.",
        "OK",
    ]
    assert lines(cf("cf check-route cloudapps.digital -n x"))[-2] == "Route 'x.cloudapps.digital' does not exist."
    shown = lines(cf("cf route cloudapps.digital -n dm-search-api-preview"))
    assert shown[0] == f"Showing route {LIVE} {WHERE}"
    assert cells(shown[-1].strip()) == ["search-api", "web", "8080", "http1"]


def test_deleting_routes(cf: Terminal) -> None:
    kept = cf("cf delete-route cloudapps.digital -n dm-search-api-preview", "n")
    assert lines(kept)[-1].endswith(f"'{LIVE}' has not been deleted.")
    assert lines(cf("cf delete-route cloudapps.digital -n dm-search-api-preview -f")) == [
        f"Deleting route {LIVE}...",
        "OK",
    ]
    again = cf("cf delete-route cloudapps.digital -n dm-search-api-preview -f")
    assert (again.exit, again.stderr.startswith("Unable to delete.")) == (0, True)
    cf("cf map-route api cloudapps.digital -n lonely")
    cf("cf unmap-route api cloudapps.digital -n lonely")
    assert lines(cf("cf delete-orphaned-routes -f")) == [
        f"Deleting orphaned routes as {USER}...",
        "Deleting route lonely.cloudapps.digital...",
        "OK",
    ]
    assert routes.orphans(cf.world.space) == []


def test_a_route_made_for_later_has_no_app(cf: Terminal) -> None:
    assert lines(cf("cf create-route cloudapps.digital -n x --path /p"))[1:] == [
        "Route x.cloudapps.digital/p has been created.",
        "OK",
    ]
    assert behind(cf, "x", "/p") == []
    assert (
        cf("cf create-route cloudapps.digital -n x --path /p").stderr == "Route x.cloudapps.digital/p already exists.\n"
    )


def test_an_app_that_goes_leaves_its_routes(cf: Terminal) -> None:
    assert lines(cf("cf delete search-api -f")) == [f"Deleting app search-api {WHERE}", "OK"]
    assert behind(cf, "dm-search-api-preview") == []
    assert cf.bound("search_api_elasticsearch") == []
    with_routes = cf("cf delete api -f -r")
    assert with_routes.exit == 0
    assert routes.find(cf.world, "dm-api-preview", "cloudapps.digital") is None


def test_a_shared_route_is_not_deleted_with_an_app(cf: Terminal) -> None:
    cf("cf map-route api cloudapps.digital --hostname dm-search-api-preview")
    assert failed(cf("cf delete search-api -f -r")) == (
        f"App 'search-api' was not deleted because route '{LIVE}' is mapped to more than one app."
    )
    assert cf.world.space.app("search-api") is not None


def test_both_apps_of_a_route_get_requests_and_the_log_follows(cf: Terminal) -> None:
    cf("cf map-route api cloudapps.digital --hostname dm-search-api-preview")
    cf.world.advance(100)
    for name in ("api", "search-api"):
        shown = cf(f"cf logs {name} --recent").stdout
        assert f"OUT {LIVE} - [" in shown, name
        assert '"GET / HTTP/1.1" 200 ' in shown


def test_a_log_that_is_followed_says_what_is_new_and_never_ends(cf: Terminal) -> None:
    followed = play(cf.world, ["cf", "logs", "search-api"])
    assert isinstance(followed.waits, AwaitChange)
    assert lines(followed)[0] == f"Retrieving logs for app search-api {WHERE}"
    assert len(lines(followed)) <= 7
    assert isinstance(more_of(followed, cf.world).waits, AwaitChange)
    cf("cf restart search-api")
    more = more_of(followed, cf.world)
    assert "[CELL/0] OUT Container became healthy" in more.stdout
    assert "Retrieving" not in more.stdout
    cf("cf delete search-api -f")
    gone = more_of(followed, cf.world)
    assert (gone.code, gone.stdout) == (None, "")
