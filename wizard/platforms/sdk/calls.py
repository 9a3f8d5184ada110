"""The calls of pretend commands as the platform's process answers them: each on a line of its own; see `carrier`."""

import asyncio
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.errors import UplevelError
from wizard.platforms.sdk import carrier
from wizard.platforms.sdk.found import PLATFORMS
from wizard.platforms.sdk.invocation import (
    OUT,
    AskLine,
    AwaitChange,
    Chunk,
    Ran,
    Reply,
    RunProgram,
    Save,
    Tunnel,
    Wanted,
    WorkDir,
)
from wizard.platforms.sdk.platform import Platform, Servers, TunnelRefused
from wizard.platforms.sdk.play import Play
from wizard.platforms.sdk.store import WorldStore


SPEED = "REHEARSAL_SPEED"
"""The variable that says how many world seconds pass on the screen in one; without it nothing dwells."""

_SHORTEST_DWELL, _LONGEST_DWELL = 0.001, 5.0
_LOOK_AGAIN = 0.5
"""Seconds between two looks of a command that follows what happens."""

_NO_WORLD, _REFUSED = 70, 1
_CODING = {"encoding": "utf-8", "errors": "surrogateescape"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words of a call, its folder and its variables."""

    words: Sequence[str]
    cwd: Path
    environment: Mapping[str, str]

    @classmethod
    def read(cls, data: bytes) -> "_Asked":
        """What `carrier` sent."""
        count, *parts = (os.fsdecode(part) for part in data.split(b"\0"))
        (tool, cwd, *words), variables = parts[: int(count)], parts[int(count) :]
        return cls((tool, *words), Path(cwd), dict(variable.split("=", 1) for variable in variables))


class Calls:
    """Answers calls, any number at once.

    Args:
        sandbox: The rehearsal's folder.
        platform: Whose commands they are.
        store: The world they act on.
        servers: Its real servers, where it has some.
    """

    def __init__(self, sandbox: Path, platform: Platform[Any], store: WorldStore[Any], servers: Servers | None) -> None:
        self._sandbox, self._platform, self._store, self._servers = sandbox, platform, store, servers
        self._open: set[asyncio.Task[None]] = set()

    def answer(self, connection: socket.socket) -> None:
        """Answer the call that comes on a connection, from its start to its end."""
        task = asyncio.get_running_loop().create_task(self._answer(connection))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def all_ended(self) -> None:
        """Wait until no call is open."""
        while self._open:
            await asyncio.wait(self._open)

    async def _answer(self, connection: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=connection)
        line = _Line(reader, writer)
        try:
            # Nobody there any more: the command was ended, and with it its call.
            with suppress(OSError, asyncio.IncompleteReadError, ValueError):
                await self._carry_out(_Asked.read(await line.frame(carrier.CALL)), line)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()  # what was said is on its way until then

    async def _carry_out(self, asked: _Asked, line: "_Line") -> None:
        place = WorkDir(asked.cwd, self._sandbox)
        play = Play(self._platform, self._store, asked.words, asked.environment, place)
        reply: Reply = None
        try:
            while True:
                with PLATFORMS.foreign_code("It failed"):
                    turn = play.go_on(reply)
                await line.say(turn.said, float(asked.environment.get(SPEED, "0")))
                if turn.wanted is None:
                    await line.send(carrier.END, str(turn.code).encode())
                    return
                reply = await self._reply(turn.wanted, asked, line)
        except UplevelError as problem:
            said = f"{asked.words[0]}: the pretend platform of this rehearsal cannot be used. {problem.sentence}\n"
            await line.send(carrier.ERR, said.encode())
            await line.send(carrier.END, str(_NO_WORLD).encode())
        finally:
            play.close()

    async def _reply(self, wanted: Wanted, asked: _Asked, line: "_Line") -> Reply:
        match wanted:
            case AskLine():
                typed = await line.request(carrier.ASK, wanted.prompt.encode(**_CODING))
                return typed.decode(**_CODING).rstrip("\r\n") if typed else None
            case AwaitChange():
                await line.pause(_LOOK_AGAIN)
                return None
            case Save():
                where = [os.fsencode(wanted.path.parent), os.fsencode(wanted.path.name), b"x" * wanted.alone]
                return int(await line.request(carrier.SAVE, b"\0".join([*where, wanted.text.encode(**_CODING)])))
            case RunProgram():
                said = await line.request(carrier.CAPTURE, _program(wanted))
                return Ran(said[0], said[1:].decode("utf-8", "replace"))
            case Tunnel():
                return await self._tunnel(wanted, asked, line)

    async def _tunnel(self, wanted: Tunnel, asked: _Asked, line: "_Line") -> int:
        if self._servers is None:
            return _REFUSED
        try:
            tunnel = await self._servers.open(wanted)
        except TunnelRefused as refused:
            await line.send(carrier.ERR, f"{refused}\n".encode())
            return _REFUSED
        try:
            port = str(tunnel.port)
            await line.send(carrier.OUT, wanted.told.replace("{port}", port).encode())
            if not wanted.command:
                await line.until(asyncio.ensure_future(tunnel.cut()))
                return _REFUSED
            given = {name: value.replace("{port}", port) for name, value in wanted.environment.items()}
            run = RunProgram(wanted.command, asked.cwd, {**asked.environment, **given})
            return (await line.request(carrier.RUN, _program(run)))[0]
        finally:
            tunnel.close()


class _Line:
    """The line to one command."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def frame(self, kind: int) -> bytes:
        """The next frame, which must be of a kind.

        Raises:
            IncompleteReadError: The command is gone.
            ValueError: It sends what it should not.
        """
        head = await self._reader.readexactly(5)
        if head[0] != kind:
            raise ValueError("another frame was expected")
        return await self._reader.readexactly(int.from_bytes(head[1:], "big"))

    async def send(self, kind: int, data: bytes) -> None:
        if data:
            self._writer.write(bytes([kind]) + len(data).to_bytes(4, "big") + data)
            await self._writer.drain()

    async def request(self, kind: int, data: bytes) -> bytes:
        """Have something done, and wait for what comes of it."""
        self._writer.write(bytes([kind]) + len(data).to_bytes(4, "big") + data)
        return await self.frame(kind)

    async def say(self, said: Sequence[Chunk], speed: float) -> None:
        """Print, and dwell on what took its time."""
        for dwells, stream, text in _together(said, speed):
            if dwells:
                await self.send(carrier.SLEEP, str(dwells).encode())
            await self.send(carrier.OUT if stream == OUT else carrier.ERR, text.encode(**_CODING))

    async def pause(self, seconds: float) -> None:
        """Wait a moment.

        Raises:
            ConnectionError: The command is gone meanwhile.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._reader.read(1)
                raise ConnectionResetError

    async def until(self, end: "asyncio.Future[None]") -> None:
        """Wait for an end.

        Raises:
            ConnectionError: The command is gone before.
        """
        gone: asyncio.Future[bytes] = asyncio.ensure_future(self._reader.read(1))
        try:
            gone.add_done_callback(lambda _: end.cancel())
            await asyncio.wait([end])
            if end.cancelled():
                raise ConnectionResetError
        finally:
            gone.cancel()
            end.cancel()


def _together(said: Sequence[Chunk], speed: float) -> Iterator[tuple[float, int, str]]:
    """What is said in one go: how many seconds to dwell before it, the stream, and the text."""
    dwells, stream, text = 0.0, OUT, ""
    for chunk in said:
        seconds = min(chunk.seconds / speed, _LONGEST_DWELL) if speed > 0 else 0.0
        if text and (chunk.stream != stream or seconds >= _SHORTEST_DWELL):
            yield dwells, stream, text
            dwells, text = 0.0, ""
        dwells, stream, text = (
            max(dwells, seconds if seconds >= _SHORTEST_DWELL else 0.0),
            chunk.stream,
            text + chunk.text,
        )
    if text or dwells:
        yield dwells, stream, text


def _program(run: RunProgram) -> bytes:
    """A program as `carrier` takes it."""
    words = [os.fsencode(word) for word in run.words]
    variables = [os.fsencode(f"{name}={value}") for name, value in run.environment.items()]
    return b"\0".join([str(len(words)).encode(), os.fsencode(run.cwd), *words, *variables])
