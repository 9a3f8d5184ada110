"""The process of one rehearsal's platform: holds the world, answers commands, keeps real servers where it has some.

It lives as long as anybody can call it: its servers end with the wizard, itself when the last command is over that the
wizard left running.
"""

import asyncio
import json
import os
import signal
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from wizard.errors import UplevelError
from wizard.platforms.sdk import carrier
from wizard.platforms.sdk.calls import Calls
from wizard.platforms.sdk.client import WITH_SERVERS
from wizard.platforms.sdk.found import platform_of
from wizard.platforms.sdk.platform import Servers
from wizard.platforms.sdk.store import DAMAGED, WorldStore, name_of


_TICK = 0.02
"""Seconds between two looks at what the world wants of its servers."""

_LONGEST_ORDER = 8192


def main() -> None:
    """Serve the rehearsal whose folder comes first at standard input, on the channel that comes beside it."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    wizard = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    order, (channel,), _, _ = socket.recv_fds(wizard, _LONGEST_ORDER, 1)
    sandbox, _, servers = order.partition(b"\0")
    served = _Served(Path(os.fsdecode(sandbox)), servers=servers == WITH_SERVERS)
    asyncio.run(served.until_the_end(wizard, socket.socket(fileno=channel)))


class _Served:
    """One rehearsal.

    Args:
        sandbox: Its folder.
        servers: Whether its real servers are to run, where it has some.
    """

    def __init__(self, sandbox: Path, *, servers: bool) -> None:
        self._sandbox, self._with_servers = sandbox, servers
        self._servers: Servers | None = None
        self._stopping = threading.Event()
        self._looking: threading.Thread | None = None

    async def until_the_end(self, wizard: socket.socket, channel: socket.socket) -> None:
        """Serve until the wizard and all who inherited the channel are gone."""
        reader, writer = await asyncio.open_connection(sock=wizard)
        try:
            platform = platform_of(name_of(self._sandbox / "world"))
            store = WorldStore(self._sandbox / "world", platform.world)
            if platform.servers is not None and self._with_servers:
                self._servers = await platform.servers.start(self._sandbox, store)
        except (UplevelError, *DAMAGED) as problem:
            await _say(writer, {"problem": str(problem)})
            return
        calls = Calls(self._sandbox, platform, store, self._servers)
        closed = _take(channel, calls)
        listener = listen(self._sandbox / "lab", calls)
        if self._servers is not None:
            self._looking = threading.Thread(target=self._look, args=(self._servers,), name="servers", daemon=True)
            self._looking.start()
        await _say(writer, {"ready": True})
        try:
            await self._talk(reader, writer)
            await closed
            await calls.all_ended()
        finally:
            if listener is not None:
                asyncio.get_running_loop().remove_reader(listener)
                listener.close()
                _remove_unheard(self._sandbox / "lab")

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the wizard until it has had enough or is gone; then end the servers."""
        word = ""
        with suppress(OSError):
            while line := await reader.readline():
                word = str(json.loads(line))
                if word != "report":
                    break
                told: Mapping[str, Any] = {} if self._servers is None else await asyncio.to_thread(self._servers.report)
                await _say(writer, told)
        await asyncio.to_thread(self._end_servers, remove=word == "remove")
        await _say(writer, {"ended": True})
        writer.close()

    def _look(self, servers: Servers) -> None:
        while not self._stopping.wait(_TICK):
            servers.look()

    def _end_servers(self, *, remove: bool) -> None:
        self._stopping.set()
        if self._servers is not None and self._looking is not None:
            self._looking.join()
            self._servers.close(remove=remove)


def _take(channel: socket.socket, calls: Calls) -> "asyncio.Future[None]":
    """Take what comes through the channel: each message brings the line of one call.

    Returns:
        What is done once nobody holds the other end any more.
    """
    loop = asyncio.get_running_loop()
    closed: asyncio.Future[None] = loop.create_future()
    channel.setblocking(False)

    def come() -> None:
        try:
            data, files, _, _ = socket.recv_fds(channel, 1, 1)
        except BlockingIOError:
            return
        except OSError:
            data, files = b"", []
        for file in files:
            os.set_inheritable(file, False)
            calls.answer(socket.socket(fileno=file))
        if not data:
            loop.remove_reader(channel)
            channel.close()
            closed.set_result(None)

    loop.add_reader(channel, come)
    return closed


def listen(folder: Path, calls: Calls) -> socket.socket | None:
    """Listen for who did not inherit the channel: a terminal of this user beside the wizard; None where that fails."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    held = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        (folder / carrier.SOCKET).unlink(missing_ok=True)
        listener.bind(f"/proc/self/fd/{held}/{carrier.SOCKET}")  # the path itself may be longer than an address can be
        listener.listen(16)
    except OSError:
        listener.close()
        return None
    finally:
        os.close(held)
    listener.setblocking(False)

    def come() -> None:
        with suppress(OSError):
            calls.answer(listener.accept()[0])

    asyncio.get_running_loop().add_reader(listener, come)
    return listener


def _remove_unheard(folder: Path) -> None:
    """Remove the socket, unless another process of the same sandbox has put its own there meanwhile."""
    held = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        with socket.socket(socket.AF_UNIX) as asked, suppress(ConnectionRefusedError):
            asked.connect(f"/proc/self/fd/{held}/{carrier.SOCKET}")
            return
        (folder / carrier.SOCKET).unlink(missing_ok=True)
    except FileNotFoundError:
        pass  # the folder of a rehearsal may go before its process
    finally:
        os.close(held)


async def _say(writer: asyncio.StreamWriter, answer: Mapping[str, Any]) -> None:
    with suppress(OSError):
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()
