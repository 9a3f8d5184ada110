"""The real servers that rehearsals can have: whether they can be had here, and what keeps them."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.execution.supervisor.confine import holds_ports
from wizard.platforms.sdk.store import WorldStore
from wizard.platforms.servers import programs
from wizard.platforms.servers.programs import LAB, missing
from wizard.platforms.servers.visited import ServedPlatform
from wizard.platforms.servers.visitor_summary import visitor_summary


if TYPE_CHECKING:
    from wizard.platforms.servers.reconciler import Reconciler


NAMES = {"postgres": "PostgreSQL", "redis": "Redis"}
"""The offerings that can stand on real servers."""

PORTS = 16
"""Ports that the servers of one rehearsal need at most."""


class RealServers:
    """Implements `ServerSupport` for PostgreSQL and Redis.

    Args:
        platform: What it asks of a world.
    """

    names = NAMES
    ports = PORTS
    install = LAB

    def __init__(self, platform: ServedPlatform[Any]) -> None:
        self._platform = platform

    def why_not(self, offerings: Collection[str]) -> str:
        """See `ServerSupport`."""
        names = " and ".join(NAMES[each] for each in offerings)
        if any(missing(each) for each in offerings):
            return f"Real {names} servers for this rehearsal come with the extra lab: {LAB}"
        if not holds_ports():
            return (
                f"Real {names} servers need a kernel that holds commands to their ports (Linux 6.7 or newer, Landlock "
                "4), and this one does not."
            )
        return ""

    def clients(self) -> Mapping[str, Path | None]:
        """See `ServerSupport`."""
        return {name: programs.client(name) for name in programs.CLIENTS}

    async def start(self, sandbox: Path, store: WorldStore[Any]) -> "Reconciler | None":
        """See `ServerSupport`."""
        if not store.read().lab.offerings:
            return None
        # Imported here: only the platform's process has what talks to databases.
        from wizard.platforms.servers.reconciler import Reconciler

        (sandbox / "lab" / "ports").unlink(missing_ok=True)  # of one that is over: somebody else may have them now
        reconciler = Reconciler(sandbox, store, self._platform)
        await reconciler.tunnels.start()
        return reconciler

    def told(self, report: Mapping[str, Any]) -> str:
        """See `ServerSupport`."""
        return visitor_summary(report)
