"""Looking on at a session, line by line: what its record and its running command say, and nothing is asked."""

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from wizard.engine import Update
from wizard.engine.record_follower import Observed
from wizard.errors import ExitCode, UplevelError
from wizard.fields.templates import render_text
from wizard.plain.lines import LinePrinter
from wizard.plain.narrate import Narrator
from wizard.plain.tail import Tail
from wizard.session import outcome
from wizard.session.operator_words import who_is_there


_LOOK = 0.1
"""Seconds between two looks at the record and the output."""
_BEFORE = 20
"""Lines of what happened before somebody looked on."""


class Observer:
    """Shows one session until it is closed, or until whoever looks has seen enough.

    Args:
        observed: The session.
        lines: Where it is told; None for standard output.
    """

    def __init__(self, observed: Observed, lines: LinePrinter | None = None) -> None:
        self._observed = observed
        self._lines = lines or LinePrinter()
        self._narrator = Narrator(answers=True)
        self._tail: Tail | None = None
        self._following: int | None = None
        self._attended = True

    def run(self, rest: Callable[[float], None] = time.sleep) -> ExitCode:
        """Look on.

        Args:
            rest: Waits between two looks.

        Raises:
            KeyboardInterrupt: Whoever looks has seen enough.
            UplevelError: The record went on as it must not.
        """
        self._begin()
        while True:
            for update in self._observed.news():
                self._tell(update)
            if self._tail is not None:
                self._tail.show()
            if (ended := outcome(self._observed.state)) is not None:
                self._lines.say(ended.sentence)
                return ExitCode.COMPLETED
            self._who_is_there()
            rest(_LOOK)

    def _begin(self) -> None:
        """Where the session is now, below the last lines of how it came there."""
        told: deque[str] = deque(maxlen=_BEFORE)
        for update in self._observed.news():
            told.extend(self._narrator.tell(self._observed.plan_input, update))
        state = self._observed.state
        opened, at = state.opened, state.current
        step = "" if at is None else render_text(self._observed.plan_input.procedure.step(at).title, state.values)
        title = render_text(opened.procedure.title, state.values)
        operator = state.current_operator
        self._lines.say(
            f"Looking on at session {opened.session}: {title}, {opened.mode.upper()}, "
            f"{operator.user} on {operator.host}{f', at the step “{step}”' if step else ''}. Ctrl+C ends it; "
            "nothing that is typed here goes anywhere."
        )
        for line in told:
            self._lines.say(line)
        self._follow()

    def _tell(self, update: Update) -> None:
        run = update.state.open_run
        if self._tail is not None and (run is None or run.intent.run != self._following):
            self._tail.finish()
            self._tail = None
        for line in self._narrator.tell(self._observed.plan_input, update):
            self._lines.say(line)
        self._follow()

    def _follow(self) -> None:
        """Follow the output of the command that runs now."""
        run = self._observed.state.open_run
        if run is not None and self._tail is None and not run.intent.full_screen:
            self._following = run.intent.run
            self._tail = Tail(self._observed.output(run.intent.run), self._lines)

    def _who_is_there(self) -> None:
        """Say when the session is left, and when somebody takes it up again."""
        attended = self._observed.attended
        if attended != self._attended:
            self._attended = attended
            self._lines.say(f"! {who_is_there(self._observed.state, attended=attended)}")


def look_on(folder: Path, lines: LinePrinter) -> None:
    """Look on at a session until whoever looks has seen enough, or why that cannot be."""
    try:
        observed = Observed(folder)
    except UplevelError as problem:
        lines.say(f"! {problem}")
        return
    try:
        Observer(observed, lines).run()
    except KeyboardInterrupt:
        lines.end()
    except UplevelError as problem:
        lines.say(f"! {problem}")
    finally:
        observed.close()
