"""Tunnels from the sandbox to the rehearsal's servers, each open as long as whoever asked for it lives.

All listen on the loopback address, and `ports` tells which, for the fence: a port that is not ours is never opened.
"""

import asyncio
import json
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from wizard.platforms.sdk.invocation import Tunnel
from wizard.platforms.sdk.platform import TunnelRefused


HERE = "127.0.0.1"
_CONDUITS = 4
"""Listeners that stand ready for conduits: a command's fence is drawn before it asks for one."""

_PIECE = 65_536
_PATIENCE, _PAUSE = 60.0, 0.01
"""Seconds that a connection waits for a server that is being made, and between two looks."""


class OpenTunnel:
    """A tunnel that stands: its listeners, and what passes through them.

    Attributes:
        port: The local port of a conduit; else 0.
    """

    def __init__(self, app: str, stamp: int, forget: "Callable[[OpenTunnel], None]") -> None:
        self.app = app
        self.stamp = stamp
        self.port = 0
        self.listeners: list[asyncio.Server] = []
        self.passing: set[asyncio.StreamWriter] = set()
        self._forget = forget
        self._over = asyncio.Event()

    async def cut(self) -> None:
        """Wait until it is cut."""
        await self._over.wait()

    def close(self) -> None:
        """Cut it."""
        self._over.set()
        for listener in self.listeners:
            listener.close()
        for writer in self.passing:
            writer.close()
        self._forget(self)


class TunnelServer:
    """All tunnels of one rehearsal, on the loop that runs where it is made.

    Args:
        folder: Where `ports` is kept for the fence.
        serving: Whether the server of a port is there, as the world has it now.
        stamp: When the world was last changed, in nanoseconds.
        trouble: What is wrong with the servers, as a sentence; empty when nothing is.
    """

    def __init__(
        self,
        folder: Path,
        *,
        serving: Callable[[int], bool | None],
        stamp: Callable[[], int],
        trouble: Callable[[], str],
    ) -> None:
        self._folder = folder
        self._serving, self._stamp, self._trouble = serving, stamp, trouble
        self._loop = asyncio.get_running_loop()
        self._open: set[OpenTunnel] = set()
        self._conduits: dict[int, int] = {}
        self._fixed: list[asyncio.Server] = []

    async def start(self) -> None:
        """Begin to listen for what comes through conduits."""
        for _ in range(_CONDUITS):
            listener = await asyncio.start_server(self._through_conduit, HERE, 0)
            self._conduits[_port(listener)] = 0
            self._fixed.append(listener)
        self._tell_ports()

    async def open(self, wanted: Tunnel) -> OpenTunnel:
        """Open a tunnel.

        Raises:
            TunnelRefused: There is none.
        """
        if (trouble := self._trouble()) != "":
            raise TunnelRefused(trouble)
        tunnel = OpenTunnel(wanted.app, self._stamp(), self._forget)
        self._open.add(tunnel)
        try:
            if wanted.conduit:
                tunnel.port = self._conduit(wanted.conduit)
            for port, host, behind in wanted.forwards:
                tunnel.listeners.append(await self._listener(tunnel, port, behind if host == HERE else 0))
        except TunnelRefused:
            tunnel.close()
            raise
        self._tell_ports()
        return tunnel

    async def close(self) -> None:
        """Cut every tunnel and stop listening."""
        self.cut()
        for listener in self._fixed:
            listener.close()

    def retain(self, apps: Collection[str], stamp: int) -> None:
        """Cut the tunnels through apps that do not run any more; may be called from another thread.

        Args:
            apps: The guids of those that run.
            stamp: Of the world that says so; a tunnel that was asked for later may be through an app unknown to it.
        """
        self._loop.call_soon_threadsafe(self._retain, frozenset(apps), stamp)

    def cut_soon(self) -> None:
        """Cut all tunnels, as a line that drops does; may be called from another thread."""
        self._loop.call_soon_threadsafe(self.cut)

    def cut(self) -> None:
        """Cut all tunnels."""
        for tunnel in list(self._open):
            tunnel.close()

    def _retain(self, apps: frozenset[str], stamp: int) -> None:
        for tunnel in [tunnel for tunnel in self._open if tunnel.app not in apps and tunnel.stamp <= stamp]:
            tunnel.close()

    def _forget(self, tunnel: OpenTunnel) -> None:
        if tunnel in self._open:
            self._open.discard(tunnel)
            if tunnel.port:
                self._conduits[tunnel.port] = 0
            self._tell_ports()

    def _tell_ports(self) -> None:
        ports = [_port(listener) for listener in self._fixed]
        ports += [_port(listener) for tunnel in self._open for listener in tunnel.listeners if listener.sockets]
        following = self._folder / "ports.next"
        following.write_text(json.dumps(sorted(ports)), encoding="ascii")
        following.rename(self._folder / "ports")

    def _conduit(self, target: int) -> int:
        """A free conduit, led to a server."""
        free = next((port for port, behind in self._conduits.items() if not behind), None)
        if free is None:
            raise TunnelRefused(f"This rehearsal has {_CONDUITS} conduits, and all of them are open.")
        self._conduits[free] = target
        return free

    async def _listener(self, tunnel: OpenTunnel, port: int, target: int) -> asyncio.Server:
        try:
            return await asyncio.start_server(self._through(tunnel, target), HERE, port)
        except (OSError, OverflowError):
            raise TunnelRefused(f"bind [{HERE}]:{port}: Address already in use") from None

    def _through(
        self, tunnel: OpenTunnel, target: int
    ) -> "Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]":
        async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._pass(tunnel, target, reader, writer)

        return passed

    async def _through_conduit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = int(writer.get_extra_info("sockname")[1])
        tunnel = next((tunnel for tunnel in self._open if tunnel.port == port), None)
        if tunnel is None:
            writer.close()
        else:
            await self._pass(tunnel, self._conduits[port], reader, writer)

    async def _pass(
        self, tunnel: OpenTunnel, target: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Pass bytes between a client and a server, both ways, until one of them has no more."""
        ends = {writer}
        tunnel.passing.add(writer)
        try:
            if not await self._there(target):
                return
            from_server, to_server = await asyncio.open_connection(HERE, target)
            ends.add(to_server)
            tunnel.passing.add(to_server)
            pumps = [asyncio.create_task(_pump(*pair)) for pair in ((reader, to_server), (from_server, writer))]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        except OSError:
            pass  # the server is gone; the client sees its connection end
        finally:
            tunnel.passing -= ends
            for end in ends:
                end.close()

    async def _there(self, target: int) -> bool:
        """Wait for the server behind a port: what has just been asked of the platform may still be on its tunnel."""
        until = self._loop.time() + _PATIENCE
        while (serving := self._serving(target)) is not True:
            if serving is None or self._loop.time() > until:
                return False
            await asyncio.sleep(_PAUSE)
        return True


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()


def _port(listener: asyncio.Server) -> int:
    return int(listener.sockets[0].getsockname()[1])
