"""Faults that happen on the platform by themselves, or that spoil a command of its CLI."""

from dataclasses import dataclass, field, replace
from typing import ClassVar, TypeVar

from wizard.platforms.cloudfoundry import indices, lifecycle
from wizard.platforms.cloudfoundry.things import SearchIndex
from wizard.platforms.cloudfoundry.world import CloudWorld, Space
from wizard.platforms.sdk.drills import Spoiler, TimedPlant


C_contra = TypeVar("C_contra", bound=CloudWorld, contravariant=True)


@dataclass(kw_only=True)
class OnStage:
    """Something on the stage: a service instance or an app by name, or the index behind an alias `of` a service."""

    service: str = ""
    app: str = ""
    alias: str = ""
    of: str = ""

    def there(self, space: Space) -> bool:
        """Whether all that is named exists."""
        if self.service and space.service(self.service) is None:
            return False
        if self.app and space.app(self.app) is None:
            return False
        return not self.alias or self.index(space) is not None

    def index(self, space: Space) -> SearchIndex | None:
        """The index behind the alias."""
        return indices.behind(space, self.alias, self.of)


@dataclass(kw_only=True)
class StagePlant(TimedPlant[C_contra]):
    """One that waits besides for something to be on the stage, and for an app to be gone from it."""

    once: OnStage = field(default_factory=OnStage)
    gone: OnStage = field(default_factory=OnStage)

    def due(self, world: C_contra) -> bool:
        away = not self.gone.app or world.site.app(self.gone.app) is None
        return TimedPlant.due(self, world) and away and self.once.there(world.site)


@dataclass(kw_only=True)
class ExpireToken(StagePlant[CloudWorld]):
    """The login ends."""

    kind: ClassVar = "expire_token"

    def strike(self, world: CloudWorld) -> None:
        world.target.token = "expired"  # noqa: S105 - the state of a login, not a secret


@dataclass(kw_only=True)
class NetworkDown(StagePlant[CloudWorld]):
    """The platform cannot be reached for a while."""

    kind: ClassVar = "network_down"
    lasts: int = 60

    def strike(self, world: CloudWorld) -> None:
        world.network = False
        world.armed.append({"kind": NetworkBack.kind, "after": world.now + self.lasts - world.began})


@dataclass(kw_only=True)
class NetworkBack(StagePlant[CloudWorld]):
    """The platform can be reached again."""

    kind: ClassVar = "network_back"

    def strike(self, world: CloudWorld) -> None:
        world.network = True


@dataclass(kw_only=True)
class RestartApp(StagePlant[CloudWorld]):
    """Somebody restarts an app, as a colleague or the platform's own evacuation of a cell does."""

    kind: ClassVar = "restart_app"
    app: str
    by: str = ""

    def due(self, world: CloudWorld) -> bool:
        return StagePlant.due(self, world) and world.site.app(self.app) is not None

    def strike(self, world: CloudWorld) -> None:
        app = world.site.app(self.app)
        if app is not None:
            colleague = f"colleague@{world.target.user.partition('@')[2]}"
            lifecycle.event(world, app, "audit.app.restart", by=self.by or colleague)
            lifecycle.start(world, world.site, app)


@dataclass(kw_only=True)
class SomeoneBinds(StagePlant[CloudWorld]):
    """Somebody binds an app to a service instance."""

    kind: ClassVar = "someone_binds"
    app: str
    to: str

    def strike(self, world: CloudWorld) -> None:
        space = world.site
        app, service = space.app(self.app), space.service(self.to)
        if app is not None and service is not None and space.binding(app, service) is None:
            lifecycle.bind(world, space, app, service)


@dataclass(kw_only=True)
class MoveAlias(StagePlant[CloudWorld]):
    """Somebody points an alias to an index of another day, which has half of the documents."""

    kind: ClassVar = "move_alias"

    def strike(self, world: CloudWorld) -> None:
        service, index = world.site.service(self.once.of), self.once.index(world.site)
        if service is not None and index is not None:
            stale = f"{self.once.alias}-2022-01-10"
            service.indices[stale] = replace(index, documents=index.documents // 2, aliases=[])
            indices.point(service, self.once.alias, stale)


@dataclass(kw_only=True)
class CreateFailed(Spoiler[CloudWorld]):
    """The broker gives up on a new service instance."""

    kind: ClassVar = "create_failed"
    offering: str = ""
    name: str = ""
    says: str = "the broker could not do it"


@dataclass(kw_only=True)
class SlowCreate(Spoiler[CloudWorld]):
    """A new service instance takes so many seconds longer."""

    kind: ClassVar = "slow_create"
    offering: str = ""
    name: str = ""
    seconds: int


@dataclass(kw_only=True)
class UpdateFailed(Spoiler[CloudWorld]):
    """The broker cannot change a service instance."""

    kind: ClassVar = "update_failed"
    service: str = ""
    says: str = "the broker could not do it"


@dataclass(kw_only=True)
class PushFails(Spoiler[CloudWorld]):
    """A pushed app does not start: `staging`, `health` or `timeout`."""

    kind: ClassVar = "push_fails"
    app: str = ""
    how: str = "health"


@dataclass(kw_only=True)
class LogsFail(Spoiler[CloudWorld]):
    """The platform's logs cannot be had."""

    kind: ClassVar = "logs_fail"
    app: str = ""
