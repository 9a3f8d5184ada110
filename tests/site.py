"""The estate of a rehearsal with real servers behind its database and its Redis, for tests of its visitors."""

import threading
from dataclasses import replace
from pathlib import Path

import psycopg

from tests import real_redis
from tests.postgres import Server
from wizard.platforms.cloudfoundry import lifecycle
from wizard.platforms.cloudfoundry.things import App, RealServer, Service
from wizard.platforms.cloudfoundry.world import Space
from wizard.platforms.digitalmarketplace import lab, scenario
from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.sdk.platform import WorldOptions
from wizard.platforms.sdk.world import Json
from wizard.platforms.servers.contents import fill_postgres
from wizard.platforms.servers.credentials import Credentials
from wizard.platforms.servers.visitors import Visitors


DATABASE, REDIS = "digitalmarketplace_api_db", "digitalmarketplace_redis"
OWNER = "marketplace_owner"


def marketplace(server: Server, database: str, *, rows: int = 1000) -> None:
    """Make a database of the marketplace anew; its roles are made where they are missing."""
    roles = "do $$ begin create role marketplace_owner; exception when duplicate_object then null; end $$"
    server.run("postgres", roles)
    server.fresh(database)
    with psycopg.connect(server.dsn(database)) as connection:
        fill_postgres(connection, owner=OWNER, rows=rows)


class Site:
    """A world in which some service instances have a server, and the visitors that come to it.

    Args:
        folder: For what the visitors leave behind.
    """

    def __init__(self, folder: Path) -> None:
        self.world = scenario.build("digitalmarketplace", WorldOptions(stage="preview", seed=1))
        self.time = 1000.0
        self._keys: dict[str, Credentials] = {}
        self.changing = threading.Lock()
        """Held by whoever changes the world while visitors come by themselves."""
        self.visitors = Visitors(folder, lambda: lab.Site(self._now(), self._key_of), clock=lambda: self.time)
        self._folder = folder

    def _now(self) -> EstateWorld:
        # As in a rehearsal, where it is read from a file: no visitor may rely on one object that changes under it.
        with self.changing:
            return self.world.copy()

    def _key_of(self, world: EstateWorld, service: Service, binding: str) -> Credentials:
        assert world is not self.world
        assert binding
        return self._keys[service.guid]

    @property
    def space(self) -> Space:
        return self.world.space

    def app(self, name: str) -> App:
        found = self.space.app(name)
        assert found is not None
        return found

    def service(self, name: str) -> Service:
        found = self.space.service(name)
        assert found is not None
        return found

    def mode(self, mode: str) -> None:
        self.app("router").env["DM_MODE"] = mode

    def has_database(self, name: str, server: Server, database: str) -> None:
        """Give a service instance a database of a server."""
        self.service(name).server = RealServer(server.port)
        key = Credentials(str(server.folder), server.port, "not-asked-for", username="uplevel", name=database)
        self._keys[self.service(name).guid] = key

    def has_redis(self, name: str, server: real_redis.Server, password: str = "") -> None:
        """Give a service instance a Redis."""
        self.service(name).server = RealServer(0)
        path = server.url.removeprefix("unix://")
        self._keys[self.service(name).guid] = Credentials(path, 0, password)

    def another(self, name: str) -> None:
        """Put a second instance beside a service, under the name with `-new` behind it."""
        old = self.service(name)
        new = replace(old, guid=self.world.guid(), name=f"{name}-new")
        self.space.services[new.guid] = new

    def moves(self, app_name: str, old: str, new: str) -> None:
        """Bind an app to another service instance and start it anew."""
        app = self.app(app_name)
        binding = self.space.binding(app, self.service(old))
        assert binding is not None
        del self.space.bindings[binding.guid]
        lifecycle.bind(self.world, self.space, app, self.service(new)).name = old
        self.world.advance(60)
        assert lifecycle.start(self.world, self.space, app)

    def writes(self, times: int = 1) -> Json:
        """Let visitors write to the database so often; what is told of them then."""
        for _ in range(times):
            self.visitors.database.visit()
        told: Json = self.visitors.report()["postgres"]
        return told

    def comes(self, times: int = 1) -> Json:
        """Let visitors come with sessions so often; what is told of them then."""
        for _ in range(times):
            self.visitors.sessions.visit()
        told: Json = self.visitors.report()["redis"]
        return told
