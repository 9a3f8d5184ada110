"""Faults that a drill planted in a world: some wait for their hour, some for the command that they spoil."""

from __future__ import annotations

from wizard.platforms.cloudfoundry import lifecycle
from wizard.platforms.digitalmarketplace import releases, search


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from wizard.platforms.cloudfoundry.world import Facts, Space, World


def tick(world: World) -> None:
    """Let happen what is due by now; called before each command."""
    for fault in list(world.facts["armed"]):
        act = _HAPPENINGS.get(fault["kind"])
        if act is not None and _due(world, fault):
            world.facts["armed"].remove(fault)
            act(world, fault)


def take(world: World, kind: str, **about: str) -> Facts | None:
    """The planted fault that spoils a deed, counted as used; None when there is none.

    Args:
        world: The world.
        kind: The deed's weak spot, such as `create_failed`.
        about: What the deed is about; a fault that names another value for one of these stays planted.
    """
    for fault in world.facts["armed"]:
        if fault["kind"] == kind and all(str(fault.get(key, value)) == value for key, value in about.items()):
            fault["times"] = int(fault.get("times", 1)) - 1
            if fault["times"] <= 0:
                world.facts["armed"].remove(fault)
            return dict(fault)
    return None


def _due(world: World, fault: Facts) -> bool:
    """Whether its hour has come: so many seconds after the start, once something of a name exists, or is gone."""
    space = world.space_named(world.facts["stage"])
    if "service" in fault.get("once", {}) and space.service(fault["once"]["service"]) is None:
        return False
    if "app" in fault.get("once", {}) and space.app(fault["once"]["app"]) is None:
        return False
    if "alias" in fault.get("once", {}) and _behind(space, fault["once"]) is None:
        return False
    if "app" in fault.get("gone", {}) and space.app(fault["gone"]["app"]) is not None:
        return False
    if fault["kind"] == "restart_app" and space.app(fault["app"]) is None:
        return False
    return world.now >= int(world.facts["began"]) + int(fault.get("after", 0))


def _behind(space: Space, where: Facts) -> Facts | None:
    """The index behind an alias `of` a service; None when there is none."""
    service = space.service(where["of"])
    known = [] if service is None else service["indices"].values()
    return next((index for index in known if where["alias"] in index["aliases"]), None)


def _expire_token(world: World, fault: Facts) -> None:
    del fault
    world.target["token"] = "expired"  # noqa: S105 - the state of a login, not a secret


def _network_down(world: World, fault: Facts) -> None:
    world.facts["network"] = False
    back = {"kind": "network_back", "after": world.now + int(fault.get("lasts", 60)) - int(world.facts["began"])}
    world.facts["armed"].append(back)


def _network_back(world: World, fault: Facts) -> None:
    del fault
    world.facts["network"] = True


def _restart_app(world: World, fault: Facts) -> None:
    """Somebody restarts an app, as a colleague or the platform's own evacuation of a cell does."""
    space = world.space_named(world.facts["stage"])
    app = space.app(fault["app"])
    if app is not None:
        lifecycle.event(world, app, "audit.app.restart", by=fault.get("by", "colleague@digitalmarketplace.example"))
        lifecycle.start(world, space, app)


def _release_app(world: World, fault: Facts) -> None:
    """Somebody else releases an app through the pipeline."""
    space = world.space_named(world.facts["stage"])
    releases.release(world, space, fault["app"], fault.get("release", ""))


def _bind_app(world: World, fault: Facts) -> None:
    """Somebody binds an app to a service instance."""
    space = world.space_named(world.facts["stage"])
    app, service = space.app(fault["app"]), space.service(fault["to"])
    if app is not None and service is not None and space.binding(app, service) is None:
        lifecycle.bind(world, space, app, service)


def _move_alias(world: World, fault: Facts) -> None:
    """Somebody points an alias to an index of another day, which has half of the documents."""
    where = fault["once"]
    space = world.space_named(world.facts["stage"])
    service, index = space.service(where["of"]), _behind(space, where)
    if service is not None and index is not None:
        stale = f"{where['alias']}-2022-01-10"
        service["indices"][stale] = {**index, "documents": index["documents"] // 2, "aliases": []}
        search.point(service, where["alias"], stale)


def _write_documents(world: World, fault: Facts) -> None:
    """Documents are published: the database has them, and the backend that serves."""
    space = world.space_named(world.facts["stage"])
    index = _behind(space, {"alias": fault["once"]["alias"], "of": fault["serves"]})
    if index is not None:
        index["documents"] += int(fault["count"])
        world.facts["documents"][world.facts["stage"]][index["holds"]] += int(fault["count"])


_HAPPENINGS: dict[str, Callable[[World, Facts], None]] = {
    "expire_token": _expire_token,
    "network_down": _network_down,
    "network_back": _network_back,
    "restart_app": _restart_app,
    "someone_else_deploys": _release_app,
    "someone_binds": _bind_app,
    "move_alias": _move_alias,
    "write_documents": _write_documents,
}
"""What happens by itself when its hour has come; every other kind waits for `take`."""

SPOILS = (
    "create_failed",
    "slow_create",
    "push_fails",
    "release_fails",
    "update_failed",
    "logs_fail",
    "not_indexed",
)
"""The kinds that wait for the deed they spoil."""

KINDS = frozenset([*_HAPPENINGS, *SPOILS])
