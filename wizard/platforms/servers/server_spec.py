"""Which servers a world wants: the lab's servers are a function of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.platforms.cloudfoundry import secrets
from wizard.platforms.cloudfoundry.world import Space, World, major_of


Facts = dict[str, Any]

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


def wanted_servers(world: World) -> dict[str, ServerSpec]:
    """The servers of the stage that is worked on, by guid of their instance."""
    space = world.space_named(world.facts["stage"])
    return {guid: _wanted(world, space, one) for guid, one in space.services.items() if "server" in one}


def _wanted(world: World, space: Space, service: Facts) -> ServerSpec:
    offering, plan = service["offering"], _plan(service)
    holders = [binding["guid"] for binding in space.bindings_of(service)]
    holders += [key["guid"] for key in space.keys.values() if key["service"] == service["guid"]]
    database = offering == "postgres"
    credentials = [secrets.of_service(service, holder) for holder in holders] if database else []
    told = str(world.facts["offerings"][offering]["plans"].get(plan, {}).get("description", ""))
    return ServerSpec(
        guid=service["guid"],
        offering=offering,
        port=int(service["server"]["port"]),
        major=major_of(plan),
        source=service["restored_from"],
        original=bool(service["server"].get("original")),
        logins={one["username"]: one["password"] for one in credentials},
        password="" if database else str(secrets.of_service(service, "")["password"]),
        logical=bool(service["params"].get("logical_replication")),
        megabytes=_megabytes(told),
    )


def _plan(service: Facts) -> str:
    """The plan that it has or is on the way to; an update that fails never leads to another."""
    last = service["last"]
    if last["type"] == "update" and last["outcome"] == "succeeded":
        return str(last.get("plan", service["plan"]))
    return str(service["plan"])


def _megabytes(description: str) -> int:
    found = re.search(r"([0-9.]+)(MB|GB) RAM", description)
    return int(float(found[1]) * _MEGABYTES[found[2]]) if found else 0
