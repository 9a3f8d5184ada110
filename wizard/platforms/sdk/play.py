"""A pretend command on its way: from one thing it waits for to the next, each time on the world as it is by then."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from wizard.platforms.sdk import drills
from wizard.platforms.sdk.invocation import Chunk, CommandEnded, Invocation, Reply, Steps, Wanted, WorkDir
from wizard.platforms.sdk.platform import Platform


class Changing(Protocol):
    """Where a world is to be had, to be changed."""

    def changing(self) -> AbstractContextManager[Any]: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """What a command did until it waited for something, or ended.

    Attributes:
        said: What it said, in order.
        wanted: What it waits for; None: it has ended.
        code: Its exit code, once it has ended.
    """

    said: Sequence[Chunk]
    wanted: Wanted | None
    code: int = 0


class Play:
    """One pretend command from its start to its end.

    Args:
        platform: Whose command it is.
        store: The world it acts on.
        words: The command, its bare name first.
        environment: The command's environment.
        place: Where it runs.

    Raises:
        KeyError: There is no such pretend command.
    """

    def __init__(
        self,
        platform: Platform[Any],
        store: Changing,
        words: Sequence[str],
        environment: Mapping[str, str],
        place: WorkDir,
    ) -> None:
        self._platform, self._store = platform, store
        self._tool = platform.tools[words[0]]
        self._given = words[1:], environment, place
        self._call: Invocation[Any] | None = None
        self._steps: Steps | None = None

    @property
    def seconds(self) -> int:
        """The world time it took so far."""
        return 0 if self._call is None else self._call.seconds

    def go_on(self, reply: Reply = None) -> Turn:
        """Carry it on, from its start or with the reply to what it waited for.

        Raises:
            OSError: The world cannot be read or written.
            ValueError: The world is damaged; so with the others of `store.DAMAGED`.
        """
        with self._store.changing() as world:
            if self._call is None:
                call = self._call = Invocation(world, *self._given)
            else:
                call = self._call
                call.world = world
            try:
                wanted, code = self._next(call, reply), 0
            except CommandEnded as ended:
                wanted, code = None, ended.code
            return Turn(call.take_said(), wanted, code)

    def close(self) -> None:
        """End it where it stands: nobody waits for it any more."""
        if self._steps is not None:
            self._steps.close()

    def _next(self, call: Invocation[Any], reply: Reply) -> Wanted | None:
        try:
            if self._steps is not None:
                return self._steps.send(reply)
            call.spend(self._tool.seconds)
            drills.tick(call.world, self._platform.faults)
            self._steps = self._tool.run(call)
            return None if self._steps is None else next(self._steps)
        except StopIteration:
            return None
