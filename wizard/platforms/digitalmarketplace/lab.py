"""How a visitor's request comes to a server: past the router, into an app's process, out with what that one holds.

Nobody but the world decides it: a name that was changed, a binding that is gone, an app that was stopped matter here
as they would on the platform.
"""

from collections.abc import Callable

from wizard.platforms.cloudfoundry import lifecycle, routes, secrets
from wizard.platforms.cloudfoundry.lab import CloudLab
from wizard.platforms.cloudfoundry.things import App, Held, Service
from wizard.platforms.cloudfoundry.world import Space
from wizard.platforms.digitalmarketplace import web
from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.servers.credentials import Credentials
from wizard.platforms.servers.visited import AppConnection, ConnectionRefused, VisitedSite


CredentialsOf = Callable[[EstateWorld, Service, str], Credentials | None]
"""What the binding of a service has, by the world, the service and the binding's guid."""


class Site:
    """The site of a world.

    Args:
        world: The world; it does not change meanwhile.
        credentials: What a binding of a service has.
    """

    def __init__(self, world: EstateWorld, credentials: CredentialsOf = secrets.of_service) -> None:
        self._world, self._space, self._roles = world, world.site, world.estate.roles
        self._credentials = credentials

    def turned_away(self) -> bool:
        """Whether visitors get the maintenance page.

        Raises:
            ConnectionRefused: No router serves.
        """
        _, router = self._serving(self._roles.router)
        home = self._space.manifests[self._roles.router].routes[0]
        return self._world.mode_of(router).turns_away(home.partition(".")[0])

    def to_database(self) -> AppConnection:
        """The connection of a request that writes to the database.

        Raises:
            ConnectionRefused: It does not get there.
        """
        space, app = self._serving(self._roles.data)
        # DATABASE_URL is the first database among an app's services, whatever its name; what is gone could be it.
        for held in app.vcap:
            service = space.services.get(held.service)
            if service is None or service.offering == "postgres":
                return _connection(self._roles.data, space, app, held)
        raise ConnectionRefused(f"500 Internal Server Error: {app.name} has no database")

    def to_sessions(self, frontend: str = "") -> AppConnection:
        """The connection of a request with a session: through a frontend, which finds its Redis by name.

        Raises:
            ConnectionRefused: It does not get there.
        """
        name = frontend or self._roles.login
        space, app = self._serving(name)
        for held in lifecycle.searched(app):
            return _connection(name, space, app, held)
        raise ConnectionRefused(f"500 Internal Server Error: {app.name} has no Redis")

    def other_frontends(self) -> list[str]:
        """The frontends that read sessions and do not begin them, in alphabetical order."""
        kinds, login = self._world.kinds, self._roles.login
        lookup = kinds[login].looks_up
        return [name for name in sorted(self._space.manifests) if name != login and kinds[name].looks_up == lookup]

    def holds(self, connection: AppConnection) -> bool:
        """Whether a process still runs, as it was started then, and its credentials still are good."""
        app = self._space.apps.get(connection.app)
        runs = app is not None and app.process == "running" and app.since == connection.since
        return runs and connection.service in self._space.services and connection.binding in self._space.bindings

    def credentials(self, connection: AppConnection) -> Credentials:
        """What a process connects with.

        Raises:
            ConnectionRefused: Nothing opens the service.
        """
        found = self._credentials(self._world, self._space.services[connection.service], connection.binding)
        if found is None:
            raise ConnectionRefused(f"500 Internal Server Error: nothing opens the service of {connection.name}")
        return found

    def _serving(self, name: str) -> tuple[Space, App]:
        """The app behind the first route that a manifest has."""
        parts = routes.split(self._world, self._space.manifests[name].routes[0])
        if parts is None:
            raise ConnectionRefused("404 Not Found")
        found = web.serving(self._world, *parts)
        if isinstance(found, web.Reply):
            raise ConnectionRefused(found.text.strip())
        space, _, app = found
        return space, app


def _connection(name: str, space: Space, app: App, held: Held) -> AppConnection:
    service = space.services.get(held.service)
    if service is None or held.binding not in space.bindings:
        raise ConnectionRefused(f"500 Internal Server Error: {app.name} holds dead credentials of {held.name}")
    if service.server is None:
        raise ConnectionRefused(f"500 Internal Server Error: no server answers for {held.name}")
    return AppConnection(name, app.guid, app.since, service.guid, held.binding)


class EstateLab(CloudLab):
    """What the lab asks of the estate."""

    def written(self, world: EstateWorld) -> list[str]:
        """The guids of the service instances that visitors may write to."""
        names = world.site.manifests[world.estate.roles.data].services
        return [guid for name in names if (guid := self.guid_of(world, name))]

    def visited(self, world: EstateWorld) -> VisitedSite:
        """The site as its visitors meet it."""
        return Site(world)
