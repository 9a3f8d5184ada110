"""What a platform is: its commands, its worlds, and the real servers that may stand behind them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from wizard.platforms.sdk.drills import Kinds
from wizard.platforms.sdk.invocation import Invocation, Steps, Tunnel
from wizard.platforms.sdk.store import WorldStore
from wizard.platforms.sdk.world import World


W = TypeVar("W", bound=World)


@dataclass(frozen=True, slots=True)
class Tool(Generic[W]):
    """A pretend command: what carries it out, and the world seconds that a call of it costs at the least."""

    run: Callable[[Invocation[W]], Steps | None]
    seconds: int


class TunnelHandle(Protocol):
    """A tunnel that stands."""

    @property
    def port(self) -> int:
        """Its local port, where its command is to be told one; else 0."""
        ...

    async def cut(self) -> None:
        """Wait until it is cut from the other side."""
        ...

    def close(self) -> None:
        """Take it down."""
        ...


class Servers(Protocol):
    """The real servers of one rehearsal, kept as its world wants them. `open` alone is called on the loop's thread."""

    def look(self) -> None:
        """Do what the world wants by now; called again and again, on one thread."""
        ...

    def report(self) -> Mapping[str, Any]:
        """What there is to tell of them: counts by name, in groups."""
        ...

    async def open(self, tunnel: Tunnel) -> TunnelHandle:
        """Open a tunnel.

        Raises:
            TunnelRefused: It cannot be opened.
        """
        ...

    def close(self, *, remove: bool) -> None:
        """End them all.

        Args:
            remove: What they hold goes too; nobody takes the rehearsal up again.
        """
        ...


class TunnelRefused(Exception):
    """There is no such tunnel; why, as a sentence."""


class ServerSupport(Protocol):
    """Which real servers a platform can have."""

    @property
    def names(self) -> Mapping[str, str]:
        """What people call them, by the name that a procedure has for them."""
        ...

    @property
    def ports(self) -> int:
        """How many ports of its own a rehearsal with servers needs."""
        ...

    @property
    def install(self) -> str:
        """The command that brings them to this machine."""
        ...

    def why_not(self, offerings: Collection[str]) -> str:
        """Why a rehearsal here can have none of these, as a sentence; empty when it can."""
        ...

    def clients(self) -> Mapping[str, Path | None]:
        """Real programs that talk to them, by name; None for one that is not installed."""
        ...

    async def start(self, sandbox: Path, store: WorldStore[Any]) -> Servers | None:
        """Begin to keep the servers of a sandbox; None where its world wants none.

        Raises:
            UplevelError: They cannot be had.
        """
        ...

    def told(self, report: Mapping[str, Any]) -> str:
        """What a report says, in sentences, each with a blank before it; often nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldOptions:
    """With what a world is made.

    Attributes:
        stage: The space or the like that the rehearsal is about; empty: the world's own first.
        seed: Decides what is left to chance.
        drill: The fault that is planted in it; empty for none.
        servers: What of the stage stands on real servers.
        ports: Ports for those, enough for all that will be made.
    """

    stage: str = ""
    seed: int = 0
    drill: str = ""
    servers: Collection[str] = ()
    ports: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform(Generic[W]):
    """A pretend platform.

    Attributes:
        world: What its worlds are.
        tools: Its commands by name.
        worlds: Names of the worlds it can make.
        drills: What happens in each drill of a world, by name.
        build: Makes a world.
        files: The files that stand in the folder where commands start, by path.
        faults: The kinds of faults that its drills plant.
        scripts: The folder, below that, where those commands stand too whose names are files of a repository.
        programs: Real programs that its commands run, by name; None for one that is not installed.
        servers: Which real servers it can have; None for none.
    """

    world: type[W]
    tools: Mapping[str, Tool[W]]
    worlds: Callable[[], Collection[str]]
    drills: Callable[[str], Mapping[str, str]]
    build: Callable[[str, WorldOptions], W]
    files: Callable[[W], Mapping[str, str]]
    faults: Kinds[W]
    scripts: Callable[[W], str] | None = None
    programs: Callable[[], Mapping[str, Path | None]] = dict
    servers: ServerSupport | None = None
