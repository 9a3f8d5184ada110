"""Which real servers a world wants: the lab's servers are a function of it."""

import re

from wizard.platforms.cloudfoundry import secrets
from wizard.platforms.cloudfoundry.things import RealServer, Service
from wizard.platforms.cloudfoundry.world import CloudWorld, major_of
from wizard.platforms.servers.server_spec import ServerSpec


_MEGABYTES = {"MB": 1, "GB": 1024}


class CloudLab:
    """What the lab asks of a Cloud Foundry world; visitors are for the estate on it to say."""

    def wanted_servers(self, world: CloudWorld) -> dict[str, ServerSpec]:
        """The servers of the stage that is worked on, by guid of their instance."""
        found = [(one, one.server) for one in world.site.services.values()]
        return {one.guid: _wanted(world, one, server) for one, server in found if server is not None}

    def guid_of(self, world: CloudWorld, name: str) -> str:
        """The guid of the service instance of a name there; empty where there is none."""
        service = world.site.service(name)
        return "" if service is None else service.guid

    def running_apps(self, world: CloudWorld) -> set[str]:
        """The guids of the apps through which ways may lead."""
        return {guid for guid, app in world.site.apps.items() if (app.state, app.process) == ("started", "running")}


def _wanted(world: CloudWorld, service: Service, server: RealServer) -> ServerSpec:
    space, plan = world.site, _plan(service)
    holders = [binding.guid for binding in space.bindings_of(service)]
    holders += [key.guid for key in space.keys.values() if key.service == service.guid]
    database = service.offering == "postgres"
    credentials = [secrets.of_server(world, service, server, holder) for holder in holders] if database else []
    offered = world.offerings[service.offering].plans.get(plan)
    return ServerSpec(
        guid=service.guid,
        offering=service.offering,
        port=server.port,
        major=major_of(plan),
        source=service.restored_from,
        original=server.original,
        logins={one.username: one.password for one in credentials},
        password="" if database else secrets.of_server(world, service, server, "").password,
        logical=bool(service.params.get("logical_replication")),
        database=world.estate.contents.database if database else "",
        megabytes=0 if offered is None else _megabytes(offered.description),
    )


def _plan(service: Service) -> str:
    """The plan that it has or is on the way to; an update that fails never leads to another."""
    last = service.last
    return last.plan or service.plan if (last.type, last.outcome) == ("update", "succeeded") else service.plan


def _megabytes(description: str) -> int:
    found = re.search(r"([0-9.]+)(MB|GB) RAM", description)
    return int(float(found[1]) * _MEGABYTES[found[2]]) if found else 0
