"""The stop ladder: INT, then TERM, then grace, then KILL, until nobody of the command's tree is left."""

import signal
from collections.abc import Callable
from dataclasses import dataclass

from wizard.execution.supervisor.processes import Process, descendants, send


_AFTER_INT = 2.0
"""Seconds a command gets to end by itself after INT, or its grace if that is shorter."""
_BETWEEN_KILLS = 0.05
_MOST_KILLS = 100
HANG_UP = "hang-up"
"""Why a program that had the whole screen is stopped when nobody can see it any more."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Who stopped it (None for a machine) and why: operator, timeout, signal, alone or hang-up."""

    by: str | None
    reason: str


class Termination:
    """Climbs from the polite signal to the last one.

    Args:
        grace: Seconds between TERM and KILL.
        foreground: Tells the group that reads from the terminal; it and the leader's get INT.
        leader_group: The group of the command itself.
    """

    def __init__(self, grace: float, foreground: Callable[[], int], leader_group: int) -> None:
        self.stopped: Stopped | None = None
        self.done = False
        self._grace = grace
        self._foreground = foreground
        self._leader_group = leader_group
        self._rungs: list[tuple[float, signal.Signals]] = []

    @property
    def climbing(self) -> bool:
        """Whether a stop was asked for and somebody may still be alive."""
        return self.stopped is not None and not self.done

    def begin(self, now: float, stopped: Stopped) -> None:
        """Start climbing; who asks second changes nothing. A hang-up begins with HUP instead of INT."""
        if self.stopped is not None:
            return
        self.stopped = stopped
        term = now + min(_AFTER_INT, self._grace)
        kill = term + self._grace
        first = signal.SIGHUP if stopped.reason == HANG_UP else signal.SIGINT
        self._rungs = [(now, first), (term, signal.SIGTERM)]
        self._rungs += [(kill + step * _BETWEEN_KILLS, signal.SIGKILL) for step in range(_MOST_KILLS)]

    def advance(self, now: float, *, leader_gone: bool) -> None:
        """Send what is due and see whether the tree is empty.

        Args:
            now: By the monotonic clock.
            leader_gone: Whether the command itself has ended.
        """
        tree = descendants()
        if leader_gone and not tree:
            self.done = True
            return
        while self._rungs and self._rungs[0][0] <= now:
            self._signal(tree, self._rungs.pop(0)[1])
        # Whoever survives a hundred KILLs sleeps in the kernel; it is reported as left running.
        self.done = not self._rungs

    def _signal(self, tree: list[Process], number: signal.Signals) -> None:
        if number in {signal.SIGINT, signal.SIGHUP}:
            asked = {self._leader_group, self._foreground()}
            send([one for one in tree if one.group in asked], number)
            return
        send(tree, number)
        send(tree, signal.SIGCONT)
