"""From an estate's file to its world: who is bound to what, on the day the rehearsal begins."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from wizard.errors import UsageProblem
from wizard.platforms.cloudfoundry import apps, indices, lifecycle, routes
from wizard.platforms.cloudfoundry.estate import AppEntry, CloudEstate, OfferingEntry, ServiceEntry
from wizard.platforms.cloudfoundry.things import (
    App,
    ImageKind,
    LastOperation,
    Manifest,
    Offering,
    Plan,
    SearchIndex,
    Service,
    Target,
)
from wizard.platforms.cloudfoundry.world import CloudWorld, Space
from wizard.platforms.sdk import seeded_random


W = TypeVar("W", bound=CloudWorld)

_DAY = 86_400
_VISITS, _SCRAPES = 7, 30
"""Seconds between two requests of the public to a route, and of the monitoring to its metrics."""


def build(kind: type[W], name: str, estates: Mapping[str, CloudEstate], *, stage: str, seed: int) -> W:
    """The world of an estate on a good day.

    Args:
        kind: The platform's own world.
        name: The estate's name.
        estates: What its file says, by its stages.
        stage: The space that the pretend CLI is pointed at; empty: the first.
        seed: Decides guids and durations.

    Raises:
        UsageProblem: It has no such stage.
    """
    if stage and stage not in estates:
        raise UsageProblem(f"The world {name} has no stage {stage}.", f"Stages: {', '.join(estates)}.")
    stage = stage or next(iter(estates))
    estate = estates[stage]
    starts = int(datetime.fromisoformat(estate.starts).timestamp())
    world = kind(
        world=name,
        stage=stage,
        seed=seed,
        now=starts,
        began=starts,
        cli=estate.cli,
        target=Target(estate.api.api, estate.api.version, estate.api.user, estate.org, stage),
        org=estate.org,
        org_guid=_guid(estate.org, seed),
        quota=estate.quota,
        offerings={key: _offering(one) for key, one in estate.offerings.items()},
        domains=_domains(estates),
        kinds={app.name: ImageKind(app.looks_up, app.software) for app in estate.apps},
        spaces={space: Space(guid=_guid(space, seed)) for space in estates},
    )
    for space, at in zip(world.spaces.values(), estates.values(), strict=True):
        _fill(world, space, at)
    return world.copy()  # so that it shares nothing with the file, which others may build on too


def _domains(estates: Mapping[str, CloudEstate]) -> list[str]:
    """Each domain of the file with the stages' names in it, once."""
    by_stage = (one.domains for one in estates.values())
    return list(dict.fromkeys(domain for of_each in zip(*by_stage, strict=True) for domain in of_each))


def _guid(name: str, seed: int) -> str:
    return seeded_random.guid(seeded_random.of_text(name), seed)


def _offering(given: OfferingEntry) -> Offering:
    plans = {
        name: Plan(about, free=cost == "free", costs="" if cost == "free" else cost)
        for name, (about, cost) in given.plans.items()
    }
    return Offering(
        broker=given.broker,
        description=given.description,
        documentation=given.documentation,
        tags=given.tags,
        takes=given.takes,
        plans=plans,
        updates=given.updates,
        message=given.message,
    )


def _fill(world: CloudWorld, space: Space, estate: CloudEstate) -> None:
    for entry in estate.services:
        service = _service(world, entry, estate)
        space.services[service.guid] = service
    for given in estate.apps:
        manifest = Manifest(given.routes, given.services, given.env, given.instances, given.memory)
        space.manifests[given.name] = manifest
        app = _app(world, space, given, estate)
        for wanted in manifest.services:
            bound = space.service(wanted)
            if bound is None:
                raise UsageProblem(f"The app {given.name} of this world is bound to {wanted}, which is not there.")
            lifecycle.bind(world, space, app, bound).created = app.uploaded
        for text in manifest.routes:
            _route(world, space, app, text, estate)
        lifecycle.start(world, space, app)
        app.since, app.logs, app.logged = app.uploaded + 36, [], 0
        lifecycle.log(world, app, "APP/PROC/WEB/0", "OUT", "Listening on port 8080")


def _route(world: CloudWorld, space: Space, app: App, text: str, estate: CloudEstate) -> None:
    """A route of the estate, which the public knows; metrics are behind the list of allowed addresses."""
    parts = routes.split(world, text)
    if parts is None:
        raise UsageProblem(f"The route {text} of this world is on none of its domains.")
    metrics = parts[2].endswith("/_metrics")
    route = routes.create(world, space, *parts, visits=_SCRAPES if metrics else _VISITS)
    route.created = app.uploaded
    route.apps[app.guid] = app.uploaded
    guard = space.service(estate.guard)
    route.service = guard.guid if metrics and guard is not None else ""


def _service(world: CloudWorld, given: ServiceEntry, estate: CloudEstate) -> Service:
    born = world.now - world.between(90, 700) * _DAY - world.between(0, _DAY)
    service = Service(
        guid=world.guid(),
        name=given.name,
        offering=given.offering,
        plan=given.plan,
        broker=estate.offerings[given.offering].broker if given.offering else "",
        params=given.params,
        last=LastOperation("create", born, 400),
    )
    for name, (mapping, alias, framework, documents) in given.indices.items():
        laid_out = estate.mappings[mapping]
        indices.add(service, name, SearchIndex(mapping, *laid_out, aliases=[alias]))
        indices.fill(service, name, framework, documents)
    return service


def _app(world: CloudWorld, space: Space, given: AppEntry, estate: CloudEstate) -> App:
    uploaded = world.now - world.between(1, 20) * _DAY - world.between(0, _DAY)
    app = apps.make(world, space, given.name, f"{estate.images}/{given.name}:release-{given.release}")
    app.env, app.instances, app.memory = dict(given.env), given.instances, given.memory
    app.staged, app.uploaded, app.since = True, uploaded, uploaded
    return app
