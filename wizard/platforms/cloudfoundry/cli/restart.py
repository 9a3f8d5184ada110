"""`cf start`, `stop`, `restart`, `restage`, `scale`: when an app sees its new services, or does not find them."""

from dataclasses import replace

from wizard.platforms.cloudfoundry import apps as app_rules
from wizard.platforms.cloudfoundry import lifecycle
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import apps, common, usage
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import App
from wizard.platforms.sdk.invocation import Steps


_STOP_SECONDS, _START_SECONDS, _STAGE_SECONDS = 8, 25, 20
_TIMEOUT_SECONDS = 300
_PORT_TIP = (
    "TIP: Application must be listening on the right port. Instead of hard coding the port, use the $PORT environment "
    "variable."
)


def start(call: Call, given: Given) -> None:
    """Start an app; one that is started already is said and ends with 0."""
    common.preflight(call)
    name = given.words[0]
    common.request(call)
    found = common.find_app(call, name)
    if found.state == "started":
        call.err(f"App '{name}' is already started.")
        call.out("OK")
        return
    common.intro(call, f"Starting app {name}")
    call.out()
    lifecycle.event(call.world, found, "audit.app.start")
    if not found.staged:
        stage(call, found)
    bring_up(call, found)


def stop(call: Call, given: Given) -> None:
    """Stop an app; one that is stopped already is said and ends with 0."""
    common.preflight(call)
    name = given.words[0]
    common.request(call)
    found = common.find_app(call, name)
    if found.state == "stopped":
        call.err(f"App '{name}' is already stopped.")
        call.out("OK")
        return
    common.intro(call, f"Stopping app {name}")
    call.spend(_STOP_SECONDS)
    lifecycle.stop(call.world, found)
    lifecycle.event(call.world, found, "audit.app.stop")
    call.out("OK")


def restart(call: Call, given: Given) -> None:
    """Stop an app and start it again."""
    common.preflight(call)
    name = given.words[0]
    rolling = _rolling(call, given)
    common.intro(call, f"Restarting app {name}")
    found = common.find_app(call, name)
    call.out()
    if not rolling and found.state == "started":
        call.out("Stopping app...")
        call.spend(_STOP_SECONDS)
        call.out()
    lifecycle.event(call.world, found, "audit.app.restart")
    bring_up(call, found, rolling=rolling)


def restage(call: Call, given: Given) -> None:
    """Stage an app anew and start it."""
    common.preflight(call)
    name = given.words[0]
    rolling = _rolling(call, given)
    if not rolling:
        call.err("This action will cause app downtime.")
    call.out()
    common.intro(call, f"Restaging app {name}")
    call.out()
    found = common.find_app(call, name)
    lifecycle.event(call.world, found, "audit.app.restage")
    stage(call, found)
    bring_up(call, found, rolling=rolling)


def scale(call: Call, given: Given) -> Steps:
    """Show or change how many instances an app has and how large they are; another size needs a restart."""
    common.preflight(call)
    name = given.words[0]
    sizes = {key: app_rules.megabytes(given.get(letter)) for key, letter in (("memory", "m"), ("disk", "k"))}
    for key, letter in (("memory", "m"), ("disk", "k")):
        if given.has(letter) and sizes[key] is None:
            usage.wrong(call, f"invalid argument for flag `-{letter}' (expected a size such as 512M or 2G)")
    if given.has("i") and not given.get("i").isdecimal():
        usage.wrong(call, "invalid argument for flag `-i' (expected int > 0)")
    changed = any(given.has(letter) for letter in "imk")
    common.intro(call, f"{'Scaling' if changed else 'Showing current scale of'} app {name}")
    found = common.find_app(call, name)
    call.out()
    resized = given.has("m") or given.has("k")
    prompt = f"This will cause the app to restart. Are you sure you want to scale {name}? [yN]: "
    if resized and not given.has("f"):
        if not (yield from common.yes_or_no(call, prompt)):
            call.out("Scaling cancelled")
            return
        found = common.find_app(call, name)
    instances = int(given.get("i") or found.instances)
    memory = sizes["memory"] or app_rules.megabytes(found.memory) or 0
    within_quota(call, found, instances, memory)
    found.instances, found.memory = instances, app_rules.size(memory)
    if sizes["disk"]:
        found.disk = app_rules.size(sizes["disk"])
    if resized and found.state == "started":
        bring_up(call, found)
    else:
        apps.summary(call, found)


def within_quota(call: Call, found: App, instances: int, memory: int) -> None:
    """End the call where an app would not fit into the organisation's memory."""
    most = app_rules.megabytes(call.world.quota.memory) or 0
    if app_rules.memory_used(call.world, but=found) + instances * memory > most:
        common.fail(call, "You have exceeded the memory limit for your organization's quota.")


def stage(call: Call, found: App) -> None:
    """Stage an app: for an image of docker that is to fetch its description."""
    call.out("Staging app and tracing logs...")
    call.spend(_STAGE_SECONDS)
    call.out("   Staging process started ...")
    call.out("   Staging process finished")
    call.out()
    found.staged = True
    lifecycle.log(call.world, found, "STG/0", "OUT", "Staging process finished")


def bring_up(call: Call, found: App, *, rolling: bool = False, spoiled: str = "", before: App | None = None) -> None:
    """Start an app and show it, or end the call as a start that did not succeed.

    Args:
        call: The call.
        found: The app.
        rolling: The old instances serve until the new ones do, and go on when those fail.
        spoiled: What a drill makes of it: `timeout`, `health`, or nothing.
        before: The app before a push changed it, where that is rolling.
    """
    name = found.name
    old = before or replace(found)
    if rolling:
        call.out(f"Starting deployment for app {name}...")
        call.out()
        call.out("Waiting for app to deploy...")
    else:
        call.out(f"Waiting for app {name} to start...")
    call.out()
    call.out("Instances deploying..." if rolling else "Instances starting...")
    call.spend(_TIMEOUT_SECONDS if spoiled == "timeout" else _START_SECONDS)
    up = lifecycle.start(call.world, call.world.space, found)
    if spoiled and up:
        up = False
        lifecycle.fall_sick(call.world, found, "Failed to answer in time" if spoiled == "timeout" else "Internal error")
    if not up:
        if rolling and old.process == "running":
            _go_on(found, old)
        tip = f"TIP: use 'cf logs {name} --recent' for more information"
        sentence = f"Start app timeout\n\n{_PORT_TIP}" if spoiled == "timeout" else f"Start unsuccessful\n\n{tip}"
        common.fail(call, sentence)
    call.out()
    apps.summary(call, found)


def _go_on(found: App, old: App) -> None:
    """Let the old instances serve as they did."""
    found.vcap, found.state, found.process, found.since = old.vcap, old.state, old.process, old.since
    found.image, found.looks_up = old.image, old.looks_up


def _rolling(call: Call, given: Given) -> bool:
    strategy = given.get("strategy")
    if strategy not in {"", "rolling", *(["canary"] if call.world.cli.major >= 8 else [])}:
        usage.wrong(call, f"Invalid value `{strategy}' for option `--strategy'. Allowed value is: rolling")
    return strategy != ""
