"""From an estate's YAML file to the world of a rehearsal: who is bound to what, on the day the rehearsal starts."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from wizard.errors import UsageProblem
from wizard.places import asset
from wizard.rehearsal import lifecycle
from wizard.rehearsal.world import FORMAT, Space, World


Facts = dict[str, Any]

_DAY = 86_400


def build(name: str, *, stage: str, seed: int) -> World:
    """The world of an estate that ships with uplevel.

    Args:
        name: The estate's name, such as `digitalmarketplace`.
        stage: The space that the pretend CLI is pointed at; empty: the first.
        seed: Decides guids and durations.

    Raises:
        UsageProblem: There is no such estate, or it has no such stage.
    """
    path = asset(f"worlds/{name}.yaml")
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        known = ", ".join(sorted(one.stem for one in asset("worlds").glob("*.yaml")))
        raise UsageProblem(f"There is no world called {name}.", f"Worlds: {known}.")
    return _build(_load(path), name, stage, seed)


def _load(path: Path) -> Facts:
    loaded: Facts = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return loaded


def _build(estate: Facts, name: str, stage: str, seed: int) -> World:
    spaces: list[str] = estate["spaces"]
    if stage and stage not in spaces:
        raise UsageProblem(f"The world {name} has no stage {stage}.", f"Stages: {', '.join(spaces)}.")
    stage = stage or spaces[0]
    starts = int(datetime.fromisoformat(estate["starts"]).timestamp())
    world = World(
        {
            "format": FORMAT,
            "world": name,
            "stage": stage,
            "seed": seed,
            "drawn": 0,
            "now": starts,
            "network": True,
            "cli": estate["cli"],
            "target": {**estate["api"], "org": estate["org"], "space": stage, "token": "good"},
            "org": estate["org"],
            "quota": estate["quota"],
            "offerings": {key: _offering(one) for key, one in estate["offerings"].items()},
            "spaces": {space: {"apps": {}, "services": {}, "bindings": {}} for space in spaces},
        }
    )
    for space in spaces:
        _fill(world, world.space_named(space), estate)
    return world


def _offering(given: Facts) -> Facts:
    plans = {
        plan: {"description": about, "free": cost == "free", "costs": "" if cost == "free" else cost}
        for plan, (about, cost) in given["plans"].items()
    }
    return {**given, "plans": plans}


def _fill(world: World, space: Space, estate: Facts) -> None:
    for given in _at(estate["services"], space.name):
        service = _service(world, given, estate)
        space.services[service["guid"]] = service
    for given in _at(estate["apps"], space.name):
        app = _app(world, given, estate)
        space.apps[app["guid"]] = app
        for wanted in app["services"]:
            service_bound = space.service(wanted)
            assert service_bound is not None, wanted  # noqa: S101 - a shipped file, tested
            lifecycle.bind(world, space, app, service_bound)["created"] = app["uploaded"]
        lifecycle.start(world, space, app)
        app["since"], app["logs"] = app["uploaded"] + 36, []
        lifecycle.log(world, app, "APP/PROC/WEB/0", "OUT", "Listening on port 8080")


def _service(world: World, given: Facts, estate: Facts) -> Facts:
    offering = given.get("offering", "")
    born = world.now - world.between(90, 700) * _DAY - world.between(0, _DAY)
    return {
        "guid": world.guid(),
        "name": given["name"],
        "offering": offering,
        "plan": given.get("plan", ""),
        "broker": estate["offerings"][offering]["broker"] if offering else "",
        "params": given.get("params", {}),
        "tags": [],
        "last": {"type": "create", "started": born, "seconds": 400, "outcome": "succeeded", "message": ""},
    }


def _app(world: World, given: Facts, estate: Facts) -> Facts:
    uploaded = world.now - world.between(1, 20) * _DAY - world.between(0, _DAY)
    return {
        "guid": world.guid(),
        "name": given["name"],
        "image": f"{estate['images']}/{given['name']}:release-{given['release']}",
        "instances": given.get("instances", 1),
        "memory": given.get("memory", "512M"),
        "disk": "2G",
        "routes": given["routes"],
        "services": given["services"],
        "looks_up": given.get("looks_up", {}),
        "env": given.get("env", {}),
        "state": "started",
        "process": "running",
        "uploaded": uploaded,
        "since": uploaded,
        "vcap": [],
        "logs": [],
    }


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
