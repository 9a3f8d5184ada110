"""The pretend Jenkins: jobs that a person starts by hand, played on the world with the words of their console."""

from collections.abc import Callable

from wizard.platforms.cloudfoundry import apps, lifecycle, routes
from wizard.platforms.cloudfoundry.things import App, Manifest
from wizard.platforms.cloudfoundry.world import Space
from wizard.platforms.digitalmarketplace import faults, nginx, releases, search, web
from wizard.platforms.digitalmarketplace.call import Call
from wizard.platforms.digitalmarketplace.estate import LIVE, JobEntry
from wizard.platforms.sdk import drills


_WRONG_USAGE = 2
_MAKE_SECONDS = 20
_RELEASE_SECONDS = (150, 210)
_SMOULDER_SECONDS = 240
_INDEX_SECONDS = 400
_BACKUP_SECONDS = (120, 360)
_PLATFORM_TEAM_SECONDS = 1800


def run(call: Call) -> None:
    """Carry out `jenkins JOB NAME=VALUE...`; the exit code is 0 for SUCCESS, 1 for FAILURE, 2 for a wrong call."""
    jobs, name = call.world.estate.jobs, call.words[0] if call.words else ""
    if name not in jobs:
        call.err(f"There is no job '{name}'. Jobs: {', '.join(jobs)}.")
        call.end(_WRONG_USAGE)
    stage = _given(call, "STAGE")
    if stage not in call.world.spaces:
        stages = ", ".join(call.world.spaces)
        call.err(f"The job needs STAGE, one of {stages}.")
        call.end(_WRONG_USAGE)
    call.out(f"Started by user {call.world.target.user}")
    call.out(f"Running {name} on {stage}")
    succeeded = _DEEDS[jobs[name].does](call, call.world.spaces[stage], jobs[name])
    call.out(f"Finished: {'SUCCESS' if succeeded else 'FAILURE'}")
    call.end(0 if succeeded else 1)


def _given(call: Call, name: str) -> str:
    """What the caller gave a job under a name; empty for nothing."""
    return dict(word.partition("=")[::2] for word in call.words[1:]).get(name, "")


def _rerelease_all_apps(call: Call, space: Space, job: JobEntry) -> bool:
    """Release every app anew with the image it has, all at once; each takes a while of its own."""
    del job
    call.out("[Update credentials] SUCCESS")
    call.spend(_MAKE_SECONDS)
    finishes = sorted((call.world.between(*_RELEASE_SECONDS), name) for name in sorted(space.manifests))
    for name in sorted(space.manifests):
        _say_release(call, space, name)
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


def _release_app_paas(call: Call, space: Space, job: JobEntry) -> bool:
    """Release one app: APPLICATION_NAME, and RELEASE_NAME where it is to be another than the one that runs."""
    del job
    name = _given(call, "APPLICATION_NAME")
    if name not in space.manifests:
        call.out(f"[{name}] no such application")
        return False
    call.spend(call.world.between(*_RELEASE_SECONDS))
    said = _release(call, space, name, _given(call, "RELEASE_NAME"))
    call.out(f"[{name}] {said}")
    return said.startswith("released ")


def _update_index(call: Call, space: Space, job: JobEntry) -> bool:
    """Index again what the database holds, through the app that serves, as the nightly job does."""
    call.spend(_INDEX_SECONDS)
    manifest = space.manifests[call.world.estate.roles.search]
    service = web.behind(call.world, manifest.routes[0])
    said = [] if service is None else search.refill(call.world, service, space.name, job.frameworks)
    for line in said:
        call.out(f"Indexed {line}")
    return bool(said)


def _reindex_from_remote(call: Call, space: Space, job: JobEntry) -> bool:
    """What a team's own reindex from the old backend comes to: an index of today for each alias, without the alias."""
    del job
    old, new = space.service(_given(call, "FROM")), space.service(_given(call, "TO"))
    if old is None or new is None:
        call.out("no such service")
        return False
    call.spend(_INDEX_SECONDS)
    search.copy(call.world, old, new, _given(call, "TODAY"))
    return True


def _build_image(call: Call, space: Space, job: JobEntry) -> bool:
    """Build and push the image of the next release from the repository's folder, as a merge to main does."""
    del space, job
    name = _given(call, "APPLICATION_NAME")
    tag = call.world.estate.image(name, _given(call, "RELEASE_NAME"))
    folder = call.place.path(call.world.estate.repositories.of(name))
    return nginx.build(call, folder, tag) and nginx.release(call, tag) is not None


