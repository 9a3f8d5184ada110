"""`cf apps`, `cf app` and `cf env`: what runs, and with what."""

import json
import time

from wizard.platforms.cloudfoundry import routes, secrets
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import App
from wizard.platforms.sdk import seeded_random


def apps(call: Call, given: Given) -> None:
    """List the apps of the targeted space."""
    del given
    common.preflight(call)
    common.intro(call, "Getting apps")
    call.out()
    space = call.world.space
    found = space.apps.values()
    if not found:
        call.out("No apps found")
        return
    table = [["name", "requested state", "processes", "routes"]]
    table += [
        [one.name, one.state, f"web:{_running(one)}/{one.instances}", ", ".join(routes.addresses(space, one))]
        for one in sorted(found, key=lambda app: str(app.name))
    ]
    common.table(call, table)


def app(call: Call, given: Given) -> None:
    """Show one app; with --guid its bare guid."""
    common.preflight(call)
    name = given.words[0]
    if given.has("guid"):
        common.request(call)
        call.out(common.find_app(call, name).guid)
        return
    common.intro(call, f"Showing health and status for app {name}")
    found = common.find_app(call, name)
    call.out()
    summary(call, found)


def summary(call: Call, found: App) -> None:
    """The block that `app`, `restart`, `restage` and `push` end with."""
    known = routes.addresses(call.world.space, found)
    uploaded = time.strftime("%a %d %b %H:%M:%S UTC %Y", time.gmtime(found.uploaded))
    common.table(
        call,
        [
            *(["name:", found.name], ["requested state:", found.state], ["routes:", ", ".join(known)]),
            *(["last uploaded:", uploaded], ["stack:", ""], ["docker image:", found.image]),
        ],
    )
    call.out()
    usage = [["memory usage:", found.memory]]
    common.table(
        call, [["type:", "web"], ["sidecars:", ""], ["instances:", f"{_running(found)}/{found.instances}"], *usage]
    )
    if found.state == "started":
        _instances(call, found)
    else:
        call.out("There are no running instances of this process.")


def env(call: Call, given: Given) -> None:
    """Show an app's environment: the bindings as they are now, not what the running process holds."""
    common.preflight(call)
    name = given.words[0]
    common.intro(call, f"Getting env variables for app {name}")
    found = common.find_app(call, name)
    call.out()
    call.out("System-Provided:")
    call.out("VCAP_SERVICES: " + json.dumps(secrets.vcap_services(call.world, call.world.space, found), indent=1))
    call.out()
    call.out()
    if found.env:
        call.out("User-Provided:")
        for key in sorted(found.env):
            call.out(f"{key}: {found.env[key]}")
    else:
        call.out("No user-provided env variables have been set")
    call.out()
    call.out("No running env variables have been set")
    call.out()
    call.out("No staging env variables have been set")


def _running(found: App) -> int:
    return int(found.instances) if found.state == "started" and found.process == "running" else 0


def _instances(call: Call, found: App) -> None:
    eight = call.world.cli.major >= 8
    extra = ["logging", "cpu entitlement"] if eight else []
    table = [["", "state", "since", "cpu", "memory", "disk", *extra, "details"]]
    for number in range(int(found.instances)):
        chance = seeded_random.of_text(f"{found.guid} {number}")
        alive = found.process == "running"
        cpu = f"{chance % 9 / 10 + 0.1:.1f}%" if alive else "0.0%"
        memory = f"{chance // 11 % 60 + 70}M" if alive else "0"
        disk = f"{chance // 7 % 90 + 250}M" if alive else "0"
        more = ["0B/s of 16K/s" if alive else "0B/s of 0B/s", ""] if eight else []
        sizes = [f"{memory} of {found.memory}", f"{disk} of {found.disk}"]
        since = call.world.moment(found.since)
        table.append([f"#{number}", found.process, since, cpu, *sizes, *more, ""])
    common.table(call, table)
