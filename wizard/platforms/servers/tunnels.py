"""Ways from the sandbox to the lab's servers: tunnels and conduits, each open as long as whoever asked for it lives.

A thread with an event loop. One listener takes requests, a line of JSON with the lab's token; the others pass bytes on.
All listen on the loopback address, and `ports` tells which, for the fence: a port that is not ours is never opened.
"""

import asyncio
import hmac
import json
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any


HERE = "127.0.0.1"
_CONDUITS = 4
"""Listeners that stand ready for conduits: a command's fence is drawn before it asks for one."""

_PIECE = 65_536
_PATIENCE, _PAUSE = 60.0, 0.01
"""Seconds that a connection waits for a server that is being made, and between two looks."""


class OpenTunnel:
    """An open way: its listeners, what passes through them, and the line of whoever asked for it."""

    def __init__(self, app: str, stamp: int, asker: asyncio.StreamWriter) -> None:
        self.app = app
        self.stamp = stamp
        self.asker = asker
        self.listeners: list[asyncio.Server] = []
        self.conduit: int | None = None
        self.passing: set[asyncio.StreamWriter] = set()

    def close(self) -> None:
        """Cut everything."""
        for listener in self.listeners:
            listener.close()
        for writer in [*self.passing, self.asker]:
            writer.close()


class TunnelServer:
    """All ways of one lab.

    Args:
        folder: Where `ports` is kept for the fence.
        token: What a request must bring.
        serving: Whether the server of a port is there, as the world has it now; called from the loop's thread.
        stamp: When the world was last changed, in nanoseconds.
        trouble: What is wrong with the lab, as a sentence; empty when nothing is.
    """

    def __init__(
        self,
        folder: Path,
        token: str,
        *,
        serving: Callable[[int], bool | None],
        stamp: Callable[[], int],
        trouble: Callable[[], str],
    ) -> None:
        self._folder, self._token = folder, token
        self._serving, self._stamp, self._trouble = serving, stamp, trouble
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ways", daemon=True)
        self._ways: set[OpenTunnel] = set()
        self._conduits: dict[int, int] = {}
        self._fixed: list[asyncio.Server] = []

    def open(self) -> int:
        """Begin to listen.

        Returns:
            The port for requests.
        """
        self._thread.start()
        return asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()

    def close(self) -> None:
        """Cut every way and stop listening."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def retain(self, apps: Collection[str], stamp: int) -> None:
        """Cut the ways through apps that do not run any more.

        Args:
            apps: The guids of those that run.
            stamp: Of the world that says so; a way that was asked for later may be through an app unknown to it.
        """
        self._loop.call_soon_threadsafe(self._retain, frozenset(apps), stamp)

    def cut(self) -> None:
        """Cut all ways, as a line that drops does."""
        self._loop.call_soon_threadsafe(self._cut)

    async def _open(self) -> int:
        control = await asyncio.start_server(self._asked, HERE, 0)
        self._fixed = [control]
        for _ in range(_CONDUITS):
            listener = await asyncio.start_server(self._through_conduit, HERE, 0)
            self._conduits[_port(listener)] = 0
            self._fixed.append(listener)
        self._tell_ports()
        return _port(control)

    async def _close(self) -> None:
        self._cut()
        for listener in self._fixed:
            listener.close()
        running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _retain(self, apps: frozenset[str], stamp: int) -> None:
        for way in [way for way in self._ways if way.app not in apps and way.stamp <= stamp]:
            way.close()

    def _cut(self) -> None:
        for way in list(self._ways):
            way.close()

    def _tell_ports(self) -> None:
        ports = [_port(listener) for listener in self._fixed]
        ports += [_port(listener) for way in self._ways for listener in way.listeners]
        following = self._folder / "ports.next"
        following.write_text(json.dumps(sorted(ports)), encoding="ascii")
        following.rename(self._folder / "ports")

    async def _asked(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Open what a request asks for and keep it open until its line ends."""
        way: OpenTunnel | None = None
        try:
            request = json.loads(await reader.readline())
            if not isinstance(request, dict) or not hmac.compare_digest(str(request.get("token", "")), self._token):
                return
            way = OpenTunnel(str(request.get("app", "")), self._stamp(), writer)
            self._ways.add(way)
            answer = await self._opened(way, request)
            self._tell_ports()
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
            while "problem" not in answer and await reader.read(_PIECE):
                pass
        except (OSError, ValueError):
            pass  # a line that breaks or says nothing sensible is a line that ends
        finally:
            if way is not None:
                self._ways.discard(way)
                way.close()
                if way.conduit is not None:
                    self._conduits[way.conduit] = 0
                self._tell_ports()
            writer.close()

    async def _opened(self, way: OpenTunnel, request: dict[str, Any]) -> dict[str, Any]:
        if (trouble := self._trouble()) != "":
            return {"problem": trouble}
        if "conduit" in request:
            free = next((port for port, target in self._conduits.items() if not target), None)
            if free is None:
                return {"problem": f"This rehearsal has {_CONDUITS} conduits, and all of them are open."}
            self._conduits[free] = int(request["conduit"])
            way.conduit = free
            return {"port": free}
        for port, host, behind in request["tunnels"]:
            target = int(behind) if host == HERE else 0
            try:
                listener = await asyncio.start_server(self._through(way, target), HERE, int(port))
            except (OSError, OverflowError):
                return {"problem": f"bind [{HERE}]:{port}: Address already in use"}
            way.listeners.append(listener)
        return {"ports": [_port(listener) for listener in way.listeners]}

    def _through(self, way: OpenTunnel, target: int) -> "Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]":
        async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._pass(way, target, reader, writer)

        return passed

    async def _through_conduit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = int(writer.get_extra_info("sockname")[1])
        way = next((way for way in self._ways if way.conduit == port), None)
        if way is None:
            writer.close()
        else:
            await self._pass(way, self._conduits[port], reader, writer)

    async def _pass(
        self, way: OpenTunnel, target: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Pass bytes between a client and a server, both ways, until one of them has no more."""
        ends = {writer}
        way.passing.add(writer)
        try:
            if not await self._there(target):
                return
            from_server, to_server = await asyncio.open_connection(HERE, target)
            ends.add(to_server)
            way.passing.add(to_server)
            pumps = [asyncio.create_task(_pump(*pair)) for pair in ((reader, to_server), (from_server, writer))]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        except OSError:
            pass  # the server is gone; the client sees its connection end
        finally:
            way.passing -= ends
            for end in ends:
                end.close()

    async def _there(self, target: int) -> bool:
        """Wait for the server behind a port: what has just been asked of the platform may still be on its way."""
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
