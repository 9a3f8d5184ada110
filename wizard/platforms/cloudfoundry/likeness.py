"""By what one Cloud Foundry is judged to be again what it was.

Compared are names and guids, plans, bindings, what running processes hold, which route leads where, environments,
indices with their aliases and documents, keys, and where the CLI points. Not compared are times, events, log lines,
tasks, and routes that lead to no app.
"""

from collections.abc import Collection, Iterator
from dataclasses import asdict

from wizard.platforms.cloudfoundry import routes
from wizard.platforms.cloudfoundry.things import App, Service
from wizard.platforms.cloudfoundry.world import CloudWorld, Space, progress
from wizard.platforms.sdk.likeness import NOTHING, differences
from wizard.platforms.sdk.world import Json


_OF_AN_APP = ("image", "instances", "memory", "disk", "state", "process")


def diff_worlds(before: CloudWorld, after: CloudWorld, *, released: Collection[str] = ()) -> list[str]:
    """The differences between two worlds in plain words; empty when there is none. See `seen`."""
    return differences(seen(before, released), seen(after, released))


def seen(world: CloudWorld, released: Collection[str] = ()) -> dict[str, str]:
    """What counts of a world, in words.

    Args:
        world: It.
        released: Names of apps that were released anew meanwhile: those may have another guid, everything else about
            them must be as before.
    """
    found = {f"target {key}": str(value) or NOTHING for key, value in asdict(world.target).items()}
    for name, space in world.spaces.items():
        parts = (_services(world, space), _apps(space, released), _routes(space), _keys(space))
        found.update({f"{name}, {key}": value for part in parts for key, value in part})
    return found


def _services(world: CloudWorld, space: Space) -> Iterator[tuple[str, str]]:
    for service in space.services.values():
        label = f"service {service.name}"
        last = service.last
        gone = last.type == "delete"
        yield f"{label}, guid", service.guid
        yield f"{label}, plan", f"{service.offering} {service.plan}".strip() or "user-provided"
        yield f"{label}, state", "being deleted" if gone else _state(last.type, progress(service, world.now))
        yield f"{label}, parameters", _table(service.params)
        yield f"{label}, bound apps", ", ".join(_bound(space, service)) or NOTHING
        for index, about in sorted(service.indices.items()):
            for key, value in sorted(asdict(about).items()):
                yield f"{label}, index {index}, {key}", _words(value)


def _state(kind: str, state: str) -> str:
    """The state of the last operation, as far as it can be told from another that ended as well."""
    return "ready" if state == "succeeded" or (kind == "update" and state == "failed") else f"{kind} {state}"


def _bound(space: Space, service: Service) -> list[str]:
    return sorted(
        space.apps[binding.app].name + (f" as {binding.name}" if binding.name else "")
        for binding in space.bindings_of(service)
    )


def _apps(space: Space, released: Collection[str]) -> Iterator[tuple[str, str]]:
    for app in space.apps.values():
        label = f"app {app.name}"
        if app.name not in released:
            yield f"{label}, guid", app.guid
        for key in _OF_AN_APP:
            yield f"{label}, {key}", str(getattr(app, key))
        yield f"{label}, health check", _table(asdict(app.health))
        yield f"{label}, environment", _table(app.env)
        yield f"{label}, credentials of its process", ", ".join(sorted(_held(space, app))) or NOTHING


def _held(space: Space, app: App) -> Iterator[str]:
    """What a process holds: the names it knows its services by, which ones they are, and whether they still open."""
    for entry in app.vcap:
        alive = entry.service in space.services and entry.binding in space.bindings
        yield f"{entry.name} ({entry.service}{'' if alive else ', dead'})"


def _routes(space: Space) -> Iterator[tuple[str, str]]:
    for route in space.routes.values():
        if route.apps:
            label = f"route {routes.address_of(route)}"
            yield f"{label}, apps", ", ".join(app.name for app in routes.apps_of(space, route))
            guard = space.services.get(route.service)
            yield f"{label}, route service", NOTHING if guard is None else guard.name


def _keys(space: Space) -> Iterator[tuple[str, str]]:
    for key in space.keys.values():
        service = space.services.get(key.service)
        yield f"service key {key.name}", "of " + (NOTHING if service is None else str(service.name))


def _table(facts: Json) -> str:
    return ", ".join(f"{key}={_words(value)}" for key, value in sorted(facts.items())) or NOTHING


def _words(value: object) -> str:
    if isinstance(value, dict):
        return _table(value)
    return ", ".join(sorted(map(str, value))) if isinstance(value, list | tuple) else str(value)
