"""Waiting: for a command, for an answer, for time to pass. Whatever arrives meanwhile is taken."""

from typing import Literal

from wizard.engine.intake import Intake
from wizard.engine.kit import Kit, monotonic
from wizard.engine.messages import Activity
from wizard.engine.pulse import Pulse
from wizard.events import Asked, SessionPaused, WaitEnded
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
        self._pulse = Pulse(kit)
        self._beat_at: dict[tuple[int, bool], float] = {}

    def close(self) -> None:
        """End what was started for it."""
        self._pulse.close()

    def wait(self, move: Follow | AwaitAnswer | Sit) -> None:
        kit = self._kit
        match move:
            case Follow(run=run):
                kit.recorder.emit(self._following(run))
                self._follow(run)
            case AwaitAnswer(question=question):
                kit.recorder.emit(Activity("asking", question.text))
                self._answered(question)
            case Sit(step=step, sort=sort, cut_short=reason) if reason:
                kit.recorder.record(WaitEnded(step=step, sort=sort, cut_short=reason))
            case Sit(step=step, sort=sort, left=left):
                title = fill_shown(kit.procedure.step(step).title, kit.state.values)
                kit.recorder.emit(Activity("waiting", title, left=max(left, 0.0)))
                self._sit(step, sort, left)

    def _following(self, run: int) -> Activity:
        """A watch that is followed is just starting, or the last thing before the record is closed."""
        state = self._kit.state
        if not state.runs[run].intent.watch:
            return Activity("running", run=run)
        return Activity("closing" if state.starting is None else "running")

    def _follow(self, run: int) -> None:
        """Wait for the next thing to happen, and feel the pulse of an act's run meanwhile."""
        kit = self._kit
        state = kit.state.runs[run]
        if state.intent.watch or state.intent.full_screen:  # a full screen has no output to be quiet or to grow
            self._intake.pump(None)
            return
        beat = run, state.started is not None  # it is looked at as soon as it is known to have started
        while (left := self._beat_at.get(beat, 0.0) - monotonic()) <= 0 or not self._intake.pump(left):
            self._beat_at[beat] = monotonic() + self._pulse.feel(state)

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
