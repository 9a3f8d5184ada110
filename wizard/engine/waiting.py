"""Waiting: for a command, for an answer, for time to pass. Whatever arrives meanwhile is taken."""

from typing import Literal

from wizard.engine.health_monitor import HealthMonitor
from wizard.engine.inbox_handler import InboxHandler
from wizard.engine.messages import Activity
from wizard.engine.session_context import SessionContext, monotonic
from wizard.fields.templates import render_text
from wizard.record.events import Asked, SessionPaused, WaitEnded
from wizard.session.actions import AwaitAnswer, ContinueWait, Follow


class Waiter:
    """Carries out the actions that wait.

    Args:
        context: The session.
        inbox_handler: Takes what arrives.
    """

    def __init__(self, context: SessionContext, inbox_handler: InboxHandler) -> None:
        self._context = context
        self._inbox_handler = inbox_handler
        self._monitor = HealthMonitor(context)
        self._beat_at: dict[tuple[int, bool], float] = {}

    def close(self) -> None:
        """End what was started for it."""
        self._monitor.close()

    def wait(self, action: Follow | AwaitAnswer | ContinueWait) -> None:
        context = self._context
        match action:
            case Follow(run=run):
                context.recorder.emit(self._following(run))
                self._follow(run)
            case AwaitAnswer(question=question):
                context.recorder.emit(Activity("asking", question.text))
                self._answered(question)
            case ContinueWait(step=step, kind=kind, cut_short=reason) if reason:
                context.recorder.record(WaitEnded(step=step, wait_kind=kind, cut_short=reason))
            case ContinueWait(step=step, kind=kind, left=left):
                title = render_text(context.procedure.step(step).title, context.state.values)
                context.recorder.emit(Activity("waiting", title, left=max(left, 0.0)))
                self._continue_wait(step, kind, left)

    def _following(self, run: int) -> Activity:
        """A watch that is followed is just starting, or the last thing before the record is closed."""
        state = self._context.state
        if not state.runs[run].intent.watch:
            return Activity("running", run=run)
        return Activity("closing" if state.starting is None else "running")

    def _follow(self, run: int) -> None:
        """Wait for the next thing to happen, and watch an act's run meanwhile."""
        context = self._context
        state = context.state.runs[run]
        if state.intent.watch or state.intent.full_screen:  # a full screen has no output to be quiet or to grow
            self._inbox_handler.handle_next(None)
            return
        beat = run, state.started is not None  # it is looked at as soon as it is known to have started
        while (left := self._beat_at.get(beat, 0.0) - monotonic()) <= 0 or not self._inbox_handler.handle_next(left):
            self._beat_at[beat] = monotonic() + self._monitor.poll(state)

    def _answered(self, question: Asked) -> None:
        context = self._context
        if context.auto is None:
            self._inbox_handler.handle_next(None)
            return
        self._inbox_handler.rest(context.dwell)
        if context.left is not None or context.state.question != question:
            return
        answer = context.auto.answer(question, context.state)
        if answer is None:
            context.recorder.record(SessionPaused(step=context.state.current))
            context.left = "paused"
            return
        self._inbox_handler.take(answer)
        if context.state.question == question:
            # It was refused, and it would be refused again.
            context.recorder.record(SessionPaused(step=context.state.current))
            context.left = "paused"

    def _continue_wait(self, step: str, kind: Literal["soak", "wait"], left: float) -> None:
        context = self._context
        if left > 0 and context.environment.real_time:
            self._inbox_handler.handle_next(min(left, 1.0))  # then the plan looks at the clocks again
            return
        question = context.state.question
        until = monotonic() + context.environment.pass_time(max(left, 0.0))
        while context.left is None and context.state.question == question and (rest := until - monotonic()) > 0:
            self._inbox_handler.handle_next(rest)
        if context.left is not None or context.state.question != question:
            return
        context.recorder.record(WaitEnded(step=step, wait_kind=kind))
