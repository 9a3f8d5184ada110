"""Drills: faults by name, planted in a world when it is made. Some act at once, the others wait in it.

A platform has a table of the kinds that it knows. A kind is a dataclass whose fields are what a drill may say of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import ConfigDict, ValidationError

from wizard.errors import UsageProblem, nearest
from wizard.platforms.sdk.adapters import adapter_of, first_mistake
from wizard.platforms.sdk.world import Json, World


W_contra = TypeVar("W_contra", bound=World, contravariant=True)


@dataclass(kw_only=True)
class Plant(Generic[W_contra]):
    """What a drill plants: a change of the world before the rehearsal begins, unless it waits."""

    kind: ClassVar[str]
    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    def strike(self, world: W_contra) -> None:
        """Do what it is about.

        Raises:
            UsageProblem: What it is about does not exist.
        """
        raise NotImplementedError


@dataclass(kw_only=True)
class TimedPlant(Plant[W_contra]):
    """One that waits for its hour: so many seconds after the rehearsal began."""

    after: int = 0

    def due(self, world: W_contra) -> bool:
        """Whether its hour has come."""
        return world.now >= world.began + self.after


@dataclass(kw_only=True)
class Spoiler(Plant[W_contra]):
    """One that waits for the deed which it spoils, so many times."""

    times: int = 1


Kinds = Mapping[str, type[Plant[W_contra]]]
S = TypeVar("S", bound=Spoiler[Any])


def table(*kinds: type[Plant[W_contra]]) -> Kinds[W_contra]:
    """The kinds that a platform knows, by name."""
    return {kind.kind: kind for kind in kinds}


def plant(world: W_contra, plants: Iterable[Json], kinds: Kinds[W_contra]) -> None:
    """Plant what a drill says.

    Args:
        world: The world, as it is on a good day.
        plants: Tables with a `kind` and what else that kind needs.
        kinds: What the platform knows.

    Raises:
        UsageProblem: A kind or a field is unknown, or what a plant is about does not exist.
    """
    for given in plants:
        planted = _read(given, kinds)
        if isinstance(planted, TimedPlant | Spoiler):
            world.armed.append(dict(given))
        else:
            planted.strike(world)


def tick(world: W_contra, kinds: Kinds[W_contra]) -> None:
    """Let happen what is due by now; called before each command."""
    for given in list(world.armed):
        planted = _read(given, kinds)
        if isinstance(planted, TimedPlant) and planted.due(world):
            world.armed.remove(given)
            planted.strike(world)


def take(world: World, kind: type[S], **about: str) -> S | None:
    """What was planted to spoil a deed, counted as used; None when there is nothing.

    Args:
        world: The world.
        kind: The deed's weak spot.
        about: What the deed is about; a fault that names another value for one of these stays planted.
    """
    for given in world.armed:
        if given.get("kind") != kind.kind:
            continue
        planted: S = _made(given, kind)
        if all(getattr(planted, name) in {"", value} for name, value in about.items()):
            planted.times -= 1
            given.update(times=planted.times)
            if planted.times <= 0:
                world.armed.remove(given)
            return planted
    return None


def _read(given: Json, kinds: Kinds[W_contra]) -> Plant[W_contra]:
    name = str(given.get("kind", ""))
    if name not in kinds:
        raise UsageProblem(
            f"A drill plants {name or 'nothing'}, which this platform does not know.", nearest(name, kinds)
        )
    made: Plant[W_contra] = _made(given, kinds[name])
    return made


def _made(given: Json, kind: type[Plant[Any]]) -> Any:
    try:
        return adapter_of(kind).validate_python({key: value for key, value in given.items() if key != "kind"})
    except ValidationError as wrong:
        raise UsageProblem(f"A drill cannot plant {kind.kind} so. {first_mistake(wrong)}.") from None
