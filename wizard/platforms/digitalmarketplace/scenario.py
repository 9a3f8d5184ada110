"""From an estate's YAML file to the world of a rehearsal: who is bound to what, on the day the rehearsal starts."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import yaml

from wizard.errors import UsageProblem, nearest
from wizard.places import asset
from wizard.platforms.cloudfoundry import apps, lifecycle, routes
from wizard.platforms.cloudfoundry.world import FORMAT, Space, World
from wizard.platforms.digitalmarketplace import drills, search
from wizard.platforms.sdk import seeded_random
from wizard.platforms.sdk.platform import Options


Facts = dict[str, Any]

_DAY = 86_400
_PARTS = ("apps", "services", "bindings", "routes", "keys", "manifests")
_MANIFEST: Facts = {"routes": [], "services": [], "env": {}, "instances": 1, "memory": "512M"}
_VISITS, _SCRAPES = 7, 30
"""Seconds between two requests of the public to a route, and of the monitoring to its metrics."""


def known_worlds() -> list[str]:
    """The names of the estates that there are."""
    return sorted(one.stem for one in asset("worlds").glob("*.yaml"))


def build(name: str, options: Options) -> World:
    """The world of an estate that ships with uplevel.

    Raises:
        UsageProblem: There is no such estate, or it has no such stage or drill.
    """
    loaded = _load(name)
    world = _build(loaded, name, options.stage, options.seed)
    drill = options.drill
    if options.servers:
        lab = {"offerings": list(options.servers), "ports": list(options.ports), "contents": loaded["contents"]}
        world.facts["lab"] = lab
        space = world.space_named(world.facts["stage"])
        for service in space.services.values():
            service.update(world.server(space, service["offering"], original=True))
    if drill:
        found = loaded.get("drills", {})
        if drill not in found:
            raise UsageProblem(f"The world {name} has no drill {drill}.", nearest(drill, found) or _listed(found))
        world.facts["drill"] = drill
        drills.plant(world, _value(found[drill]["plants"], world.facts["stage"]))
    return world


def known_drills(name: str) -> dict[str, str]:
    """The drills of an estate: what happens in each, by name.

    Raises:
        UsageProblem: There is no such estate.
    """
    return {drill: str(given["about"]) for drill, given in _load(name).get("drills", {}).items()}


def _listed(found: Facts) -> str:
    return f"Drills: {', '.join(found)}." if found else "It has none."


def files(world: World) -> dict[str, str]:
    """The files that stand in the folder where commands start, by path: what of the repositories the procedures touch.

    Args:
        world: A world that `build` made; a drill may have changed some of them.

    Raises:
        KeyError: A drill changes a file or a text that is not there.
    """
    given = _load(str(world.facts["world"])).get("files", {})
    found = {path: text.replace("{stage}", world.facts["stage"]) for path, text in given.items()}
    for change in world.facts.get("changed", []):
        if change["old"] not in found[change["path"]]:
            raise KeyError(change["old"])
        found[change["path"]] = found[change["path"]].replace(change["old"], change["new"])
    return found


def _load(name: str) -> Facts:
    path = asset(f"worlds/{name}.yaml")
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise UsageProblem(f"There is no world called {name}.", f"Worlds: {', '.join(known_worlds())}.")
    loaded: Facts = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return loaded


def _build(scenario: Facts, name: str, stage: str, seed: int) -> World:
    spaces: list[str] = scenario["spaces"]
    if stage and stage not in spaces:
        raise UsageProblem(f"The world {name} has no stage {stage}.", f"Stages: {', '.join(spaces)}.")
    stage = stage or spaces[0]
    starts = int(datetime.fromisoformat(scenario["starts"]).timestamp())
    world = World(
        {
            "format": FORMAT,
            "world": name,
            "stage": stage,
            "seed": seed,
            "drawn": 0,
            "now": starts,
            "network": True,
            "cli": scenario["cli"],
            "target": {**scenario["api"], "org": scenario["org"], "space": stage, "token": "good"},
            "org": scenario["org"],
            "org_guid": seeded_random.guid(seeded_random.of_text(scenario["org"]), seed),
            "quota": scenario["quota"],
            "offerings": {key: _offering(one) for key, one in scenario["offerings"].items()},
            "domains": list(
                dict.fromkeys(text.replace("{stage}", space) for text in scenario["domains"] for space in spaces)
            ),
            "kinds": {
                app["name"]: {key: app.get(key, {}) for key in ("looks_up", "software")} for app in scenario["apps"]
            },
            "began": starts,
            "documents": {space: dict(scenario.get("documents", {})) for space in spaces},
            "bases": scenario.get("bases", {}),
            "images": {},
            "drill": "",
            "armed": [],
            "spaces": {space: {part: {} for part in _PARTS} for space in spaces},
        }
    )
    for space in spaces:
        world.facts["spaces"][space]["guid"] = seeded_random.guid(seeded_random.of_text(space), seed)
        _fill(world, world.space_named(space), scenario)
    return world


def _offering(given: Facts) -> Facts:
    plans = {
        plan: {"description": about, "free": cost == "free", "costs": "" if cost == "free" else cost}
        for plan, (about, cost) in given["plans"].items()
    }
    return {**given, "plans": plans}


def _fill(world: World, space: Space, scenario: Facts) -> None:
    for given in _at(scenario["services"], space.name):
        service = _service(world, given, scenario)
        space.services[service["guid"]] = service
    for given in _at(scenario["apps"], space.name):
        manifest: Facts = {key: given.get(key, usual) for key, usual in _MANIFEST.items()}
        space.manifests[given["name"]] = manifest
        app = _app(world, space, given, scenario)
        for wanted in manifest["services"]:
            service_bound = space.service(wanted)
            assert service_bound is not None, wanted  # noqa: S101 - a shipped file, tested
            lifecycle.bind(world, space, app, service_bound)["created"] = app["uploaded"]
        for text in manifest["routes"]:
            _route(world, space, app, text)
        lifecycle.start(world, space, app)
        app["since"], app["logs"], app["logged"] = app["uploaded"] + 36, [], 0
        lifecycle.log(world, app, "APP/PROC/WEB/0", "OUT", "Listening on port 8080")


def _route(world: World, space: Space, app: Facts, text: str) -> None:
    """A route of the estate, which the public knows; metrics are behind the list of allowed addresses."""
    parts = routes.split(world, text)
    assert parts is not None, text  # noqa: S101 - as above
    metrics = parts[2].endswith("/_metrics")
    route = routes.create(world, space, *parts, visits=_SCRAPES if metrics else _VISITS)
    route["created"] = app["uploaded"]
    route["apps"][app["guid"]] = app["uploaded"]
    guard = space.service("re-ip-allowlist-service")
    route["service"] = guard["guid"] if metrics and guard is not None else ""


def _service(world: World, given: Facts, scenario: Facts) -> Facts:
    offering = given.get("offering", "")
    born = world.now - world.between(90, 700) * _DAY - world.between(0, _DAY)
    return {
        "guid": world.guid(),
        "name": given["name"],
        "offering": offering,
        "plan": given.get("plan", ""),
        "broker": scenario["offerings"][offering]["broker"] if offering else "",
        "params": given.get("params", {}),
        "tags": [],
        "indices": {name: _index(*about) for name, about in given.get("indices", {}).items()},
        "restored_from": "",
        "last": {"type": "create", "started": born, "seconds": 400, "outcome": "succeeded", "message": ""},
    }


def _index(mapping: str, alias: str, framework: str, documents: int) -> Facts:
    """An index that was filled before the rehearsal began: its mapping, its alias, and whose documents it holds."""
    holder: Facts = {"indices": {}}
    search.create(holder, alias, mapping)
    search.fill(holder, alias, framework, documents)
    return {**holder["indices"][alias], "aliases": [alias]}


def _app(world: World, space: Space, given: Facts, scenario: Facts) -> Facts:
    uploaded = world.now - world.between(1, 20) * _DAY - world.between(0, _DAY)
    image = f"{scenario['images']}/{given['name']}:release-{given['release']}"
    manifest = space.manifests[given["name"]]
    sizes = {key: manifest[key] for key in ("instances", "memory")}
    dates = {"uploaded": uploaded, "since": uploaded}
    return apps.make(world, space, given["name"], image, env=dict(manifest["env"]), staged=True, **sizes, **dates)


def _at(given: list[Facts], stage: str) -> list[Facts]:
    """The entries as they are at a stage: its own values instead of tables of stages, its name for `{stage}`."""
    return [{key: _value(value, stage) for key, value in entry.items()} for entry in given]


def _value(value: Any, stage: str) -> Any:
    if isinstance(value, dict) and stage in value:
        return _value(value[stage], stage)
    if isinstance(value, dict):
        return {key: _value(one, stage) for key, one in value.items()}
    if isinstance(value, list):
        return [_value(one, stage) for one in value]
    return value.replace("{stage}", stage) if isinstance(value, str) else value
