"""Watches in lines: what they print, each line with its step's id before it, and what becomes of them."""

from collections.abc import Callable, Iterator
from time import monotonic

from wizard.engine import Update
from wizard.plain.lines import LinePrinter
from wizard.plain.tail import Tail
from wizard.record.events import InputHidden, RunEnded, RunIntent, ScreenWanted, StopRequested
from wizard.record.output import OutputLog
from wizard.session import SessionState
from wizard.session.plan_input import PlanInput
from wizard.session.rendering import render_watch
from wizard.session.run_words import left_words
from wizard.session.view import SessionView
from wizard.session.watching import over_words, watch_words


_RESTS = 0.5
"""Seconds after which the beginning of a line is taken for a prompt and shown as a line."""


class WholeLines:
    """Where one of several runs prints: whole lines only, each with a name before it.

    Args:
        name: The id of the run's step.
        lines: Where they go.
        prompts: The beginning of a line that goes no further is shown too, for somebody may have to answer it.
    """

    def __init__(self, name: str, lines: LinePrinter, *, prompts: bool = False) -> None:
        self._name = name
        self._lines = lines
        self._prompts = prompts
        self._begun: dict[str, str] = {}
        self._since = 0.0

    def piece(self, text: str, mark: str = "|") -> None:
        """Take a piece of sanitized output."""
        if not text:
            return
        *whole, rest = (self._begun.get(mark, "") + text).split("\n")
        for line in whole:
            self._say(mark, line)
        self._begun[mark] = rest
        self._since = monotonic()

    def say(self, text: str) -> None:
        """A line about the output."""
        self._lines.say(f"{self._name}{text}")

    def end(self) -> None:
        """What was begun is over."""
        for mark, text in self._begun.items():
            if text:
                self._say(mark, text)
        self._begun.clear()

    def rest(self) -> None:
        """Show what waits to be answered."""
        if self._prompts and monotonic() - self._since >= _RESTS:
            self.end()

    def _say(self, mark: str, line: str) -> None:
        self._lines.say(f"{self._name}{mark} {line}")


class Watches:
    """Follows the watches of a session.

    Args:
        lines: Where their output goes.
        output: What a run prints.
    """

    def __init__(self, lines: LinePrinter, output: Callable[[int], OutputLog]) -> None:
        self._lines = lines
        self._output = output
        self._tails: dict[int, Tail] = {}
        self._over: set[int] = set()

    @property
    def running(self) -> bool:
        """Whether there is one to be followed."""
        return bool(self._tails)

    def follow(self, state: SessionState, *, new: bool) -> None:
        """Follow those that run.

        Args:
            state: The session.
            new: They have just begun; of others only what comes from now on is shown.
        """
        for run in state.watches:
            if run.intent.run not in {*self._tails, *self._over}:
                self._tails[run.intent.run] = self._tail(run.intent, new=new)

    def finish(self, intent: RunIntent) -> None:
        """Show the rest of one that ended."""
        tail = self._tails.pop(intent.run, None)
        if tail is None and intent.run not in self._over:
            tail = self._tail(intent, new=True)
        self._over.add(intent.run)
        if tail is not None:
            tail.finish()

    def show(self) -> None:
        """Show the next of what they printed; a flood is not waited for."""
        for tail in self._tails.values():
            tail.show()

    @property
    def waiting(self) -> bool:
        """Whether there is something to be shown."""
        return any(tail.behind for tail in self._tails.values())

    def _tail(self, intent: RunIntent, *, new: bool) -> Tail:
        return Tail(self._output(intent.run), WholeLines(intent.step, self._lines), from_end=not new, aside=True)


def is_of_watch(update: Update) -> bool:
    """Whether an event is one of a watch that runs or ran."""
    event = update.happened.event
    if not isinstance(event, RunEnded | StopRequested | InputHidden | ScreenWanted):
        return False
    run = update.state.runs.get(event.run)
    return run is not None and run.intent.watch


def tell_watch(plan_input: PlanInput, update: Update) -> Iterator[str]:
    """The lines of an event of a watch."""
    event, state = update.happened.event, update.state
    match event:
        case RunIntent():
            step = plan_input.procedure.step(event.step)
            yield f"● it {render_watch(plan_input.procedure, step, state.values)}"
        case StopRequested():
            yield f"· {watch_words(event, plan_input.procedure, state)}"
        case RunEnded():
            yield f"· {watch_words(event, plan_input.procedure, state)}"
            yield from _printed(event.printed)
            yield from (f"  {left_words(left)}" for left in event.left_running)
        case _:
            return


def over(shown: SessionView) -> Iterator[str]:
    """What the card says of watches that should run and do not."""
    for each in shown.watches:
        if each.over:
            yield f"  ! {over_words(each)}"
            yield from _printed(each.printed)


def _printed(text: str) -> Iterator[str]:
    if text:
        yield "    it printed:"
        yield from (f"    {line}" for line in text.splitlines())
