"""Pretend commands carried out in this process: on a world at hand, or on that of a sandbox."""

import errno
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wizard.platforms.digitalmarketplace.platform import PLATFORM
from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.sdk.invocation import (
    ERR,
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
from wizard.platforms.sdk.play import Play
from wizard.platforms.sdk.sandbox import Sandbox


class Held:
    """A world at hand, as a command changes it."""

    def __init__(self, world: EstateWorld) -> None:
        self.world = world

    @contextmanager
    def changing(self) -> Iterator[EstateWorld]:
        yield self.world


@dataclass(frozen=True, slots=True)
class Played:
    """What a command came to.

    Attributes:
        said: What it said.
        waits: What it waits for; None where it has ended.
        code: Its exit code; None while it waits.
        world: The world after it.
        seconds: The world time it took.
    """

    said: Sequence[Chunk]
    waits: Wanted | None
    code: int | None
    world: EstateWorld
    seconds: int
    play: Play
    held: Held

    @property
    def stdout(self) -> str:
        return "".join(chunk.text for chunk in self.said if chunk.stream == OUT)

    @property
    def stderr(self) -> str:
        return "".join(chunk.text for chunk in self.said if chunk.stream == ERR)

    @property
    def exit(self) -> int:
        assert self.code is not None, "the command has not ended"
        return self.code


def play(
    world: EstateWorld,
    words: Sequence[str],
    environment: Mapping[str, str] | None = None,
    typed: Sequence[str] = (),
    *,
    closed: bool = True,
    place: WorkDir | None = None,
) -> Played:
    """Carry out a pretend command on a copy of a world.

    Args:
        world: The world before; it stays as it is.
        words: The command, its bare name first.
        environment: The command's environment.
        typed: The lines typed at its prompts.
        closed: No more lines will come; else it waits for the next one.
        place: Where it runs; the present folder, with nowhere to write, unless given.
    """
    held = Held(world.copy())
    return _played(Play(PLATFORM, held, words, environment or {}, place or WorkDir()), held, typed, closed=closed)


def play_in(
    sandbox: Sandbox,
    words: Sequence[str],
    typed: Sequence[str] = (),
    *,
    environment: Mapping[str, str] | None = None,
    closed: bool = True,
    cwd: str = "",
) -> Played:
    """Carry out a pretend command in a sandbox."""
    store = sandbox.store
    env = sandbox.env({}) if environment is None else environment
    made = Play(sandbox.platform, store, words, env, WorkDir(Path(cwd or sandbox.cwd), sandbox.folder))
    held = Held(store.read())
    played = _played(made, held, typed, closed=closed)
    return Played(played.said, played.waits, played.code, store.read(), played.seconds, made, held)


def more_of(played: Played, world: EstateWorld) -> Played:
    """What a command that follows a world says next, as that world is by now."""
    played.held.world = world
    turn = played.play.go_on()
    return Played(
        turn.said, turn.wanted, None if turn.wanted else turn.code, world, played.play.seconds, played.play, played.held
    )


def _played(made: Play, held: Held, typed: Sequence[str], *, closed: bool) -> Played:
    said: list[Chunk] = []
    lines = iter(typed)
    turn = made.go_on()
    while True:
        said += turn.said
        if turn.wanted is None:
            return Played(said, None, turn.code, held.world, made.seconds, made, held)
        reply: Reply
        match turn.wanted:
            case AskLine(prompt=prompt):
                said.append(Chunk(OUT, prompt, 0))
                line = next(lines, None)
                if line is None and not closed:
                    break
                reply = line
            case AwaitChange() | Tunnel():
                break
            case Save() | RunProgram():
                reply = done_here(turn.wanted)
        turn = made.go_on(reply)
    return Played(said, turn.wanted, None, held.world, made.seconds, made, held)


def done_here(wanted: Save | RunProgram) -> Reply:
    """What the process of a command would do, done in this one."""
    if isinstance(wanted, Save):
        try:
            if wanted.alone:
                wanted.path.unlink(missing_ok=True)
                wanted.path.touch(0o600)
            wanted.path.write_text(wanted.text, encoding="utf-8")
        except OSError as problem:
            return problem.errno or errno.EIO
        return 0
    try:
        done = subprocess.run(
            wanted.words,
            cwd=wanted.cwd,
            env=dict(wanted.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError:
        return Ran(127, "")
    return Ran(done.returncode, done.stdout.decode("utf-8", "replace"))
