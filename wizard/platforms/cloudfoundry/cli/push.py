"""`cf push` of a docker image: a manifest, services and routes, then the start that may not succeed."""

from dataclasses import replace

from wizard.platforms.cloudfoundry import apps as app_rules
from wizard.platforms.cloudfoundry import faults, lifecycle, routes
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import apps, common, manifest, restart, usage
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import App, Service
from wizard.platforms.cloudfoundry.world import progress
from wizard.platforms.sdk import drills, seeded_random
from wizard.platforms.sdk.invocation import Steps
from wizard.platforms.sdk.world import Json


_WORDS = ("brave", "calm", "eager", "lucky", "quiet", "shiny"), ("bear", "crane", "fox", "hare", "otter", "wren")


def push(call: Call, given: Given) -> Steps:
    """Bring apps into the space as a manifest and the command line say, and start them unless --no-start."""
    rolling = given.get("strategy")
    if rolling not in {"", "rolling", *(["canary"] if call.world.cli.major >= 8 else [])}:
        usage.wrong(call, f"Invalid value `{rolling}' for option `--strategy'. Allowed value is: rolling")
    path = manifest.path_of(call, given)
    common.preflight(call)
    wanted = manifest.asked(call, given, path)
    for one in wanted:
        yield from _password(call, one)
    if not all(one.get("docker", {}).get("image") or call.world.space.app(one["name"]) for one in wanted):
        common.fail(call, "The pretend platform of this rehearsal only has images of docker: say -o IMAGE.")
    for one in wanted:
        target = call.world.target
        where = f"org {target.org} / space {target.space} as {target.user}"
        call.out(f"Pushing app {one['name']} to {where}...")
    common.request(call)
    if path:
        call.out(f"Applying manifest file {path}...")
    _show_difference(call, given, wanted)
    pushed = [(_apply(call, given, one), one) for one in wanted]
    if path:
        call.out("Manifest applied")
    call.out()
    for (app, before), _ in pushed:
        _start(call, given, app, before)


def _password(call: Call, one: Json) -> Steps:
    """Ask for the password of a private registry where the environment has none."""
    if "username" not in one.get("docker", {}) or call.environment.get("CF_DOCKER_PASSWORD"):
        return
    call.out("Environment variable CF_DOCKER_PASSWORD not set.")
    if not (yield from call.ask("Docker password: ")):
        common.fail(call, "Docker password is required.")


def _show_difference(call: Call, given: Given, wanted: list[Json]) -> None:
    call.out()
    call.out("Updating with these attributes...")
    for one in wanted:
        space = call.world.space
        redact = given.has("redact-env")
        for line in manifest.difference(space, space.app(one["name"]), one, redact=redact):
            call.out(line)


def _apply(call: Call, given: Given, one: Json) -> tuple[App, App]:
    """Bring one app to what its manifest says; what it was before is given back with it."""
    world, space = call.world, call.world.space
    app = space.app(one["name"])
    instances, memory, disk = manifest.sizes(call, one, app)
    bound = _services(call, one)
    places = _places(call, one, app, given)
    image = one.get("docker", {}).get("image", app.image if app else "")
    started = not given.has("no-start")
    if app is None:
        app = app_rules.make(world, space, one["name"], image)
        lifecycle.event(world, app, "audit.app.create", f"instances: {instances}, memory: {memory}")
    if started or app.state == "started":
        restart.within_quota(call, app, instances, memory)
    before = replace(app)
    app.image, app.uploaded = image, world.now
    app.instances, app.memory, app.disk = instances, app_rules.size(memory), disk
    app.looks_up = app_rules.looked_up(world, image)
    app.env = {**app.env, **{key: str(value) for key, value in (one.get("env") or {}).items()}}
    app.staged = False
    lifecycle.event(world, app, "audit.app.apply_manifest")
    for service, name in bound:
        if space.binding(app, service) is None:
            lifecycle.bind(world, space, app, service).name = name
    for host, domain, path in places:
        found = routes.find(world, host, domain, path)
        routes.attach(world, found[1] if found else routes.create(world, space, host, domain, path), app)
    if manifest.flag(one, "no-route"):
        for route in routes.of_app(space, app):
            routes.detach(route, app)
    return app, before


def _services(call: Call, one: Json) -> list[tuple[Service, str]]:
    found: list[tuple[Service, str]] = []
    for name, binding_name in manifest.services(one):
        service = call.world.space.service(name)
        if service is None:
            common.fail(call, f"For application '{one['name']}': Service instance '{name}' not found")
        if progress(service, call.world.now) == "in progress":
            common.fail(call, f"An operation for service instance {name} is in progress.")
        found.append((service, binding_name))
    return found


def _places(call: Call, one: Json, app: App | None, given: Given) -> list[tuple[str, str, str]]:
    """The hosts, domains and paths that are to lead to the app."""
    del given
    if manifest.flag(one, "no-route"):
        return []
    world = call.world
    texts = manifest.addresses(one)
    if not texts and (app is None or not routes.of_app(world.space, app)):
        host = one["name"].lower()
        if manifest.flag(one, "random-route"):
            chance = seeded_random.of_text(f"{world.seed} {host}")
            adjective, animal = _WORDS[0][chance % 6], _WORDS[1][chance // 6 % 6]
            host = f"{host}-{adjective}-{animal}-{chance % 26**2:02x}"
        texts = [f"{host}.{world.domains[0]}"]
    places: list[tuple[str, str, str]] = []
    for text in texts:
        parts = routes.split(world, text)
        if parts is None:
            common.fail(
                call, f"For application '{one['name']}': The route '{text}' did not match any existing domains."
            )
        found = routes.find(world, *parts)
        if found is not None and found[0].name != world.space.name:
            common.fail(
                call, f"For application '{one['name']}': Routes cannot be mapped to destinations in different spaces."
            )
        places.append(parts)
    return places


def _start(call: Call, given: Given, app: App, before: App) -> None:
    if given.has("no-start"):
        if app.state == "started":
            lifecycle.stop(call.world, app)
        apps.summary(call, app)
        return
    spoiled = drills.take(call.world, faults.PushFails, app=app.name)
    how = "" if spoiled is None else spoiled.how
    _stage(call, app, spoiled=how == "staging")
    rolling = given.has("strategy") and before.process == "running"
    restart.bring_up(call, app, rolling=rolling, spoiled=how, before=before)


def _stage(call: Call, app: App, *, spoiled: bool) -> None:
    """Fetch the image; one that the registry does not have cannot be staged."""
    image = app.image
    known = app_rules.kind(image) in call.world.kinds and ":" in image and "/" in image
    if known and not spoiled:
        restart.stage(call, app)
        return
    call.out("Staging app and tracing logs...")
    call.out("   Staging process started ...")
    call.out("   Failed getting docker image manifest by tag: manifest unknown")
    lifecycle.log(call.world, app, "STG/0", "ERR", "Failed to talk to docker registry: manifest unknown")
    app.process = "down"
    common.fail(call, "StagingError - Staging error: staging failed")
