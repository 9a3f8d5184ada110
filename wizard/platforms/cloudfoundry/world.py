"""The world of a rehearsal: what exists, what time it is there, and what time makes of what was begun."""

from __future__ import annotations

import json
import time

from wizard.platforms.sdk import seeded_random


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Facts = dict[str, Any]

FORMAT = 2


class World:
    """Facts that can be written as JSON, and the few rules that hold for all of them.

    Args:
        facts: The world's facts as `scenario.build` made them or as they stood in the file.
    """

    __slots__ = ("facts",)

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def copy(self) -> World:
        """A world like it, of its own."""
        return World(json.loads(json.dumps(self.facts)))

    @property
    def now(self) -> int:
        """World time in whole seconds since 1970, UTC."""
        return int(self.facts["now"])

    @property
    def target(self) -> Facts:
        """What the CLI is pointed at: api, org, space, user, token."""
        target: Facts = self.facts["target"]
        return target

    @property
    def major(self) -> int:
        """The major version of the pretend CLI, 8 or 7."""
        return int(self.facts["cli"]["major"])

    @property
    def space(self) -> Space:
        """The targeted space; it must exist (see `preflight`)."""
        return self.space_named(self.target["space"])

    def space_named(self, name: str) -> Space:
        """A space of the organisation by its name.

        Raises:
            KeyError: There is none of that name.
        """
        return Space(name, self.facts["spaces"][name])

    def advance(self, seconds: int) -> None:
        """Let world time pass: what was in progress comes to its end."""
        self.facts["now"] = self.now + max(0, seconds)
        for facts in self.facts["spaces"].values():
            _settle(Space("", facts), self.now)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included, drawn by the seed."""
        return low + self._draw() % (high - low + 1)

    def guid(self) -> str:
        """A fresh guid, drawn by the seed."""
        return seeded_random.guid(self._draw(), self._draw())

    def moment(self, at: int | None = None) -> str:
        """A world time (now, unless given) as `2018-10-18T09:13:20Z`."""
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.now if at is None else at))

    def server(self, space: Space, offering: str, *, original: bool = False) -> Facts:
        """What an instance that is made now gets beside its own facts: the port of a real server, where it has one.

        Args:
            space: Where it is made; real servers are those of the stage alone.
            offering: What it is of.
            original: Whether the estate has it from the start, so that it is not empty.
        """
        lab = self.facts.get("lab", {})
        real = offering in lab.get("offerings", ()) and space.name == self.facts["stage"] and lab["ports"]
        return {"server": {"port": lab["ports"].pop(0), "original": original}} if real else {}

    def _draw(self) -> int:
        self.facts["drawn"] = drawn = int(self.facts["drawn"]) + 1
        return seeded_random.number(int(self.facts["seed"]), drawn)


class Space:
    """One space: apps, services, bindings, routes and keys, each found by guid; names may change, guids do not."""

    __slots__ = ("facts", "name")

    def __init__(self, name: str, facts: Facts) -> None:
        self.name = name
        self.facts = facts

    @property
    def apps(self) -> dict[str, Facts]:
        apps: dict[str, Facts] = self.facts["apps"]
        return apps

    @property
    def services(self) -> dict[str, Facts]:
        services: dict[str, Facts] = self.facts["services"]
        return services

    @property
    def bindings(self) -> dict[str, Facts]:
        bindings: dict[str, Facts] = self.facts["bindings"]
        return bindings

    @property
    def routes(self) -> dict[str, Facts]:
        routes: dict[str, Facts] = self.facts["routes"]
        return routes

    @property
    def keys(self) -> dict[str, Facts]:
        keys: dict[str, Facts] = self.facts["keys"]
        return keys

    @property
    def manifests(self) -> dict[str, Facts]:
        """What the pipeline deploys here, by the app's name."""
        manifests: dict[str, Facts] = self.facts["manifests"]
        return manifests

    def app(self, name: str) -> Facts | None:
        """The app of this name, or None."""
        return next((app for app in self.apps.values() if app["name"] == name), None)

    def service(self, name: str) -> Facts | None:
        """The service instance of this name, or None."""
        return next((service for service in self.services.values() if service["name"] == name), None)

    def binding(self, app: Facts, service: Facts) -> Facts | None:
        """The binding of an app to a service instance, or None."""
        pair = (app["guid"], service["guid"])
        return next((b for b in self.bindings.values() if (b["app"], b["service"]) == pair), None)

    def bindings_of(self, service: Facts) -> Iterator[Facts]:
        """The bindings to a service instance."""
        return (binding for binding in self.bindings.values() if binding["service"] == service["guid"])

    def bound_apps(self, service: Facts) -> list[str]:
        """The names of the apps bound to a service instance, in alphabetical order."""
        return sorted(self.apps[binding["app"]]["name"] for binding in self.bindings_of(service))


def progress(service: Facts, now: int) -> str:
    """The state of the last operation of a service instance: `in progress`, `succeeded` or `failed`."""
    last = service["last"]
    return "in progress" if now < last["started"] + last["seconds"] else str(last["outcome"])


def ends_at(service: Facts) -> int:
    """The world time at which the last operation of a service instance ends."""
    return int(service["last"]["started"] + service["last"]["seconds"])


def major_of(plan: str) -> int:
    """The major version at the end of a plan's name: 13 of `small-ha-13`, 6 of `small-ha-6.x`; 0 where it has none."""
    digits = plan.rpartition("-")[2].partition(".")[0]
    return int(digits) if digits.isdecimal() else 0


def _settle(space: Space, now: int) -> None:
    """Give what was being updated its new plan, and take away what was being deleted and is gone by now."""
    for service in space.services.values():
        if service["last"]["type"] == "update" and progress(service, now) == "succeeded":
            service["plan"] = service["last"].get("plan", service["plan"])
    gone = [
        guid
        for guid, service in space.services.items()
        if service["last"]["type"] == "delete" and progress(service, now) == "succeeded"
    ]
    for guid in gone:
        del space.services[guid]
        for key in [key for key, made in space.keys.items() if made["service"] == guid]:
            del space.keys[key]
