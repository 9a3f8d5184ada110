"""How a visitor's request comes to a server: past the router, into an app's process, out with what that one holds.

Nobody but the world decides it: a name that was changed, a binding that is gone, an app that was stopped matter here
as they would on the platform.
"""

from collections.abc import Callable
from dataclasses import dataclass

from wizard.platforms.cloudfoundry import lifecycle, routes
from wizard.platforms.cloudfoundry.secrets import Credentials
from wizard.platforms.cloudfoundry.things import App, Held, Service
from wizard.platforms.cloudfoundry.world import Space
from wizard.platforms.digitalmarketplace import web
from wizard.platforms.digitalmarketplace.world import EstateWorld


CredentialsOf = Callable[[Service, str], Credentials | None]
"""What the binding of a service has, by the service and the binding's guid."""

LOGS_IN = "user-frontend"
"""The frontend that begins sessions; every other one reads them."""

_CLOSED = ("maintenance", "recovery")


class ConnectionRefused(Exception):
    """The platform answers, or the app does, but not as a visitor hoped; the message is what it says."""


@dataclass(frozen=True, slots=True)
class AppConnection:
    """What a connection stands or falls with.

    Attributes:
        app: The guid of the app.
        since: When its process was started, in world time.
        service: The guid of the service instance that the process holds.
        binding: The guid of the binding whose credentials it holds.
    """

    app: str
    since: int
    service: str
    binding: str

    def open(self, world: EstateWorld) -> bool:
        """Whether the process still runs, as it was started then, and its credentials still are good."""
        space = _site(world)
        app = space.apps.get(self.app)
        runs = app is not None and app.process == "running" and app.since == self.since
        return runs and self.service in space.services and self.binding in space.bindings

    def credentials(self, world: EstateWorld, of: CredentialsOf) -> Credentials:
        """What the process connects with.

        Raises:
            ConnectionRefused: Nothing opens the service.
        """
        found = of(_site(world).services[self.service], self.binding)
        if found is None:
            raise ConnectionRefused("500 Internal Server Error: no credentials")
        return found


def turned_away(world: EstateWorld) -> bool:
    """Whether visitors get the maintenance page.

    Raises:
        ConnectionRefused: No router serves.
    """
    _, router = _serving(world, "router")
    return router.env.get("DM_MODE", "live") in _CLOSED


def to_database(world: EstateWorld) -> AppConnection:
    """The connection of a request that writes to the database: through the app `api`.

    Raises:
        ConnectionRefused: It does not get there.
    """
    space, app = _serving(world, "api")
    # DATABASE_URL is the first database among an app's services, whatever its name; what is gone could have been it.
    for entry in app.vcap:
        service = space.services.get(entry.service)
        if service is None or service.offering == "postgres":
            return _connection(space, app, entry)
    raise ConnectionRefused(f"500 Internal Server Error: {app.name} has no database")


def to_sessions(world: EstateWorld, frontend: str = LOGS_IN) -> AppConnection:
    """The connection of a request with a session: through a frontend, which finds its Redis by name.

    Raises:
        ConnectionRefused: It does not get there.
    """
    space, app = _serving(world, frontend)
    for entry in lifecycle.searched(app):
        return _connection(space, app, entry)
    raise ConnectionRefused(f"500 Internal Server Error: {app.name} has no Redis")


def other_frontends(world: EstateWorld) -> list[str]:
    """The frontends that read sessions and do not begin them, in alphabetical order."""
    space, kinds = _site(world), world.kinds
    lookup = kinds[LOGS_IN].looks_up
    return [name for name in sorted(space.manifests) if name != LOGS_IN and kinds[name].looks_up == lookup]


def _site(world: EstateWorld) -> Space:
    return world.site


def _serving(world: EstateWorld, name: str) -> tuple[Space, App]:
    """The app behind the first route that a manifest has."""
    parts = routes.split(world, _site(world).manifests[name].routes[0])
    if parts is None:
        raise ConnectionRefused("404 Not Found")
    found = web.serving(world, *parts)
    if isinstance(found, web.Reply):
        raise ConnectionRefused(found.text.strip())
    space, _, app = found
    return space, app


def _connection(space: Space, app: App, entry: Held) -> AppConnection:
    service = space.services.get(entry.service)
    if service is None or entry.binding not in space.bindings:
        raise ConnectionRefused(f"500 Internal Server Error: {app.name} holds dead credentials of {entry.name}")
    if service.server is None:
        raise ConnectionRefused(f"500 Internal Server Error: no server answers for {entry.name}")
    return AppConnection(app.guid, app.since, service.guid, entry.binding)
