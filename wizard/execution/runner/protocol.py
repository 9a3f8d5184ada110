"""What the engine asks of a runner and hears from it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from wizard.execution.checker import CheckOrder, CheckReply
from wizard.execution.supervisor.order import Order
from wizard.record.events import InputHidden, RunStarted, ScreenWanted
from wizard.record.recovery import ExitReport


@dataclass(frozen=True, slots=True)
class EndedNotice:
    """The command ended, and `exit.json` says how.

    Attributes:
        private: Its standard output where that was private; nobody else has it.
    """

    run: int
    report: ExitReport
    private: str | None = None


@dataclass(frozen=True, slots=True)
class LostNotice:
    """The supervisor died without leaving an outcome; `judge` tells what can be known.

    Attributes:
        why: What it said at last, as a sentence: it could not write the outcome down. Empty where it said nothing.
    """

    run: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class RefusedNotice:
    """Nothing was started: no such program, not executable, or the run was claimed by somebody else.

    Attributes:
        sentence: Why, for the operator.
        report: What `exit.json` says, where there is one.
    """

    run: int
    sentence: str
    report: ExitReport | None = None


@dataclass(frozen=True, slots=True)
class ScreenGivenNotice:
    """The program of an order with `full` waits to be shown; told to the wizard that gave the order, and to no other.

    Attributes:
        terminal: Our end of the program's terminal, a descriptor that is the receiver's to close; non-blocking.
    """

    run: int
    terminal: int


Notice = RunStarted | EndedNotice | LostNotice | RefusedNotice | InputHidden | ScreenGivenNotice | ScreenWanted
"""What is recorded as it was told is told as the event that it is."""


class Runner(Protocol):
    """Runs commands for the engine: real ones, or those of a rehearsal."""

    @property
    def processes(self) -> bool:
        """Whether commands are processes, which reach a pretend platform by a channel only."""
        ...

    def start(self, order: Order, notify: Callable[[Notice], None]) -> None:
        """Send an order; everything else is told by notices, on another thread.

        The last notice of a run is one of `EndedNotice`, `RefusedNotice` and `LostNotice`.
        """
        ...

    def reattach(self, folder: Path, run: int, notify: Callable[[Notice], None]) -> None:
        """Follow a run that another wizard started and whose supervisor still lives."""
        ...

    def connected(self, run: int) -> bool:
        """Whether there is a line to the run's supervisor now."""
        ...

    def send_keys(self, run: int, data: bytes) -> None:
        """Type into the command's terminal. They are recorded nowhere."""
        ...

    def resize(self, run: int, columns: int, rows: int) -> None:
        """Tell the command its window size, in characters."""
        ...

    def stop(self, run: int, who: str) -> None:
        """Stop the command and all it started: INT, TERM, grace, KILL, sweep.

        Args:
            run: Number of the run.
            who: The person who asks; stands in the record.
        """
        ...

    def check(self, ask: CheckOrder) -> CheckReply:
        """Run a check and wait for its answer; up to three at once, from different threads."""
        ...

    def cancel_checks(self) -> None:
        """Call off every check that is running; they reply at once, with a problem."""
        ...

    def close(self) -> None:
        """End what only waits. Commands that run go on without a wizard."""
        ...
