"""Faults that a drill planted in a world: some wait for their hour, some for the command that they spoil."""

from __future__ import annotations

from wizard.rehearsal import lifecycle, releases


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from wizard.rehearsal.world import Facts, World


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
    """Whether its hour has come: so many seconds after the start, or once a service or app of a name exists."""
    space = world.space_named(world.facts["stage"])
    if "service" in fault.get("once", {}) and space.service(fault["once"]["service"]) is None:
        return False
    if "app" in fault.get("once", {}) and space.app(fault["once"]["app"]) is None:
        return False
    if fault["kind"] == "restart_app" and space.app(fault["app"]) is None:
        return False
    return world.now >= int(world.facts["began"]) + int(fault.get("after", 0))


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


_HAPPENINGS: dict[str, Callable[[World, Facts], None]] = {
    "expire_token": _expire_token,
    "network_down": _network_down,
    "network_back": _network_back,
    "restart_app": _restart_app,
    "someone_else_deploys": _release_app,
    "someone_binds": _bind_app,
}
"""What happens by itself when its hour has come; every other kind waits for `take`."""

SPOILS = (
    "create_failed",
    "slow_create",
    "push_fails",
    "release_fails",
    "update_failed",
    "logs_fail",
)
"""The kinds that wait for the deed they spoil."""

KINDS = frozenset([*_HAPPENINGS, *SPOILS])
