"""Which servers a world wants: the lab's servers are a function of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.platforms.cloudfoundry import secrets
from wizard.platforms.cloudfoundry.things import RealServer, Service
from wizard.platforms.cloudfoundry.world import major_of
from wizard.platforms.digitalmarketplace.world import EstateWorld


_MEGABYTES = {"MB": 1, "GB": 1024}


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """A server that a service instance stands on.

    Attributes:
        guid: The instance's.
        offering: `postgres` or `redis`.
        port: Its TCP port on the loopback address.
        major: The major version that its plan names.
        source: The guid of the instance whose contents it begins with; empty for none.
        original: Whether the estate had it from the start, so that it is filled.
        logins: User and password of each binding and key of a database.
        password: The one password of a Redis.
        logical: Whether the platform team has prepared it for logical replication.
        megabytes: Memory that its plan gives it; 0 where it says nothing of that.
    """

    guid: str
    offering: str
    port: int
    major: int
    source: str = ""
    original: bool = False
    logins: Mapping[str, str] = field(default_factory=dict, repr=False)
    password: str = field(default="", repr=False)
    logical: bool = False
    megabytes: int = 0


def wanted_servers(world: EstateWorld) -> dict[str, ServerSpec]:
    """The servers of the stage that is worked on, by guid of their instance."""
    found = [(one, one.server) for one in world.site.services.values()]
    return {one.guid: _wanted(world, one, server) for one, server in found if server is not None}


def _wanted(world: EstateWorld, service: Service, server: RealServer) -> ServerSpec:
    space, plan = world.site, _plan(service)
    holders = [binding.guid for binding in space.bindings_of(service)]
    holders += [key.guid for key in space.keys.values() if key.service == service.guid]
    database = service.offering == "postgres"
    credentials = [secrets.of_server(service, server, holder) for holder in holders] if database else []
    offered = world.offerings[service.offering].plans.get(plan)
    return ServerSpec(
        guid=service.guid,
        offering=service.offering,
        port=server.port,
        major=major_of(plan),
        source=service.restored_from,
        original=server.original,
        logins={one.username: one.password for one in credentials},
        password="" if database else secrets.of_server(service, server, "").password,
        logical=bool(service.params.get("logical_replication")),
        megabytes=0 if offered is None else _megabytes(offered.description),
    )


def _plan(service: Service) -> str:
    """The plan that it has or is on the way to; an update that fails never leads to another."""
    last = service.last
    return last.plan or service.plan if (last.type, last.outcome) == ("update", "succeeded") else service.plan


def _megabytes(description: str) -> int:
    found = re.search(r"([0-9.]+)(MB|GB) RAM", description)
    return int(float(found[1]) * _MEGABYTES[found[2]]) if found else 0
