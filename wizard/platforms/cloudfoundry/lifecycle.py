"""What happens to apps: bound, started with their services frozen into them, dead when a name is missing."""

from wizard.platforms.cloudfoundry import routes
from wizard.platforms.cloudfoundry.things import App, AppEvent, Binding, Held, LogLine, Service
from wizard.platforms.cloudfoundry.world import CloudWorld, Space, progress


KEPT_LOG_LINES = 200
KEPT_EVENTS = 50


def bind(world: CloudWorld, space: Space, app: App, service: Service) -> Binding:
    """Bind an app to a service instance, by guid; the process that runs does not notice."""
    binding = Binding(world.guid(), app.guid, service.guid, "", world.now)
    space.bindings[binding.guid] = binding
    return binding


def start(world: CloudWorld, space: Space, app: App) -> bool:
    """Start or restart an app: what it is bound to is frozen into the process, and names are looked up in it.

    Returns:
        Whether it came up. It dies where a service that it looks for by name is not among its services, and is held
        for sick where that service is there and does not answer: its health check asks the service.
    """
    bound = [binding for binding in space.bindings.values() if binding.app == app.guid]
    app.vcap = [
        Held(binding.name or service.name, service.guid, binding.guid)
        for binding in bound
        for service in [space.services[binding.service]]
    ]
    app.state, app.since = "started", world.now
    log(world, app, "CELL/0", "OUT", "Starting health monitoring of container")
    names = {entry.name for entry in app.vcap}
    for variable, usual in app.looks_up.items():
        wanted = app.env.get(variable, usual)
        if wanted not in names:
            die(world, app, wanted)
            return False
    for entry in searched(app):
        service = space.services[entry.service]
        if service.last.type == "create" and progress(service, world.now) != "succeeded":
            fall_sick(world, app, f"Error connecting to {service.offering}")
            return False
    app.process = "running"
    for line in world.said_at_start(app):
        log(world, app, "APP/PROC/WEB/0", "OUT", line)
    log(world, app, "CELL/0", "OUT", "Container became healthy")
    return True


def searched(app: App) -> list[Held]:
    """What a process holds of the services it looks for by name: its frozen entries, not what is bound by now."""
    wanted = {app.env.get(variable, usual) for variable, usual in app.looks_up.items()}
    return [entry for entry in app.vcap if entry.name in wanted]


def die(world: CloudWorld, app: App, wanted: str) -> None:
    """Let an app's process end because a service is not found by its name."""
    app.process = "crashed"
    lines = [
        "Traceback (most recent call last):",
        f"RuntimeError: Unable to find service with name {wanted} in VCAP_SERVICES",
    ]
    for line in lines:
        log(world, app, "APP/PROC/WEB/0", "ERR", line)
    _crashed(world, app, "exit_status 1, CRASHED")


def fall_sick(world: CloudWorld, app: App, said: str) -> None:
    """Let the platform end an app's process because its health check got no good answer."""
    app.process = "crashed"
    log(world, app, "APP/PROC/WEB/0", "ERR", said)
    log(world, app, "HEALTH/0", "ERR", f"Failed to make HTTP request to '{app.health.endpoint}' on port 8080: 500")
    log(world, app, "CELL/0", "ERR", "Timed out after 1m0s: health check never passed.")
    _crashed(world, app, "exit_status 4, CRASHED")


def _crashed(world: CloudWorld, app: App, how: str) -> None:
    log(world, app, "API/0", "OUT", f"App instance exited with guid {app.guid} payload: {how}")
    event(world, app, "app.crash", f"index: 0, reason: CRASHED, exit_description: {how.partition(',')[0]}", by="web")


def stop(world: CloudWorld, app: App) -> None:
    """Stop an app: no process is left, and nothing frozen in it."""
    app.state, app.process, app.vcap, app.since = "stopped", "down", [], world.now
    log(world, app, "API/0", "OUT", "Stopping app")


def remove(space: Space, app: App) -> None:
    """Take an app away; that frees its bindings and leaves its routes without it."""
    for guid in [guid for guid, binding in space.bindings.items() if binding.app == app.guid]:
        del space.bindings[guid]
    for route in routes.of_app(space, app):
        routes.detach(route, app)
    del space.apps[app.guid]


def log(world: CloudWorld, app: App, source: str, stream: str, text: str) -> None:
    """Add a line to an app's log, which keeps the newest ones."""
    app.logged += 1
    app.logs = [*app.logs, LogLine(world.now, source, stream, text, app.logged)][-KEPT_LOG_LINES:]


def event(world: CloudWorld, app: App, kind: str, about: str = "", *, by: str = "") -> None:
    """Add a line to an app's events; `by` is who did it, the user of the CLI unless said."""
    line = AppEvent(world.now, kind, by or world.target.user, about)
    app.events = [*app.events, line][-KEPT_EVENTS:]


def healthy(space: Space, app: App) -> str:
    """Why an app does not work, in a few words; empty when it does: it runs, and what it holds still opens doors."""
    if app.state != "started":
        return "is stopped"
    if app.process != "running":
        return "has crashed"
    for entry in app.vcap:
        service = space.services.get(entry.service)
        if service is None or entry.binding not in space.bindings:
            return f"holds dead credentials of {entry.name}"
    return ""
