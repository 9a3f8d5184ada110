"""The pretend Jenkins: jobs that a person starts by hand, played on the world with the words of their console."""

from collections.abc import Callable

from wizard.platforms.cloudfoundry import apps, lifecycle, routes
from wizard.platforms.cloudfoundry.things import App, Manifest
from wizard.platforms.cloudfoundry.world import Space
from wizard.platforms.digitalmarketplace import faults, nginx, releases, search, web
from wizard.platforms.digitalmarketplace.call import Call
from wizard.platforms.sdk import drills


_WRONG_USAGE = 2
_MAKE_SECONDS = 20
_RELEASE_SECONDS = (150, 210)
_SMOULDER_SECONDS = 240
_INDEX_SECONDS = 400
_BACKUP_SECONDS = (120, 360)
_PLATFORM_TEAM_SECONDS = 1800
_NOT_ASKED = ("router",)
_MODES = ("live", "maintenance", "recovery")


def run(call: Call) -> None:
    """Carry out `jenkins JOB NAME=VALUE...`; the exit code is 0 for SUCCESS, 1 for FAILURE, 2 for a wrong call."""
    job = call.words[0] if call.words else ""
    if job not in JOBS:
        call.err(f"There is no job '{job}'. Jobs: {', '.join(JOBS)}.")
        call.end(_WRONG_USAGE)
    stage = _given(call, "STAGE")
    if stage not in call.world.spaces:
        stages = ", ".join(call.world.spaces)
        call.err(f"The job needs STAGE, one of {stages}.")
        call.end(_WRONG_USAGE)
    call.out("Started by user " + str(call.world.target.user))
    call.out(f"Running {job} on {stage}")
    succeeded = JOBS[job](call, call.world.spaces[stage])
    call.out(f"Finished: {'SUCCESS' if succeeded else 'FAILURE'}")
    call.end(0 if succeeded else 1)


def _given(call: Call, name: str) -> str:
    """What the caller gave a job under a name; empty for nothing."""
    return dict(word.partition("=")[::2] for word in call.words[1:]).get(name, "")


def _rerelease_all_apps(call: Call, space: Space) -> bool:
    """Release every app anew with the image it has, all at once; each takes a while of its own."""
    call.out("[Update credentials] SUCCESS")
    call.spend(_MAKE_SECONDS)
    finishes = sorted((call.world.between(*_RELEASE_SECONDS), name) for name in sorted(space.manifests))
    for name in sorted(space.manifests):
        call.out(f"[{name}] release-app-paas APPLICATION_NAME={name} STAGE={space.name}")
    elapsed = 0
    failed: list[str] = []
    for seconds, name in finishes:
        call.spend(seconds - elapsed)
        elapsed = seconds
        problem = _release(call, space, name)
        call.out(f"[{name}] {problem}")
        succeeded = problem.startswith("released ")
        call.out(f"[{name}] {'SUCCESS' if succeeded else 'FAILURE'}")
        failed += [] if succeeded else [name]
    if failed:
        call.out(f"Failed: {', '.join(failed)}")
    return not failed


def _release(call: Call, space: Space, name: str, tag: str = "") -> str:
    """Release one app.

    Returns:
        `released ` and the release, or what went wrong.
    """
    spoiled = drills.take(call.world, faults.ReleaseFails, app=name)
    if spoiled is not None:
        return spoiled.says
    problem = releases.release(call.world, space, name, tag)
    app = space.app(name)
    return problem or "released " + ("" if app is None else apps.release(app.image))


def _release_app_paas(call: Call, space: Space) -> bool:
    """Release one app: APPLICATION_NAME, and RELEASE_NAME where it is to be another than the one that runs."""
    name = _given(call, "APPLICATION_NAME")
    if name not in space.manifests:
        call.out(f"[{name}] no such application")
        return False
    call.spend(call.world.between(*_RELEASE_SECONDS))
    said = _release(call, space, name, _given(call, "RELEASE_NAME"))
    call.out(f"[{name}] {said}")
    return said.startswith("released ")


def _update_index(call: Call, space: Space, prefix: str) -> bool:
    """Index again what the database holds, through the app that serves, as the nightly job does."""
    call.spend(_INDEX_SECONDS)
    manifest = space.manifests["search-api"]
    service = web.behind(call.world, manifest.routes[0])
    said = [] if service is None else search.refill(call.world, service, space.name, prefix)
    for line in said:
        call.out(f"Indexed {line}")
    return bool(said)


def _reindex_from_remote(call: Call, space: Space) -> bool:
    """What a team's own reindex from the old backend comes to: an index of today for each alias, without the alias."""
    old, new = space.service(_given(call, "FROM")), space.service(_given(call, "TO"))
    if old is None or new is None:
        call.out("no such service")
        return False
    call.spend(_INDEX_SECONDS)
    search.copy(old, new, _given(call, "TODAY"))
    return True


def _build_image(call: Call, space: Space) -> bool:
    """Build and push the image of the next release from the repository's folder, as a merge to main does."""
    del space
    name = _given(call, "APPLICATION_NAME")
    tag = f"digitalmarketplace/{name}:{_given(call, 'RELEASE_NAME')}"
    folder = call.place.path(f"digitalmarketplace-{name}")
    return nginx.build(call, folder, tag) and nginx.release(call, tag) is not None


