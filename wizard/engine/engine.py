"""The engine of one session: a thread that conducts, an inbox before it, an emitter behind it."""

import shutil
import threading
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from wizard.engine.actors import name_actor
from wizard.engine.after_leaving import transcript_of, way_on
from wizard.engine.conductor import Conductor
from wizard.engine.environments import LocalEnvironment
from wizard.engine.messages import Intention, Message, RecordTrouble, Remark, SessionFinished
from wizard.engine.session_context import SessionContext
from wizard.engine.target_coordinator import TargetCoordinator
from wizard.engine.usual_durations import look_for_usual
from wizard.engine.world_counts import count_world
from wizard.errors import ExitCode, RecordProblem, UplevelError
from wizard.record.events import FrontEndAttached, FrontEndDetached, SessionPaused
from wizard.record.locks import Lock
from wizard.record.output import OutputLog
from wizard.session import SessionState, outcome
from wizard.session.plan_input import PlanInput


class Engine:
    """One session, being conducted.

    Args:
        context: The session's parts; the engine closes them when it is over.
        lock: The session's lock, held.
        attached: What the record says of the front end.
        pending: Runs that were open when the session was taken up; judged before anything else.
        known: What is to be said at the beginning; empty for nothing.
    """

    def __init__(
        self,
        context: SessionContext,
        lock: Lock,
        attached: FrontEndAttached,
        pending: tuple[int, ...] = (),
        *,
        known: str = "",
    ) -> None:
        self._known = known
        self._context = context
        self._coordinator = None if context.locks is None else TargetCoordinator(context, context.locks)
        self._lock = lock
        self._attached = attached
        self._pending = pending
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._emit: Callable[[Message], None] = lambda _message: None

    @property
    def session(self) -> str:
        """The session's id."""
        return self._context.folder.session_id

    @property
    def folder(self) -> Path:
        """The session's folder."""
        return self._context.folder.path

    @property
    def plan_input(self) -> PlanInput:
        """What `view` needs beside the state."""
        return self._context.plan_input

    @property
    def state(self) -> SessionState:
        """The state now; front ends use the one that came with the last `Update`."""
        return self._context.state

    def output(self, run: int) -> OutputLog:
        """What a run printed; there may be nothing of it yet."""
        return self._context.output(run)

    @property
    def environment(self) -> dict[str, str]:
        """What a program of the operator's own inherits: all but the variables that hold secrets of the procedure."""
        return LocalEnvironment(self._context.procedure).variables()

    @property
    def way_on(self) -> str:
        """How to go on with the session, as its folder is now."""
        return way_on(self.folder)

    def start(self, emit: Callable[[Message], None]) -> None:
        """Begin to conduct.

        Args:
            emit: Told every message, from the engine's own thread; the last one is `SessionFinished`.
        """
        self._emit = emit
        self._thread.start()

    def submit(self, intention: Intention) -> None:
        """Hand in an intention; never blocks."""
        self._context.inbox.put(intention)

    def redact(self, text: str) -> str:
        """The text with every secret of the session replaced, for the last words of a crash."""
        return self._context.vault.redact(text)

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end.

        Args:
            timeout: Seconds at most; None waits as long as it takes.

        Returns:
            Whether the engine is over.
        """
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        finished = self._conduct()
        try:
            self._close()
        except (UplevelError, OSError):
            pass  # all is on the disk already; what could not be closed ends with the process
        finally:
            self._emit(finished)

    def _conduct(self) -> SessionFinished:
        context = self._context
        try:
            context.recorder.emit = self._emit
            context.recorder.record(self._attached)
            if self._known:
                self._emit(Remark(self._known))
            if not self._pending and context.state.questions == 0 and context.state.current is None:
                context.anchor("open")
            name_actor(context, self._attached)
            count_world(context)
            look_for_usual(context)
            conductor = Conductor(context, self._coordinator)
            for run in self._pending:
                conductor.inbox_handler.judge_run(run, while_away=True)
            conductor.conduct()
            self._say_goodbye()
            if context.left == "closed":
                context.anchor_the_end()
                context.told = context.environment.told()
                self._clear_private()
        except RecordProblem as problem:
            return self._record_trouble(problem)
        except UplevelError as problem:
            return SessionFinished(problem.code, f"{problem} {self.way_on}", self.folder)
        # The named edge of the engine's thread: a fault of ours must not take the operator's screen with it.
        except Exception as problem:  # noqa: BLE001
            return SessionFinished(ExitCode.FAILED, self._crash(problem), self.folder)
        seq, head = context.recorder.journal.head
        return SessionFinished(self._code(), self._last_sentence(), self.folder, head, seq + 1)

    def _say_goodbye(self) -> None:
        context = self._context
        if context.left != "detached":
            context.recorder.record(FrontEndDetached(cause=context.left or "closed"))

    def _clear_private(self) -> None:
        """Remove `${private}`: nobody can take the session up again, and what lies there may be tokens and keys."""
        private = self._context.private
        try:
            shutil.rmtree(private)
        except FileNotFoundError:
            return
        except OSError as problem:
            why = problem.strerror or problem
            self._context.told += f" The private folder {private} could not be removed ({why}); delete it yourself."

    def _record_trouble(self, problem: RecordProblem) -> SessionFinished:
        """The record cannot be written: nothing new starts; the reserve is given up for one last record."""
        context = self._context
        self._emit(RecordTrouble(str(problem)))
        try:
            context.recorder.journal.release_reserve()
            if context.recorder.journal.dead:
                context.recorder.journal.reread()
            running = context.state.open_run is not None
            context.recorder.record(SessionPaused(step=context.state.current, running=running))
        except (UplevelError, OSError):
            sentence = f"{problem} Not even a last record could be written. {self.way_on}"
            return SessionFinished(ExitCode.RECORD, sentence, self.folder)
        return SessionFinished(ExitCode.RECORD, f"{problem} {self.way_on}", self.folder)

    def _crash(self, problem: Exception) -> str:
        """Type, redacted message, file and line; never locals."""
        frame = traceback.extract_tb(problem.__traceback__)[-1]
        where = f"{Path(frame.filename).name}:{frame.lineno}"
        told = self._context.vault.redact(str(problem))
        return f"uplevel itself failed: {type(problem).__name__} at {where}: {told}. {self.way_on}"

    def _code(self) -> ExitCode:
        if not self._context.folder.journal.is_file():
            return ExitCode.RECORD
        ended = outcome(self._context.state)
        if self._context.left != "closed" or ended is None:
            return ExitCode.PAUSED
        return {"completed": ExitCode.COMPLETED, "ended": ExitCode.UNPROVEN}.get(ended.word, ExitCode.FAILED)

    def _last_sentence(self) -> str:
        state = self._context.state
        ended = outcome(state)
        if self._context.left != "closed" or ended is None:
            return f"{self._context.told} Paused.{_goes_on(state)} {self.way_on}".lstrip()
        words = ended.sentence
        if state.was_auto:
            words += " It played by itself (--auto)."
        if state.going_on:
            words += f" `uplevel resume {state.going_on}` goes on with the other one."
        return f"{words} {transcript_of(self.folder)}{self._context.told}"

    def _close(self) -> None:
        context = self._context
        with ExitStack() as each:
            if self._coordinator is not None:
                each.callback(self._coordinator.close, for_good=context.left == "closed")
            for close in (self._lock.release, context.recorder.journal.close, context.checks.close):
                each.callback(close)
            each.callback(context.ports.release)
            each.callback(context.environment.close, for_good=context.left == "closed")
            each.callback(context.runner.close)


def _goes_on(state: SessionState) -> str:
    """What runs without a wizard, in sentences behind another."""
    told = ""
    if (run := state.open_run) is not None:
        whole = " The program that had the whole screen is hung up, for nobody can see it any more."
        told = whole if run.intent.full_screen else " The command goes on without uplevel."
    if state.watches:
        which = "The watch goes on" if len(state.watches) == 1 else f"The {len(state.watches)} watches go on"
        told += f" {which} without uplevel, for ten minutes at most."
    return told
