"""Waiting: for a command, for an answer, for time to pass. Whatever arrives meanwhile is taken."""

from typing import Literal

from wizard.engine.intake import Intake
from wizard.engine.kit import Kit, monotonic
from wizard.engine.messages import Activity
from wizard.events import Asked, RunQuiet, SessionPaused, WaitEnded
from wizard.session.moves import AwaitAnswer, Follow, Sit
from wizard.session.shown import fill_shown


class Waiter:
    """Makes the moves that wait.

    Args:
        kit: The session.
        intake: Takes what arrives.
    """

    def __init__(self, kit: Kit, intake: Intake) -> None:
        self._kit = kit
        self._intake = intake
        self._quiet: set[int] = set()
        self._grown: dict[int, tuple[int, float]] = {}

    def wait(self, move: Follow | AwaitAnswer | Sit) -> None:
        kit = self._kit
        match move:
            case Follow(run=run):
                kit.recorder.emit(Activity("running", run=run))
                self._follow(run)
            case AwaitAnswer(question=question):
                kit.recorder.emit(Activity("asking", question.text))
                self._answered(question)
            case Sit(step=step, sort=sort, left=left):
                title = fill_shown(kit.procedure.step(step).title, kit.state.values)
                kit.recorder.emit(Activity("waiting", title, left=max(left, 0.0)))
                self._sit(step, sort, left)

    def _follow(self, run: int) -> None:
        """Wait for the next thing to happen to a run; say so once when it has been silent for long."""
        kit = self._kit
        intent = kit.state.runs[run].intent
        _, doing = kit.doing(intent.step, undo=intent.undo)
        if doing.quiet_for is None or run in self._quiet:
            self._intake.pump(None)
            return
        silent = monotonic() - self._last_word(run)
        if silent >= doing.quiet_for:
            self._quiet.add(run)
            kit.recorder.record(RunQuiet(run=run, seconds=round(silent, 1)))
        else:
            self._intake.pump(doing.quiet_for - silent)

    def _last_word(self, run: int) -> float:
        """When the run's output last grew, on the waiting clock."""
        try:
            size = self._kit.output(run).stat().st_size
        except OSError:
            size = 0
        known, since = self._grown.get(run, (-1, 0.0))
        if size != known:
            since = monotonic()
            self._grown[run] = (size, since)
        return since

    def _answered(self, question: Asked) -> None:
        kit = self._kit
        if kit.auto is None:
            self._intake.pump(None)
            return
        self._intake.rest(kit.dwell)
        if kit.left is not None or kit.state.question != question:
            return
        answer = kit.auto.answer(question, kit.state)
        if answer is None:
            kit.recorder.record(SessionPaused(step=kit.state.current))
            kit.left = "paused"
            return
        self._intake.take(answer)
        if kit.state.question == question:
            # It was refused, and it would be refused again.
            kit.recorder.record(SessionPaused(step=kit.state.current))
            kit.left = "paused"

    def _sit(self, step: str, sort: Literal["soak", "wait"], left: float) -> None:
        kit = self._kit
        if left > 0 and kit.ground.real_time:
            self._intake.pump(min(left, 1.0))  # then the plan looks at the clocks again
            return
        question = kit.state.question
        until = monotonic() + kit.ground.pass_time(max(left, 0.0))
        while kit.left is None and kit.state.question == question and (rest := until - monotonic()) > 0:
            self._intake.pump(rest)
        if kit.left is not None or kit.state.question != question:
            return
        kit.recorder.record(WaitEnded(step=step, sort=sort))
