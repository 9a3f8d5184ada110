"""The world of a Cloud Foundry platform, and what time makes of what was begun there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from wizard.platforms.cloudfoundry.estate import CloudEstate, estate_at
from wizard.platforms.cloudfoundry.things import (
    App,
    Binding,
    Cli,
    ImageKind,
    Manifest,
    Offering,
    Quota,
    RealServer,
    Route,
    Service,
    ServiceKey,
    Target,
)
from wizard.platforms.servers.world import ServedWorld


@dataclass(slots=True, kw_only=True)
class Space:
    """One space: apps, services, bindings, routes and keys, each found by guid.

    Attributes:
        manifests: What the pipeline deploys here, by the app's name.
    """

    name: Annotated[str, Field(exclude=True)] = ""
    apps: dict[str, App] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    bindings: dict[str, Binding] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)
    keys: dict[str, ServiceKey] = field(default_factory=dict)
    manifests: dict[str, Manifest] = field(default_factory=dict)
    guid: str

    def app(self, name: str) -> App | None:
        """The app of this name, or None."""
        return next((app for app in self.apps.values() if app.name == name), None)

    def service(self, name: str) -> Service | None:
        """The service instance of this name, or None."""
        return next((service for service in self.services.values() if service.name == name), None)

    def binding(self, app: App, service: Service) -> Binding | None:
        """The binding of an app to a service instance, or None."""
        pair = (app.guid, service.guid)
        return next((b for b in self.bindings.values() if (b.app, b.service) == pair), None)

    def bindings_of(self, service: Service) -> Iterator[Binding]:
        """The bindings to a service instance."""
        return (binding for binding in self.bindings.values() if binding.service == service.guid)

    def bound_apps(self, service: Service) -> list[str]:
        """The names of the apps bound to a service instance, in alphabetical order."""
        return sorted(self.apps[binding.app].name for binding in self.bindings_of(service))


@dataclass(slots=True, kw_only=True)
class CloudWorld(ServedWorld):
    """An organisation on the platform, and the CLI that is pointed at it.

    Attributes:
        network: Whether the platform can be reached.
        kinds: What images have, by their names.
        spaces: By name.
    """

    network: bool = True
    cli: Cli
    target: Target
    org: str
    org_guid: str
    quota: Quota
    offerings: dict[str, Offering]
    domains: list[str]
    kinds: dict[str, ImageKind]
    spaces: dict[str, Space]

    def __post_init__(self) -> None:
        for name, space in self.spaces.items():
            space.name = name

    @property
    def estate(self) -> CloudEstate:
        """What the estate's file says of the stage that is worked on."""
        return estate_at(CloudEstate, self.world, self.stage)

    @property
    def space(self) -> Space:
        """The targeted space; it must exist (see `preflight`)."""
        return self.spaces[self.target.space]

    @property
    def site(self) -> Space:
        """The space of the stage that is worked on, wherever the CLI points."""
        return self.spaces[self.stage]

    def settle(self) -> None:
        for space in self.spaces.values():
            _settle(space, self.now)

    def said_at_start(self, app: App) -> list[str]:
        """What an app's start script says, beside what the platform does."""
        del app
        return []

    def managed_services(self) -> int:
        """How many service instances the organisation has; user-provided ones do not count."""
        return sum(1 for space in self.spaces.values() for one in space.services.values() if one.offering)

    def server(self, space: Space, offering: str, *, original: bool = False) -> RealServer | None:
        """The real server that an instance gets which is made now, where it gets one.

        Args:
            space: Where it is made; real servers are those of the stage alone.
            offering: What it is of.
            original: Whether the estate has it from the start, so that it is not empty.
        """
        real = offering in self.lab.offerings and space.name == self.stage and self.lab.ports
        return RealServer(self.lab.ports.pop(0), original) if real else None


def progress(service: Service, now: int) -> str:
    """The state of the last operation of a service instance: `in progress`, `succeeded` or `failed`."""
    return "in progress" if now < ends_at(service) else service.last.outcome


def ends_at(service: Service) -> int:
    """The world time at which the last operation of a service instance ends."""
    return service.last.started + service.last.seconds


def major_of(plan: str) -> int:
    """The major version at the end of a plan's name: 13 of `small-ha-13`, 6 of `small-ha-6.x`; 0 where it has none."""
    digits = plan.rpartition("-")[2].partition(".")[0]
    return int(digits) if digits.isdecimal() else 0


def _settle(space: Space, now: int) -> None:
    """Give what was being updated its new plan, and take away what was being deleted and is gone by now."""
    ended = [service for service in space.services.values() if progress(service, now) == "succeeded"]
    for service in ended:
        if service.last.type == "update":
            service.plan = service.last.plan or service.plan
        elif service.last.type == "delete":
            del space.services[service.guid]
            for key in [key for key, made in space.keys.items() if made.service == service.guid]:
                del space.keys[key]
