"""`cf services` and `cf service`: the service instances of a space, and one of them in full."""

import json

from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import Service
from wizard.platforms.cloudfoundry.world import ends_at, progress
from wizard.platforms.sdk import tables


INDENT = "   "


def services(call: Call, given: Given) -> None:
    """List the service instances of the targeted space."""
    common.preflight(call)
    new = call.world.cli.major >= 8
    common.intro(call, "Getting service instances" if new else "Getting services")
    call.out()
    space = call.world.space
    if not space.services:
        call.out("No service instances found." if new else "No services found")
        return
    with_apps = not given.has("no-apps")
    head = ["name", "offering" if new else "service", "plan", "bound apps", "last operation", "broker"]
    table = [[*head, "upgrade available"]]
    for service in sorted(space.services.values(), key=lambda one: str(one.name)):
        kind = service.offering or "user-provided"
        apps = ", ".join(space.bound_apps(service))
        upgrade = "no" if service.offering else ""
        table.append([service.name, kind, service.plan, apps, _status(call, service), service.broker, upgrade])
    if not with_apps:
        table = [row[:3] + row[4:] for row in table]
    for line in tables.rows(table):
        call.out(line)


def service(call: Call, given: Given) -> None:
    """Show one service instance; with --guid its bare guid, with --params its parameters."""
    common.preflight(call)
    name = given.words[0]
    if given.has("guid"):
        common.request(call)
        call.out(common.find_service(call, name).guid)
        return
    if given.has("params"):
        common.request(call)
        call.out(json.dumps(common.find_service(call, name).params, indent=2))
        return
    common.intro(call, f"Showing info of service {name}")
    found = common.find_service(call, name)
    call.out()
    if call.world.cli.major >= 8:
        _show(call, found)
    else:
        _show_as_7(call, found)


def _status(call: Call, found: Service) -> str:
    return f"{found.last.type} {progress(found, call.world.now)}"


def _table(call: Call, rows: list[list[str]], indent: str = "") -> None:
    for line in tables.rows(rows, indent):
        call.out(line)


def _operation(call: Call, found: Service) -> list[list[str]]:
    started = found.last.started
    return [
        ["status:", _status(call, found)],
        ["message:", _message(call, found)],
        ["started:", call.world.moment(started)],
        ["updated:", call.world.moment(min(call.world.now, ends_at(found)))],
    ]


def _message(call: Call, found: Service) -> str:
    """What the broker says of the instance; the Redis broker tells of the cluster once it stands."""
    if progress(found, call.world.now) == "succeeded" and found.offering:
        told = call.world.offerings[found.offering].message
        cluster = "cf-" + found.guid[:13].replace("-", "")
        lines = [f"{key}: {value}" for key, value in told.items()]
        version = found.plan.rsplit("-", 1)[-1].replace(".x", ".0.5")
        return "; ".join([*lines, f"cluster id: {cluster}", f"engine version: {version}"]) if told else ""
    return found.last.message


def _show(call: Call, found: Service) -> None:
    if not found.offering:
        rows = [["name:", found.name], ["guid:", found.guid], ["type:", "user-provided"]]
        drain = found.params.get("syslog_drain_url", "")
        rows += [
            ["tags:", ""],
            ["route service url:", found.params.get("route_service_url", "")],
            ["syslog drain url:", drain],
        ]
        _table(call, rows)
        call.out()
        _bound(call, found)
        return
    offering = call.world.offerings[found.offering]
    rows = [
        *(["name:", found.name], ["guid:", found.guid], ["type:", "managed"], ["broker:", found.broker]),
        *(["offering:", found.offering], ["plan:", found.plan], ["tags:", ", ".join(found.tags)]),
        *(["offering tags:", ", ".join(offering.tags)], ["description:", offering.description]),
        *(["documentation:", offering.documentation], ["dashboard url:", ""]),
    ]
    _table(call, rows)
    call.out()
    call.out("Showing status of last operation:")
    _table(call, _operation(call, found), INDENT)
    call.out()
    _bound(call, found)
    call.out()
    call.out("Showing sharing info:")
    call.out(f"{INDENT}This service instance is not currently being shared.")
    call.out()
    call.out("Showing upgrade status:")
    call.out(f"{INDENT}There is no upgrade available for this service.")


def _bound(call: Call, found: Service) -> None:
    call.out("Showing bound apps:")
    space = call.world.space
    rows = sorted(
        [
            *(space.apps[binding.app].name, "", "create succeeded", ""),
            *(binding.guid, call.world.moment(binding.created)),
        ]
        for binding in space.bindings_of(found)
    )
    if not rows:
        call.out(f"{INDENT}There are no bound apps for this service instance.")
        return
    _table(call, [["name", "binding name", "status", "message", "guid", "created_at"], *rows], INDENT)


def _show_as_7(call: Call, found: Service) -> None:
    offered = call.world.offerings.get(found.offering)
    description, documentation = ("", "") if offered is None else (offered.description, offered.documentation)
    rows = [
        *(["name:", found.name], ["service:", found.offering or "user-provided"]),
        *(["tags:", ", ".join(found.tags)], ["plan:", found.plan], ["description:", description]),
        *(["documentation:", documentation], ["dashboard:", ""], ["service broker:", found.broker]),
    ]
    _table(call, rows)
    call.out()
    call.out(f"Showing status of last operation from service {found.name}...")
    call.out()
    _table(call, _operation(call, found))
    call.out()
    names = call.world.space.bound_apps(found)
    if not names:
        call.out("There are no bound apps for this service.")
    else:
        call.out("bound apps:")
        _table(call, [["name", "binding name", "status", "message"]] + [[n, "", "create succeeded", ""] for n in names])
    call.out()
    call.out("Upgrades are not supported by this broker.")
