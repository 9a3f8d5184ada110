"""`cf map-route`, `unmap-route` and what belongs to them: which address leads to which apps."""

from wizard.platforms.cloudfoundry import lifecycle, routes
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import Route
from wizard.platforms.cloudfoundry.world import Space
from wizard.platforms.sdk.invocation import Steps


_OTHER_SPACE = "Routes cannot be mapped to destinations in different spaces."


def map_route(call: Call, given: Given) -> None:
    """Let a route lead to an app, and make the route where there is none. A mapped one is said and ends with 0."""
    common.preflight(call)
    common.request(call)
    name, domain = given.words
    _known_domain(call, domain)
    app = common.find_app(call, name)
    host, path = given.get("hostname"), _path(given)
    text = routes.address(host, domain, path)
    found = routes.find(call.world, host, domain, path)
    if found is None:
        _creating(call, text)
        route = routes.create(call.world, call.world.space, host, domain, path)
        call.out("OK")
        call.out()
        found = call.world.space, route
    common.intro(call, f"Mapping route {text} to app {name}")
    if found[0].name != call.world.space.name:
        common.fail(call, _OTHER_SPACE)
    if routes.attach(call.world, found[1], app):
        lifecycle.event(call.world, app, "audit.app.map-route", text)
    else:
        call.out(f"App '{name}' is already mapped to route '{text}'. Nothing has been updated.")
    call.out("OK")


def unmap_route(call: Call, given: Given) -> None:
    """Let a route lead to an app no longer; the route stays. An unmapped one is said and ends with 0."""
    common.preflight(call)
    common.request(call)
    name, domain = given.words
    _known_domain(call, domain)
    app = common.find_app(call, name)
    host, path = given.get("hostname"), _path(given)
    text = routes.address(host, domain, path)
    common.intro(call, f"Removing route {text} from app {name}")
    found = routes.find(call.world, host, domain, path)
    if found is None:
        common.fail(call, f"Route with host '{host}', domain '{domain}', and path '{path or '/'}' not found.")
    if routes.detach(found[1], app):
        lifecycle.event(call.world, app, "audit.app.unmap-route", text)
    else:
        call.out("Route to be unmapped is not currently mapped to the application.")
    call.out("OK")


def create_route(call: Call, given: Given) -> None:
    """Make a route that leads nowhere yet."""
    common.preflight(call)
    common.request(call)
    domain, host, path = given.words[0], given.get("hostname"), _path(given)
    text = routes.address(host, domain, path)
    _creating(call, text)
    _known_domain(call, domain)
    if routes.find(call.world, host, domain, path) is None:
        routes.create(call.world, call.world.space, host, domain, path)
        call.out(f"Route {text} has been created.")
    else:
        call.err(f"Route {text} already exists.")
    call.out("OK")


def delete_route(call: Call, given: Given) -> Steps:
    """Delete a route with everything that it leads to being left without it."""
    common.preflight(call)
    domain, host, path = given.words[0], given.get("hostname"), _path(given)
    text = routes.address(host, domain, path)
    if not given.has("f"):
        call.out("This action impacts all apps using this route.")
        call.out("Deleting this route will make apps unreachable via this route.")
        if not (yield from common.yes_or_no(call, f"Really delete the route {text}? [yN]: ")):
            call.out(f"'{text}' has not been deleted.")
            return
    call.out(f"Deleting route {text}...")
    common.request(call)
    _known_domain(call, domain)
    found = routes.find(call.world, host, domain, path)
    if found is None or found[0].name != call.world.space.name:
        call.err(f"Unable to delete. Route with host '{host}' and domain '{domain}' not found.")
    else:
        del found[0].routes[found[1].guid]
    call.out("OK")


def delete_orphaned_routes(call: Call, given: Given) -> Steps:
    """Delete the routes of the space that lead to no app."""
    common.preflight(call)
    if not given.has("f") and not (yield from common.yes_or_no(call, "Really delete orphaned routes? [yN]: ")):
        call.out("Routes have not been deleted.")
        return
    common.intro_user(call, "Deleting orphaned routes")
    space = call.world.space
    for route in routes.orphans(space):
        call.out(f"Deleting route {routes.address_of(route)}...")
        del space.routes[route.guid]
    call.out("OK")


def list_routes(call: Call, given: Given) -> None:
    """List the routes of the space, or with --org-level of the organisation."""
    common.preflight(call)
    everywhere = given.has("org-level")
    if everywhere:
        common.intro_org(call, "Getting routes")
    else:
        target = call.world.target
        common.intro_user(call, f"Getting routes for org {target.org} / space {target.space}")
    call.out()
    eight = call.world.cli.major >= 8
    new = ["app-protocol"] if eight else []
    rows = [["space", "host", "domain", "port", "path", "protocol", *new, "apps", "service instance"]]
    for space, route in routes.everywhere(call.world):
        if everywhere or space.name == call.world.space.name:
            rows.append(_row(space, route, eight=eight))
    if len(rows) == 1:
        call.out("No routes found.")
        return
    common.table(call, rows)


def check_route(call: Call, given: Given) -> None:
    """Say whether a route exists."""
    common.preflight(call)
    domain, host, path = given.words[0], given.get("hostname"), _path(given)
    call.out("Checking for route...")
    common.request(call)
    _known_domain(call, domain)
    does = "does exist" if routes.find(call.world, host, domain, path) is not None else "does not exist"
    call.out(f"Route '{routes.address(host, domain, path)}' {does}.")
    call.out("OK")


def show_route(call: Call, given: Given) -> None:
    """Show one route and the apps it leads to."""
    common.preflight(call)
    domain, host, path = given.words[0], given.get("hostname"), _path(given)
    text = routes.address(host, domain, path)
    common.intro(call, f"Showing route {text}")
    _known_domain(call, domain)
    found = routes.find(call.world, host, domain, path)
    if found is None:
        common.fail(call, f"Route with host '{host}', domain '{domain}', and path '{path or '/'}' not found.")
    call.out()
    rows = [["domain:", domain], ["host:", host], ["port:", ""], ["path:", path], ["protocol:", "http"]]
    common.table(call, rows)
    call.out()
    call.out("Destinations:")
    apps = [[app.name, "web", "8080", "http1"] for app in routes.apps_of(*found)]
    if apps:
        common.table(call, [["app", "process", "port", "app-protocol"], *apps], "\t")
    else:
        call.out("\tNo destinations set.")


def _path(given: Given) -> str:
    path = given.get("path").rstrip("/")
    return path if not path or path.startswith("/") else f"/{path}"


def _known_domain(call: Call, domain: str) -> None:
    if domain not in call.world.domains:
        common.fail(call, f"Domain '{domain}' not found.")


def _creating(call: Call, text: str) -> None:
    target = call.world.target
    common.intro_user(call, f"Creating route {text} for org {target.org} / space {target.space}")


def _row(space: Space, route: Route, *, eight: bool) -> list[str]:
    names = ", ".join(app.name for app in routes.apps_of(space, route))
    guard = space.services.get(route.service)
    new = ["http1" if route.apps else ""] if eight else []
    place = [space.name, route.host, route.domain, "", route.path, "http"]
    return [*place, *new, names, "" if guard is None else guard.name]
