"""Drills: faults by name, planted in a world when it is made. What waits for its hour is in `faults`."""

from __future__ import annotations

from wizard.platforms.cloudfoundry import apps, lifecycle, routes
from wizard.platforms.digitalmarketplace import faults


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from wizard.platforms.cloudfoundry.world import Facts, World


def plant(world: World, plants: list[Facts]) -> None:
    """Plant what a drill says: some of it changes the world at once, the rest is armed.

    Args:
        world: The world, as it is on a good day.
        plants: Tables with a `kind` and what else that kind needs.

    Raises:
        KeyError: A kind is unknown, or what a plant is about does not exist.
    """
    for given in plants:
        if given["kind"] in faults.KINDS:
            world.facts["armed"].append(dict(given))
        else:
            _AT_ONCE[given["kind"]](world, given)


def _quota_full(world: World, given: Facts) -> None:
    """No room for more service instances than `leave`."""
    spaces = world.facts["spaces"].values()
    used = sum(1 for space in spaces for one in space["services"].values() if one["offering"])
    world.facts["quota"]["services"] = used + int(given.get("leave", 0))


def _memory_full(world: World, given: Facts) -> None:
    """No room for more memory than `leave` megabytes."""
    world.facts["quota"]["memory"] = apps.size(apps.memory_used(world) + int(given.get("leave", 0)))


def _wrong_space(world: World, given: Facts) -> None:
    """The CLI points at another space than the stage."""
    del given
    others = [name for name in world.facts["spaces"] if name != world.facts["stage"]]
    world.target["space"] = others[-1]


def _old_cli(world: World, given: Facts) -> None:
    """The machine has an old CLI."""
    world.facts["cli"] = {"major": int(str(given["version"]).partition(".")[0]), "version": given["version"]}


def _logged_out(world: World, given: Facts) -> None:
    """Nobody is logged in."""
    del given
    world.target["token"] = "none"  # noqa: S105 - the state of a login, not a secret


def _name_taken(world: World, given: Facts) -> None:
    """A service instance of an earlier attempt bears the name, on another plan."""
    offered = world.facts["offerings"][given["offering"]]
    born = world.now - 86_400
    last = {"type": "create", "started": born, "seconds": 400, "outcome": "succeeded", "message": ""}
    made = {"guid": world.guid(), "name": given["name"], "offering": given["offering"], "plan": given["plan"]}
    made |= {"broker": offered["broker"], "params": {}, "tags": [], "indices": {}, "restored_from": "", "last": last}
    world.space_named(world.facts["stage"]).services[made["guid"]] = made


def _plan_gone(world: World, given: Facts) -> None:
    """The broker no longer offers a plan."""
    del world.facts["offerings"][given["offering"]]["plans"][given["plan"]]


def _binding_missing(world: World, given: Facts) -> None:
    """Somebody unbound an app; its process holds dead credentials."""
    space = world.space_named(world.facts["stage"])
    app, service = space.app(given["app"]), space.service(given["from"])
    binding = None if app is None or service is None else space.binding(app, service)
    if binding is None:
        raise KeyError(given["from"])
    del space.bindings[binding["guid"]]


def _stale_release(world: World, given: Facts) -> None:
    """A deployment was cut off: APP-release runs beside the app, and both serve."""
    space = world.space_named(world.facts["stage"])
    old = space.app(given["app"])
    if old is None:
        raise KeyError(given["app"])
    sizes = {key: old[key] for key in ("instances", "memory")}
    new = apps.make(world, space, f"{given['app']}-release", old["image"], **sizes, env=dict(old["env"]), staged=True)
    for name in space.manifests[given["app"]]["services"]:
        service = space.service(name)
        if service is not None:
            lifecycle.bind(world, space, new, service)
    lifecycle.start(world, space, new)
    for route in routes.of_app(space, old):
        routes.attach(world, route, new)


def _left_bound(world: World, given: Facts) -> None:
    """An app that a killed tunnel left behind is bound to a service instance."""
    space = world.space_named(world.facts["stage"])
    service = space.service(given["to"])
    if service is None:
        raise KeyError(given["to"])
    app = apps.make(world, space, given["app"], given["image"], memory="64M", staged=True, looks_up={})
    lifecycle.bind(world, space, app, service)
    lifecycle.start(world, space, app)


def _key_left(world: World, given: Facts) -> None:
    """A key of somebody keeps a service instance in use."""
    space = world.space_named(world.facts["stage"])
    service = space.service(given["of"])
    if service is None:
        raise KeyError(given["of"])
    guid = world.guid()
    made = {"guid": guid, "name": given["key"], "service": service["guid"], "created": world.now, "params": {}}
    space.keys[guid] = made


def _orphan_route(world: World, given: Facts) -> None:
    """A route of an earlier attempt exists, in another space where `elsewhere` says so; no app is behind it."""
    others = [name for name in world.facts["spaces"] if name != world.facts["stage"]]
    name = others[0] if given.get("elsewhere") else world.facts["stage"]
    routes.create(world, world.space_named(name), given["host"], world.facts["domains"][0])


def _database_job(world: World, given: Facts) -> None:
    """Somebody runs `sql` in the database of `service` once `when` says yes there; without `sql` the tunnels drop."""
    wanted = {key: given[key] for key in ("service", "when", "sql") if key in given}
    world.facts.setdefault("database_jobs", []).append(wanted)


def _file_changed(world: World, given: Facts) -> None:
    """Somebody changed a file of a repository: in `path` stands `new` instead of `old`."""
    world.facts.setdefault("changed", []).append({key: given[key] for key in ("path", "old", "new")})


_AT_ONCE: dict[str, Callable[[World, Facts], None]] = {
    "quota_full": _quota_full,
    "memory_full": _memory_full,
    "wrong_space": _wrong_space,
    "old_cli": _old_cli,
    "logged_out": _logged_out,
    "name_taken": _name_taken,
    "plan_gone": _plan_gone,
    "binding_missing": _binding_missing,
    "stale_release": _stale_release,
    "left_bound": _left_bound,
    "key_left": _key_left,
    "orphan_route": _orphan_route,
    "file_changed": _file_changed,
    "database_job": _database_job,
}
"""What changes the world before the rehearsal begins."""
