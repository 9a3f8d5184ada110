"""One call of a pretend command: what it was asked, what it says, what it waits for, and how it ends.

A command is a function of its call. One that asks, follows what happens or holds a tunnel is a generator, which gives
what it waits for and goes on with the reply: `line = yield from call.ask("Really? ")`. Meanwhile the world belongs to
others. What was looked up in it before is looked up again afterwards.
"""

import errno
import os
import stat
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, NoReturn, TypeVar

from wizard.platforms.sdk.world import World


W_co = TypeVar("W_co", bound=World, covariant=True)
"""The platform's own world: a command of a platform serves every platform that stands on it."""

OUT, ERR = 1, 2

_LONGEST = 4 << 20
"""Characters of a file that a pretend command reads."""


class CommandEnded(Exception):
    """The command is over; raised by `Invocation.end`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class AskLine:
    """A line from the terminal or pipe is wanted, behind a prompt; the reply is None where it is at its end."""

    prompt: str


@dataclass(frozen=True, slots=True)
class AwaitChange:
    """More may come as the world changes; the reply comes a moment later."""


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A way to real servers, open until its command has ended or it is cut; the reply is the exit code of that.

    Attributes:
        app: The app that it leads through; it is cut when that one is gone.
        forwards: Local ports to listen on, each with the host and the port that it leads to.
        conduit: The port of a server that one local port, to be chosen, leads to; 0 for none.
        command: What runs as long as the way is open; empty: until it is stopped.
        environment: Variables for that command; `{port}` in a value is the way's local port.
        told: What is said once it is open, likewise.
    """

    app: str
    forwards: Sequence[tuple[int, str, int]] = ()
    conduit: int = 0
    command: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    told: str = ""


@dataclass(frozen=True, slots=True)
class Save:
    """A file is to be written, by the command's own process and behind its fence; the reply is 0 or an error number.

    Attributes:
        path: The file.
        text: What is to stand in it.
        alone: Nobody but its owner may read it; one that is there is replaced, for its mode could be another.
    """

    path: Path
    text: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class RunProgram:
    """A real program is to run in the command's own process tree, behind its fence; the reply is what it came to.

    Attributes:
        words: The program's path first.
        cwd: Where it starts.
        environment: The whole of it.
    """

    words: Sequence[str]
    cwd: Path
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a real program came to: its exit code, and what it said on both streams together.

    A program that could not be started has the code 127 and said nothing.
    """

    code: int
    said: str


Wanted = AskLine | AwaitChange | Tunnel | Save | RunProgram
Reply = str | int | Ran | None
Steps = Generator[Wanted, Reply, None]
"""What a command that waits for something is."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of what a command says: stream (1 or 2), text, and the world seconds that passed before it."""

    stream: int
    text: str
    seconds: int


@dataclass(frozen=True, slots=True)
class WorkDir:
    """Where a command runs.

    Attributes:
        cwd: The folder it was started in.
        root: The sandbox, below which alone it may write; None: nowhere.
    """

    cwd: Path = Path()
    root: Path | None = None

    def path(self, name: str) -> Path:
        """A file as the command names it."""
        return self.cwd / name

    def read(self, name: str | Path) -> str:
        """The text of a file.

        Raises:
            OSError: It cannot be read, or is no plain file: a FIFO would hold up the whole platform.
            UnicodeDecodeError: It is no text.
        """
        file = os.open(self.cwd / name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(file, encoding="utf-8") as opened:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise OSError(errno.EINVAL, "This is no plain file")
            return opened.read(_LONGEST)

    def has_file(self, name: str) -> bool:
        """Whether there is a file of this name; there is none where the name cannot be one."""
        with suppress(OSError):
            return self.path(name).is_file()
        return False

    def has_folder(self, name: str) -> bool:
        """Whether there is a folder of this name; there is none where the name cannot be one."""
        with suppress(OSError):
            return self.path(name).is_dir()
        return False

    def writable(self, name: str) -> bool:
        """Whether a file lies in the sandbox, links followed."""
        return self.root is not None and self.path(name).resolve().is_relative_to(self.root.resolve())


class Invocation(Generic[W_co]):
    """A command being carried out.

    Args:
        world: The world as it is now; the call changes it.
        words: The words after the command's name.
        environment: The command's environment.
        place: Where it runs.
    """

    def __init__(self, world: W_co, words: Sequence[str], environment: Mapping[str, str], place: WorkDir) -> None:
        self.world = world
        self.words = list(words)
        self.environment = environment
        self.place = place
        self.seconds = 0
        self._said: list[Chunk] = []
        self._due = 0

    def out(self, line: str = "") -> None:
        """Say a line on standard output."""
        self.write(OUT, line + "\n")

    def err(self, line: str) -> None:
        """Say a line on standard error."""
        self.write(ERR, line + "\n")

    def write(self, stream: int, text: str) -> None:
        """Say a text, on standard output (1) or standard error (2)."""
        self._said.append(Chunk(stream, text, self._due))
        self._due = 0

    def take_said(self) -> list[Chunk]:
        """What was said since this was asked before."""
        said, self._said = self._said, []
        return said

    def spend(self, seconds: int) -> None:
        """Let world time pass while the command works."""
        self.seconds += seconds
        self._due += seconds
        self.world.advance(seconds)

    def ask(self, prompt: str) -> Generator[Wanted, Reply, str | None]:
        """Ask on the terminal and wait for a line; None when no line will come."""
        self.write(OUT, "")  # what was done before it took its time
        reply = yield AskLine(prompt)
        assert reply is None or isinstance(reply, str)  # noqa: S101 - each kind of wait has its kind of reply
        return reply

    def follow(self) -> Generator[Wanted, Reply, None]:
        """Wait until there may be more to say."""
        yield AwaitChange()

    def open(self, tunnel: Tunnel) -> Generator[Wanted, Reply, int]:
        """Open a tunnel and hold it until its command has ended or it is cut.

        Returns:
            The exit code of the command; 1 where there is none, for a tunnel ends by being cut.
        """
        reply = yield tunnel
        assert isinstance(reply, int)  # noqa: S101 - as above
        return reply

    def save(self, name: str, text: str, *, alone: bool = False) -> Generator[Wanted, Reply, int]:
        """Write a file.

        Args:
            name: As the command names it.
            text: What is to stand in it.
            alone: See `Save`.

        Returns:
            0, or the number of the error; nothing is written outside the sandbox.
        """
        if not self.place.writable(name):
            return errno.EACCES
        reply = yield Save(self.place.path(name), text, alone)
        assert isinstance(reply, int)  # noqa: S101 - as above
        return reply

    def run(self, run: RunProgram) -> Generator[Wanted, Reply, Ran]:
        """Run a real program to its end."""
        reply = yield run
        assert isinstance(reply, Ran)  # noqa: S101 - as above
        return reply

    def end(self, code: int) -> NoReturn:
        """End the command here.

        Raises:
            CommandEnded: Always.
        """
        raise CommandEnded(code)
