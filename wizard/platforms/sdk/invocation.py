"""One call of a pretend command: what it was asked, what it says, and how it ends."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Generic, NoReturn, TypeVar

from wizard.platforms.sdk.world import Json, World


W_co = TypeVar("W_co", bound=World, covariant=True)
"""The platform's own world: a command of a platform serves every platform that stands on it."""

OUT, ERR = 1, 2

TUNNEL_ENDED = "way ended "
"""The cursor of a call whose way is over; the exit code of what ran behind it follows."""


class CommandEnded(Exception):
    """The command is over; raised by `Invocation.end`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class NeedsInput(Exception):
    """The command asked something, and nothing was typed yet."""


class Streaming(Exception):
    """The command has said what there is and goes on for ever; more may come as the world changes."""

    def __init__(self, cursor: str) -> None:
        super().__init__(cursor)
        self.cursor = cursor


class OpensTunnel(Exception):
    """The command opens a way to a real server and goes on behind it."""

    def __init__(self, way: "Tunnel") -> None:
        super().__init__()
        self.way = way


class Tunnel:
    """A way to real servers of the rehearsal, open until its command has ended or it is cut.

    Attributes:
        request: What is asked of the lab.
        command: What runs as long as the way is open; empty: until it is stopped.
        environment: Variables for that command; `{port}` in a value is the way's local port.
        told: What is said once it is open, likewise.
    """

    __slots__ = ("command", "environment", "request", "told")

    def __init__(
        self, request: Json, command: Sequence[str] = (), environment: Mapping[str, str] | None = None, told: str = ""
    ) -> None:
        self.request = request
        self.command = list(command)
        self.environment = dict(environment or {})
        self.told = told


class Chunk:
    """A part of what a command says: stream (1 or 2), text, and the world seconds that passed before it."""

    __slots__ = ("seconds", "stream", "text")

    def __init__(self, stream: int, text: str, seconds: int) -> None:
        self.stream = stream
        self.text = text
        self.seconds = seconds


class InvocationResult(Generic[W_co]):
    """What a call came to.

    Attributes:
        pieces: What it said, in order.
        code: Its exit code; None while it waits for a line from the terminal, follows what happens, or holds a way.
        cursor: Up to where it has said what happens, where it follows that; else None.
        way: The way that it opens now and holds; to be played again with the cursor `TUNNEL_ENDED` when that is over.
        world: The world after it.
        seconds: The world time it took.
    """

    __slots__ = ("code", "cursor", "pieces", "seconds", "way", "world")

    def __init__(
        self,
        pieces: Sequence[Chunk],
        code: int | None,
        world: W_co,
        seconds: int,
        *,
        cursor: str | None = None,
        way: Tunnel | None = None,
    ) -> None:
        self.pieces = pieces
        self.code = code
        self.cursor = cursor
        self.way = way
        self.world = world
        self.seconds = seconds

    @property
    def kept(self) -> bool:
        """Whether the world after it is to be kept: it has ended, or has done its part before a way is opened."""
        return self.code is not None or self.way is not None

    @property
    def stdout(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.stream == OUT)

    @property
    def stderr(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.stream == ERR)

    @property
    def exit(self) -> int:
        """The exit code of a call that ended.

        Raises:
            ValueError: It has not ended: it waits for a line from the terminal, or follows what happens.
        """
        if self.code is None:
            raise ValueError("The command has not ended.")
        return self.code


class WorkDir:
    """Where a command runs.

    Args:
        cwd: The folder it was started in.
        root: The sandbox, below which alone it may write; empty: nowhere.
    """

    __slots__ = ("cwd", "root")

    def __init__(self, cwd: str = ".", root: str = "") -> None:
        self.cwd = cwd
        self.root = root

    def path(self, name: str) -> str:
        """A file as the command names it."""
        return str(Path(self.cwd, name))

    def writable(self, name: str) -> bool:
        """Whether a file lies in the sandbox, links followed."""
        return bool(self.root) and os.path.realpath(self.path(name)).startswith(os.path.realpath(self.root) + "/")

    def has_file(self, name: str) -> bool:
        """Whether there is a file of this name; there is none where the name cannot be one."""
        with suppress(OSError):
            return Path(self.path(name)).is_file()
        return False

    def has_folder(self, name: str) -> bool:
        """Whether there is a folder of this name; there is none where the name cannot be one."""
        with suppress(OSError):
            return Path(self.path(name)).is_dir()
        return False


class Invocation(Generic[W_co]):
    """A command being carried out on a world of its own.

    Args:
        world: The world; the call changes it.
        words: The words after the command's name.
        environment: The command's environment.
        typed: The lines typed at its prompts so far.
        closed: No more lines will come: the terminal or pipe is at its end.
        place: Where it runs.
        cursor: Where it follows what happens: up to where it said so already; empty at its start.
    """

    __slots__ = (
        *("_asked", "_closed", "_due", "_typed"),
        *("cursor", "environment", "pieces", "place", "seconds", "words", "world"),
    )

    def __init__(
        self,
        world: W_co,
        words: Sequence[str],
        environment: Mapping[str, str],
        typed: Sequence[str],
        *,
        closed: bool,
        place: WorkDir,
        cursor: str,
    ) -> None:
        self.world = world
        self.words = list(words)
        self.environment = environment
        self.place = place
        self.cursor = cursor
        self.pieces: list[Chunk] = []
        self.seconds = 0
        self._typed = typed
        self._closed = closed
        self._asked = 0
        self._due = 0

    def out(self, line: str = "") -> None:
        """Say a line on standard output."""
        self.write(OUT, line + "\n")

    def err(self, line: str) -> None:
        """Say a line on standard error."""
        self.write(ERR, line + "\n")

    def write(self, stream: int, text: str) -> None:
        """Say a text, on standard output (1) or standard error (2)."""
        self.pieces.append(Chunk(stream, text, self._due))
        self._due = 0

    def spend(self, seconds: int) -> None:
        """Let world time pass while the command works."""
        self.seconds += seconds
        self._due += seconds
        self.world.advance(seconds)

    def ask(self, prompt: str) -> str | None:
        """Ask on the terminal and wait for a line; None when no line will come.

        Raises:
            NeedsInput: The line was not typed yet.
        """
        self.write(OUT, prompt)
        if self._asked < len(self._typed):
            self._asked += 1
            return self._typed[self._asked - 1]
        if self._closed:
            return None
        raise NeedsInput

    def follow(self, cursor: str) -> None:
        """Go on for ever from here: what was said is said.

        Raises:
            Streaming: Always.
        """
        raise Streaming(cursor)

    def open(self, way: Tunnel) -> NoReturn:
        """Open a way and go on behind it; the call is played again when that is over.

        Raises:
            OpensTunnel: Always.
        """
        raise OpensTunnel(way)

    def end(self, code: int) -> NoReturn:
        """End the command here.

        Raises:
            CommandEnded: Always.
        """
        raise CommandEnded(code)