def _maintenance_mode(call: Call, space: Space, job: JobEntry) -> bool:
    """Put the router into a mode: MODE in the stage's variables by a pull request, and the router released anew."""
    del job
    estate, mode = call.world.estate, _given(call, "MODE")
    name, variable = estate.roles.router, estate.variables.mode
    if mode not in estate.site.modes:
        call.out(f"MODE must be one of {', '.join(estate.site.modes)}, not '{mode}'")
        return False
    where = f"{estate.repositories.manifests}: vars/{space.name}.yml"
    call.out(f"Opening a pull request on {where}, {name}: mode: {mode}")
    call.out("1/2 Have you merged the pull request? Proceed")
    call.out("2/2 Have you definitely merged the pull request? Proceed")
    call.spend(_MAKE_SECONDS)
    # A stage that is live says nothing of a mode: so it was before, and so it is again.
    router = space.manifests[name]
    kept = {key: value for key, value in router.env.items() if key != variable}
    router.env = kept if mode == LIVE else {**kept, variable: mode}
    _say_release(call, space, name)
    call.spend(call.world.between(*_RELEASE_SECONDS))
    said = _release(call, space, name)
    call.out(f"[{name}] {said}")
    return said.startswith("released ")


def _say_release(call: Call, space: Space, name: str) -> None:
    """One job begins another, which releases an app."""
    job = call.world.estate.job_that("release_one")
    call.out(f"[{name}] {job} APPLICATION_NAME={name} STAGE={space.name}")


def _ask_platform_team(call: Call, space: Space, job: JobEntry) -> bool:
    """What the platform's own people do on request: LOGICAL replication of a database, which costs it a restart."""
    del job
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


def _database_backup(call: Call, space: Space, job: JobEntry) -> bool:
    """Dump the database that the API uses, encrypt and store it, and see that it can be decrypted."""
    found = [
        service
        for wanted in space.manifests[call.world.estate.roles.data].services
        if (service := space.service(wanted)) is not None
    ]
    database = next((service for service in found if service.offering == "postgres"), None)
    if database is None:
        call.out(f"[{job.name}] For application '{job.name}': no service instance of the database was found")
        return False
    call.spend(call.world.between(*_BACKUP_SECONDS))
    file = f"{space.name}-{call.world.moment().replace(':', '')}.sql.gz.gpg"
    call.out(f"[{job.name}] bound to {database.name}")
    call.out(f"[{job.name}] pg_dump --no-acl --no-owner --clean --if-exists | gzip | gpg2 --encrypt")
    call.out(f"[{job.name}] uploaded {file}")
    call.out(f"[{job.name}] decrypted {file}: ok")
    return True


def _smoke_tests(call: Call, space: Space, job: JobEntry) -> bool:
    """Ask each app for its status, as the five-minute job does."""
    call.spend(_MAKE_SECONDS)
    broken = 0
    for name, manifest in sorted(space.manifests.items()):
        serving = _serving(call, manifest)
        trouble = next(filter(None, (lifecycle.healthy(space, app) for app in serving)), "") if serving else "no app"
        if name != call.world.estate.roles.router:
            call.out(f"{name} /_status: {'error: ' + trouble if trouble else 'ok'}")
            for version in sorted({apps.release(app.image) for app in serving}):
                call.out(f"Release version: {version}")
        broken += bool(trouble)
    call.out(f"{job.pages}: {'failed' if broken else 'passed'}")
    return not broken


def _serving(call: Call, manifest: Manifest) -> list[App]:
    """The apps behind the first route that a manifest has."""
    parts = routes.split(call.world, manifest.routes[0])
    found = None if parts is None else routes.find(call.world, *parts)
    return [] if found is None else routes.apps_of(*found)


def _smoulder_tests(call: Call, space: Space, job: JobEntry) -> bool:
    """The smoke tests and the slower ones behind them."""
    passed = _smoke_tests(call, space, job)
    call.spend(_SMOULDER_SECONDS)
    call.out(f"{job.slower}: {'passed' if passed else 'failed'}")
    return passed


_DEEDS: dict[str, Callable[[Call, Space, JobEntry], bool]] = {
    "release_all": _rerelease_all_apps,
    "release_one": _release_app_paas,
    "build_image": _build_image,
    "reindex": _reindex_from_remote,
    "refill_indices": _update_index,
    "change_mode": _maintenance_mode,
    "ask_platform_team": _ask_platform_team,
    "back_up": _database_backup,
    "smoke_tests": _smoke_tests,
    "smoulder_tests": _smoulder_tests,
}
"""What jobs do; each returns whether it succeeded."""