def _maintenance_mode(call: Call, space: Space) -> bool:
    """Put the router into a mode: MODE in the stage's variables by a pull request, and the router released anew."""
    mode = _given(call, "MODE")
    if mode not in _MODES:
        call.out(f"MODE must be one of {', '.join(_MODES)}, not '{mode}'")
        return False
    call.out(f"Opening a pull request on digitalmarketplace-aws: vars/{space.name}.yml, router: mode: {mode}")
    call.out("1/2 Have you merged the pull request? Proceed")
    call.out("2/2 Have you definitely merged the pull request? Proceed")
    call.spend(_MAKE_SECONDS)
    # A stage that is live says nothing of a mode: so it was before, and so it is again.
    router = space.manifests["router"]
    kept = {key: value for key, value in router.env.items() if key != "DM_MODE"}
    router.env = kept if mode == "live" else {**kept, "DM_MODE": mode}
    call.out(f"[router] release-app-paas APPLICATION_NAME=router STAGE={space.name}")
    call.spend(call.world.between(*_RELEASE_SECONDS))
    said = _release(call, space, "router")
    call.out(f"[router] {said}")
    return said.startswith("released ")


def _ask_platform_team(call: Call, space: Space) -> bool:
    """What the platform's own people do on request: LOGICAL replication of a database, which costs it a restart."""
    name, wanted = _given(call, "SERVICE"), _given(call, "LOGICAL")
    service = space.service(name)
    if service is None or service.offering != "postgres":
        call.out(f"There is no database called '{name}' in {space.name}")
        return False
    if wanted not in {"on", "off"}:
        call.out(f"LOGICAL must be on or off, not '{wanted}'")
        return False
    call.spend(_PLATFORM_TEAM_SECONDS)
    kept = {key: value for key, value in service.params.items() if key != "logical_replication"}
    service.params = kept if wanted == "off" else {**kept, "logical_replication": True}
    call.out(f"Logical replication of {name} is {wanted}; the instance was rebooted")
    return True


def _database_backup(call: Call, space: Space) -> bool:
    """Dump the database that the API uses, encrypt and store it, and see that it can be decrypted."""
    found = [service for wanted in space.manifests["api"].services if (service := space.service(wanted)) is not None]
    database = next((service for service in found if service.offering == "postgres"), None)
    if database is None:
        call.out("[db-backup] For application 'db-backup': no service instance of the database was found")
        return False
    call.spend(call.world.between(*_BACKUP_SECONDS))
    file = f"{space.name}-{call.world.moment().replace(':', '')}.sql.gz.gpg"
    call.out(f"[db-backup] bound to {database.name}")
    call.out("[db-backup] pg_dump --no-acl --no-owner --clean --if-exists | gzip | gpg2 --encrypt")
    call.out(f"[db-backup] uploaded {file}")
    call.out(f"[db-backup] decrypted {file}: ok")
    return True


def _smoke_tests(call: Call, space: Space) -> bool:
    """Ask each app for its status, as the five-minute job does."""
    call.spend(_MAKE_SECONDS)
    broken = 0
    for name, manifest in sorted(space.manifests.items()):
        serving = _serving(call, manifest)
        trouble = next(filter(None, (lifecycle.healthy(space, app) for app in serving)), "") if serving else "no app"
        if name not in _NOT_ASKED:
            call.out(f"{name} /_status: {'error: ' + trouble if trouble else 'ok'}")
            for version in sorted({apps.release(app.image) for app in serving}):
                call.out(f"Release version: {version}")
        broken += bool(trouble)
    pages = "homepage, login, catalogue, opportunities, direct award, admin search"
    call.out(f"{pages}: {'failed' if broken else 'passed'}")
    return not broken


def _serving(call: Call, manifest: Manifest) -> list[App]:
    """The apps behind the first route that a manifest has."""
    parts = routes.split(call.world, manifest.routes[0])
    found = None if parts is None else routes.find(call.world, *parts)
    return [] if found is None else routes.apps_of(*found)


def _smoulder_tests(call: Call, space: Space) -> bool:
    """The smoke tests and the slower ones behind them."""
    passed = _smoke_tests(call, space)
    call.spend(_SMOULDER_SECONDS)
    pages = "supplier creation, file upload, catalogue, supplier list"
    call.out(f"{pages}: {'passed' if passed else 'failed'}")
    return passed


JOBS: dict[str, Callable[[Call, Space], bool]] = {
    "rerelease-all-apps": _rerelease_all_apps,
    "release-app-paas": _release_app_paas,
    "build-image": _build_image,
    "reindex-from-remote": _reindex_from_remote,
    "update-services-index": lambda call, space: _update_index(call, space, "g-cloud"),
    "update-briefs-index": lambda call, space: _update_index(call, space, "digital-outcomes"),
    "maintenance-mode": _maintenance_mode,
    "ask-platform-team": _ask_platform_team,
    "database-backup": _database_backup,
    "smoke-tests": _smoke_tests,
    "smoulder-tests": _smoulder_tests,
}
"""The jobs by name; each returns whether it succeeded."""
