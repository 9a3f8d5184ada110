"""What a platform tells the lab of its world: which servers it wants, and how a visitor's request comes to one."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from wizard.platforms.servers.credentials import Credentials
from wizard.platforms.servers.server_spec import ServerSpec
from wizard.platforms.servers.world import ServedWorld


W_contra = TypeVar("W_contra", bound=ServedWorld, contravariant=True)


class ConnectionRefused(Exception):
    """The platform answers, or the app does, but not as a visitor hoped; the message is what it says."""


@dataclass(frozen=True, slots=True)
class AppConnection:
    """What a connection stands or falls with.

    Attributes:
        name: The app that was asked.
        app: The guid of the app that answers.
        since: When its process was started, in world time.
        service: The guid of the service instance that the process holds.
        binding: The guid of the binding whose credentials it holds.
    """

    name: str
    app: str
    since: int
    service: str
    binding: str


class VisitedSite(Protocol):
    """The site as the world has it at a moment. Whoever is refused gets `ConnectionRefused`."""

    def turned_away(self) -> bool:
        """Whether visitors get the maintenance page."""

    def to_database(self) -> AppConnection:
        """The connection of a request that writes to the database."""

    def to_sessions(self, frontend: str = "") -> AppConnection:
        """The connection of a request with a session through a frontend: the one where people log in, unless named."""

    def other_frontends(self) -> list[str]:
        """The frontends that read sessions and do not begin them, in alphabetical order."""

    def holds(self, connection: AppConnection) -> bool:
        """Whether a process still runs, as it was started then, and its credentials still are good."""

    def credentials(self, connection: AppConnection) -> Credentials:
        """What a process connects with."""


class ServedPlatform(Protocol[W_contra]):
    """A platform whose service instances stand on the lab's servers."""

    def wanted_servers(self, world: W_contra) -> dict[str, ServerSpec]:
        """The servers of the stage that is worked on, by guid of their instance."""

    def guid_of(self, world: W_contra, name: str) -> str:
        """The guid of the service instance of a name there; empty where there is none."""

    def running_apps(self, world: W_contra) -> set[str]:
        """The guids of the apps through which ways may lead."""

    def written(self, world: W_contra) -> list[str]:
        """The guids of the service instances that visitors may write to."""

    def visited(self, world: W_contra) -> VisitedSite:
        """The site as its visitors meet it."""
