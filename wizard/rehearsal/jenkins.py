"""The pretend Jenkins: jobs that a person starts by hand, played on the world with the words of their console."""

from __future__ import annotations

from wizard.rehearsal import lifecycle
from wizard.rehearsal.world import progress


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from wizard.rehearsal.answer import Call
    from wizard.rehearsal.world import Facts, Space

_WRONG_USAGE = 2
_MAKE_SECONDS = 20
_RELEASE_SECONDS = (150, 210)
_SMOULDER_SECONDS = 240
_NOT_ASKED = ("router",)


def run(call: Call) -> None:
    """Carry out `jenkins JOB NAME=VALUE...`; the exit code is 0 for SUCCESS, 1 for FAILURE, 2 for a wrong call."""
    job = call.words[0] if call.words else ""
    if job not in JOBS:
        call.err(f"There is no job '{job}'. Jobs: {', '.join(JOBS)}.")
        call.end(_WRONG_USAGE)
    given = dict(word.partition("=")[::2] for word in call.words[1:])
    stage = given.get("STAGE", "")
    if stage not in call.world.facts["spaces"]:
        stages = ", ".join(call.world.facts["spaces"])
        call.err(f"The job needs STAGE, one of {stages}.")
        call.end(_WRONG_USAGE)
    call.out("Started by user " + str(call.world.target["user"]))
    call.out(f"Running {job} on {stage}")
    succeeded = JOBS[job](call, call.world.space_named(stage))
    call.out(f"Finished: {'SUCCESS' if succeeded else 'FAILURE'}")
    call.end(0 if succeeded else 1)


def _rerelease_all_apps(call: Call, space: Space) -> bool:
    """Release every app anew with the image it has, all at once; each takes a while of its own."""
    apps = sorted(space.apps.values(), key=lambda app: str(app["name"]))
    call.out("[Update credentials] SUCCESS")
    call.spend(_MAKE_SECONDS)
    finishes = sorted((call.world.between(*_RELEASE_SECONDS), app["name"]) for app in apps)
    for app in apps:
        call.out(f"[{app['name']}] release-app-paas APPLICATION_NAME={app['name']} STAGE={space.name}")
    elapsed = 0
    failed: list[str] = []
    for seconds, name in finishes:
        call.spend(seconds - elapsed)
        elapsed = seconds
        app = next(app for app in apps if app["name"] == name)
        problem = _release(call, space, app)
        call.out(f"[{name}] {problem or 'released ' + app['image'].rpartition(':')[2]}")
        call.out(f"[{name}] {'FAILURE' if problem else 'SUCCESS'}")
        failed += [name] if problem else []
    if failed:
        call.out(f"Failed: {', '.join(failed)}")
    return not failed


def _release(call: Call, space: Space, app: Facts) -> str:
    """Put a new app in an app's place, bound to the services that bear the manifest's names now.

    Returns:
        What went wrong; the old app then still serves. Empty when the new one serves.
    """
    services: list[Facts] = []
    for wanted in app["services"]:
        service = space.service(wanted)
        if service is None:
            return f"For application '{app['name']}-release': Service instance '{wanted}' not found"
        if progress(service, call.world.now) == "in progress":
            return f"An operation for service instance {wanted} is in progress."
        services.append(service)
    new = {**app, "guid": call.world.guid(), "uploaded": call.world.now, "logs": [], "vcap": []}
    space.apps[new["guid"]] = new
    for service in services:
        lifecycle.bind(call.world, space, new, service)
    if not lifecycle.start(call.world, space, new):
        remove(space, new)
        return "Start unsuccessful"
    remove(space, app)
    return ""


def remove(space: Space, app: Facts) -> None:
    """Take an app away; that frees its bindings."""
    for guid in [guid for guid, binding in space.bindings.items() if binding["app"] == app["guid"]]:
        del space.bindings[guid]
    del space.apps[app["guid"]]


def _smoke_tests(call: Call, space: Space) -> bool:
    """Ask each app for its status, as the five-minute job does."""
    call.spend(_MAKE_SECONDS)
    broken = 0
    for app in sorted(space.apps.values(), key=lambda one: str(one["name"])):
        trouble = lifecycle.healthy(space, app)
        if app["name"] not in _NOT_ASKED:
            call.out(f"{app['name']} /_status: {'error: ' + trouble if trouble else 'ok'}")
            release = app["image"].rpartition(":")[2]
            call.out(f"Release version: {release}")
        broken += bool(trouble)
    pages = "homepage, login, catalogue, opportunities, direct award, admin search"
    call.out(f"{pages}: {'failed' if broken else 'passed'}")
    return not broken


def _smoulder_tests(call: Call, space: Space) -> bool:
    """The smoke tests and the slower ones behind them."""
    passed = _smoke_tests(call, space)
    call.spend(_SMOULDER_SECONDS)
    pages = "supplier creation, file upload, catalogue, supplier list"
    call.out(f"{pages}: {'passed' if passed else 'failed'}")
    return passed


JOBS: dict[str, Callable[[Call, Space], bool]] = {
    "rerelease-all-apps": _rerelease_all_apps,
    "smoke-tests": _smoke_tests,
    "smoulder-tests": _smoulder_tests,
}
"""The jobs by name; each returns whether it succeeded."""
