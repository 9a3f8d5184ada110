"""What a front end has in place of an engine where it only looks on: the same messages, and nothing is ever done."""

import threading
from collections.abc import Callable
from pathlib import Path

from wizard.engine.environments import LocalEnvironment
from wizard.engine.messages import Detach, Intention, Leave, Message, Remark, SessionFinished, UsualTimes
from wizard.engine.record_follower import Observed
from wizard.engine.usual_durations import usual_times
from wizard.errors import ExitCode, UplevelError
from wizard.record.output import OutputLog
from wizard.session import SessionState, outcome
from wizard.session.operator_words import who_is_there
from wizard.session.plan_input import PlanInput
from wizard.session.run_words import sentence


_LOOK = 0.1
"""Seconds between two looks at the record."""


class SessionObserver:
    """Tells what is recorded in a session that somebody else has open.

    Args:
        path: The session's folder.

    Raises:
        UplevelError: Its record or its copy of the procedure cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.folder = path
        self._observed = Observed(path)
        self._observed.news()
        self._state = self._observed.state
        self._attended = True
        self._left = threading.Event()
        self._emit: Callable[[Message], None] = lambda _message: None
        self._thread = threading.Thread(target=self._run, name="uplevel-looking-on", daemon=True)

    @property
    def session(self) -> str:
        """The session's id."""
        return self._state.opened.session

    @property
    def plan_input(self) -> PlanInput:
        """What `view` needs beside the state."""
        return self._observed.plan_input

    @property
    def state(self) -> SessionState:
        """The state when the first message is still to come."""
        return self._state

    @property
    def environment(self) -> dict[str, str]:
        """What a program of the operator's own inherits: all but the variables that hold secrets of the procedure."""
        return LocalEnvironment(self.plan_input.procedure).variables()

    @property
    def way_on(self) -> str:
        """How to look on again."""
        return f"`uplevel observe {self.session}` looks on again."

    def output(self, run: int) -> OutputLog:
        """What a run printed; there may be nothing of it yet."""
        return self._observed.output(run)

    def redact(self, text: str) -> str:
        """The text: what is shown comes from a record, and no secret stands there."""
        return text

    def start(self, emit: Callable[[Message], None]) -> None:
        """Begin to look, on a thread of its own; the last message is `SessionFinished`."""
        self._emit = emit
        self._thread.start()

    def submit(self, intention: Intention) -> None:
        """Look no longer, where that is meant. Nothing else is done, whatever is wanted."""
        if isinstance(intention, Leave | Detach):
            self._left.set()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end; whether it has come."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            finished = self._look()
        except UplevelError as problem:
            finished = SessionFinished(problem.code, str(problem), self.folder)
        self._observed.close()
        self._emit(finished)

    def _look(self) -> SessionFinished:
        opened = self._state.opened
        usual = usual_times(self.folder.parent, opened.procedure.name, opened.mode)
        if usual != UsualTimes({}):
            self._emit(usual)
        while (ended := outcome(self._observed.state)) is None:
            if self._left.wait(_LOOK):
                return SessionFinished(ExitCode.COMPLETED, f"You stopped observing. {self.way_on}", self.folder)
            for update in self._observed.news():
                self._emit(update)
            self._who_is_there()
        return SessionFinished(ExitCode.COMPLETED, ended.sentence, self.folder)

    def _who_is_there(self) -> None:
        attended = self._observed.attended
        if attended != self._attended:
            self._attended = attended
            self._emit(Remark(sentence(who_is_there(self._observed.state, attended=attended))))
