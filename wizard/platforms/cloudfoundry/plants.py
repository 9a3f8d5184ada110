"""What is not as it should be on the platform when a rehearsal begins."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from wizard.errors import UsageProblem
from wizard.platforms.cloudfoundry import apps, lifecycle, routes
from wizard.platforms.cloudfoundry.things import App, Cli, LastOperation, Offering, Service, ServiceKey
from wizard.platforms.cloudfoundry.world import CloudWorld
from wizard.platforms.sdk.drills import Plant


_DAY = 86_400


def _app(world: CloudWorld, name: str) -> App:
    app = world.site.app(name)
    if app is None:
        raise UsageProblem(f"A drill is about the app {name}, which is not there.")
    return app


def _service(world: CloudWorld, name: str) -> Service:
    service = world.site.service(name)
    if service is None:
        raise UsageProblem(f"A drill is about the service {name}, which is not there.")
    return service


def _offering(world: CloudWorld, name: str, plan: str) -> Offering:
    found = world.offerings.get(name)
    if found is None or plan not in found.plans:
        raise UsageProblem(f"A drill is about the plan {plan} of {name}, which is not there.")
    return found


def _others(world: CloudWorld) -> list[str]:
    """The spaces that are not worked on."""
    return [name for name in world.spaces if name != world.stage]


@dataclass(kw_only=True)
class QuotaFull(Plant[CloudWorld]):
    """No room for more service instances than `leave`."""

    kind: ClassVar = "quota_full"
    leave: int = 0

    def strike(self, world: CloudWorld) -> None:
        world.quota.services = world.managed_services() + self.leave


@dataclass(kw_only=True)
class MemoryFull(Plant[CloudWorld]):
    """No room for more memory than `leave` megabytes."""

    kind: ClassVar = "memory_full"
    leave: int = 0

    def strike(self, world: CloudWorld) -> None:
        world.quota.memory = apps.size(apps.memory_used(world) + self.leave)


@dataclass(kw_only=True)
class WrongSpace(Plant[CloudWorld]):
    """The CLI points at another space than the stage."""

    kind: ClassVar = "wrong_space"

    def strike(self, world: CloudWorld) -> None:
        world.target.space = _others(world)[-1]


@dataclass(kw_only=True)
class OldCli(Plant[CloudWorld]):
    """The machine has an old CLI."""

    kind: ClassVar = "old_cli"
    version: str

    def strike(self, world: CloudWorld) -> None:
        world.cli = Cli(int(self.version.partition(".")[0]), self.version)


@dataclass(kw_only=True)
class LoggedOut(Plant[CloudWorld]):
    """Nobody is logged in."""

    kind: ClassVar = "logged_out"

    def strike(self, world: CloudWorld) -> None:
        world.target.token = "none"  # noqa: S105 - the state of a login, not a secret


@dataclass(kw_only=True)
class NameTaken(Plant[CloudWorld]):
    """A service instance of an earlier attempt bears the name, on another plan."""

    kind: ClassVar = "name_taken"
    name: str
    offering: str
    plan: str

    def strike(self, world: CloudWorld) -> None:
        guid = world.guid()
        world.site.services[guid] = Service(
            guid=guid,
            name=self.name,
            offering=self.offering,
            plan=self.plan,
            broker=_offering(world, self.offering, self.plan).broker,
            last=LastOperation("create", world.now - _DAY, 400),
        )


@dataclass(kw_only=True)
class PlanGone(Plant[CloudWorld]):
    """The broker no longer offers a plan."""

    kind: ClassVar = "plan_gone"
    offering: str
    plan: str

    def strike(self, world: CloudWorld) -> None:
        del _offering(world, self.offering, self.plan).plans[self.plan]


@dataclass(kw_only=True)
class BindingMissing(Plant[CloudWorld]):
    """Somebody unbound an app; its process holds dead credentials."""

    kind: ClassVar = "binding_missing"
    app: str
    service: Annotated[str, Field(alias="from")]

    def strike(self, world: CloudWorld) -> None:
        binding = world.site.binding(_app(world, self.app), _service(world, self.service))
        if binding is None:
            raise UsageProblem(f"A drill is about a binding of {self.app} to {self.service}, which is not there.")
        del world.site.bindings[binding.guid]


@dataclass(kw_only=True)
class StaleRelease(Plant[CloudWorld]):
    """A deployment was cut off: APP-release runs beside the app, and both serve."""

    kind: ClassVar = "stale_release"
    app: str

    def strike(self, world: CloudWorld) -> None:
        space, old = world.site, _app(world, self.app)
        new = apps.make(world, space, f"{self.app}-release", old.image)
        new.instances, new.memory, new.env, new.staged = old.instances, old.memory, dict(old.env), True
        for name in space.manifests[self.app].services:
            service = space.service(name)
            if service is not None:
                lifecycle.bind(world, space, new, service)
        lifecycle.start(world, space, new)
        for route in routes.of_app(space, old):
            routes.attach(world, route, new)


@dataclass(kw_only=True)
class LeftBound(Plant[CloudWorld]):
    """An app that a killed tunnel left behind is bound to a service instance."""

    kind: ClassVar = "left_bound"
    app: str
    image: str
    to: str

    def strike(self, world: CloudWorld) -> None:
        space, service = world.site, _service(world, self.to)
        app = apps.make_small(world, space, self.app, self.image)
        lifecycle.bind(world, space, app, service)
        lifecycle.start(world, space, app)


@dataclass(kw_only=True)
class KeyLeft(Plant[CloudWorld]):
    """A key of somebody keeps a service instance in use."""

    kind: ClassVar = "key_left"
    of: str
    key: str

    def strike(self, world: CloudWorld) -> None:
        service, guid = _service(world, self.of), world.guid()
        world.site.keys[guid] = ServiceKey(guid, self.key, service.guid, world.now)


@dataclass(kw_only=True)
class OrphanRoute(Plant[CloudWorld]):
    """A route of an earlier attempt exists, in another space where `elsewhere` says so; no app is behind it."""

    kind: ClassVar = "orphan_route"
    host: str
    elsewhere: bool = False

    def strike(self, world: CloudWorld) -> None:
        name = _others(world)[0] if self.elsewhere else world.stage
        routes.create(world, world.spaces[name], self.host, world.domains[0])
