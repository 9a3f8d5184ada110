"""What happens to apps: bound, started with their services frozen into them, dead when a name is missing."""

from __future__ import annotations


TYPE_CHECKING = False
if TYPE_CHECKING:
    from wizard.rehearsal.world import Facts, Space, World

KEPT_LOG_LINES = 200


def bind(world: World, space: Space, app: Facts, service: Facts, params: Facts | None = None) -> Facts:
    """Bind an app to a service instance, by guid; the process that runs does not notice."""
    binding = {
        "guid": world.guid(),
        "app": app["guid"],
        "service": service["guid"],
        "created": world.now,
        "params": params or {},
    }
    space.bindings[binding["guid"]] = binding
    return binding


def start(world: World, space: Space, app: Facts) -> bool:
    """Start or restart an app: what it is bound to is frozen into the process, and names are looked up in it.

    Returns:
        Whether it came up. It dies where a service that it looks for by name is not among its services.
    """
    bound = [binding for binding in space.bindings.values() if binding["app"] == app["guid"]]
    app["vcap"] = [
        {"name": service["name"], "service": service["guid"], "binding": binding["guid"]}
        for binding in bound
        for service in [space.services[binding["service"]]]
    ]
    app["state"], app["since"] = "started", world.now
    log(world, app, "CELL/0", "OUT", "Starting health monitoring of container")
    names = {entry["name"] for entry in app["vcap"]}
    for variable, usual in app["looks_up"].items():
        wanted = app["env"].get(variable, usual)
        if wanted not in names:
            die(world, app, wanted)
            return False
    app["process"] = "running"
    log(world, app, "CELL/0", "OUT", "Container became healthy")
    return True


def die(world: World, app: Facts, wanted: str) -> None:
    """Let an app's process end because a service is not found by its name."""
    app["process"] = "crashed"
    lines = [
        "Traceback (most recent call last):",
        f"RuntimeError: Unable to find service with name {wanted} in VCAP_SERVICES",
    ]
    for line in lines:
        log(world, app, "APP/PROC/WEB/0", "ERR", line)
    log(world, app, "API/0", "OUT", f"App instance exited with guid {app['guid']} payload: exit_status 1, CRASHED")


def log(world: World, app: Facts, source: str, stream: str, text: str) -> None:
    """Add a line to an app's log, which keeps the newest ones."""
    app["logs"] = [*app["logs"], [world.now, source, stream, text]][-KEPT_LOG_LINES:]


def healthy(space: Space, app: Facts) -> str:
    """Why an app does not work, in a few words; empty when it does: it runs, and what it holds still opens doors."""
    if app["state"] != "started":
        return "is stopped"
    if app["process"] != "running":
        return "has crashed"
    for entry in app["vcap"]:
        service = space.services.get(entry["service"])
        if service is None or entry["binding"] not in space.bindings:
            return f"holds dead credentials of {entry['name']}"
    return ""
