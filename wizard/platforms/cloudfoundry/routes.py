"""Routes of the pretend platform: things of their own, which apps come to and leave. A route may have no app at all."""

from collections.abc import Iterator

from wizard.platforms.cloudfoundry.things import App, Route
from wizard.platforms.cloudfoundry.world import CloudWorld, Space


def address(host: str, domain: str, path: str = "") -> str:
    """A route as the CLI writes it: `host.domain/path`."""
    return f"{host}.{domain}{path}" if host else f"{domain}{path}"


def address_of(route: Route) -> str:
    return address(route.host, route.domain, route.path)


def split(world: CloudWorld, text: str) -> tuple[str, str, str] | None:
    """The host, domain and path of an address; None when it is on no domain of this platform."""
    name, slash, path = text.removeprefix("https://").partition("/")
    for domain in sorted(world.domains, key=len, reverse=True):
        if name == domain or name.endswith("." + domain):
            return name.removesuffix(domain).rstrip("."), domain, f"{slash}{path}".rstrip("/")
    return None


def everywhere(world: CloudWorld) -> Iterator[tuple[Space, Route]]:
    """All routes of the organisation with the spaces they are in."""
    for space in world.spaces.values():
        for route in space.routes.values():
            yield space, route


def find(world: CloudWorld, host: str, domain: str, path: str = "") -> tuple[Space, Route] | None:
    """A route and its space; a route exists once in an organisation, whichever space it is in."""
    wanted = (host, domain, path)
    found = everywhere(world)
    return next((each for each in found if (each[1].host, each[1].domain, each[1].path) == wanted), None)


def create(world: CloudWorld, space: Space, host: str, domain: str, path: str = "", *, visits: int = 0) -> Route:
    """Make a route that leads to no app yet.

    Args:
        world: The world.
        space: Whose route it is.
        host: The part before the domain.
        domain: One of the platform's domains.
        path: What follows, with its slash; empty for none.
        visits: Seconds between two requests that the public makes to it; 0 when nobody knows it.
    """
    route = Route(world.guid(), host, domain, path, visits=visits, created=world.now)
    space.routes[route.guid] = route
    return route


def attach(world: CloudWorld, route: Route, app: App) -> bool:
    """Let a route lead to an app.

    Returns:
        Whether that is new.
    """
    if app.guid in route.apps:
        return False
    route.apps[app.guid] = world.now
    return True


def detach(route: Route, app: App) -> bool:
    """Let a route lead to an app no longer; the route stays.

    Returns:
        Whether it did before.
    """
    return route.apps.pop(app.guid, None) is not None


def of_app(space: Space, app: App) -> list[Route]:
    """The routes that lead to an app, oldest first."""
    return [route for route in space.routes.values() if app.guid in route.apps]


def addresses(space: Space, app: App) -> list[str]:
    """The addresses that lead to an app."""
    return [address_of(route) for route in of_app(space, app)]


def apps_of(space: Space, route: Route) -> list[App]:
    """The apps that a route leads to, in alphabetical order."""
    return sorted((space.apps[guid] for guid in route.apps), key=lambda app: app.name)


def orphans(space: Space) -> list[Route]:
    """The routes that lead to no app."""
    return [route for route in space.routes.values() if not route.apps]
