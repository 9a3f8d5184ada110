"""Asking the world: one check, polled until it says yes or its time is over, and one record of it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from wizard.checks import CheckVerdict
from wizard.engine.check_request import CheckRequest, check_order, judge_reply, no_reply, render_answer
from wizard.engine.inbox_handler import InboxHandler
from wizard.engine.messages import Activity
from wizard.engine.pattern_guard import PatternGuard
from wizard.engine.session_context import SessionContext, Wake, monotonic
from wizard.execution.runner import CheckReply
from wizard.record.events import AnswerCited, CheckAnswered


_CALLED_OFF = 2.0
"""Seconds a check that was called off may take to end before the engine leaves without it."""
_SHORTEST_PAUSE = 0.1
"""Seconds between two attempts, whatever the procedure says."""


@dataclass(frozen=True, slots=True)
class _Polled:
    """What came of all attempts together: the last reply and its verdict, the first one's text, how long it took."""

    reply: CheckReply
    verdict: CheckVerdict
    first: str
    attempts: int
    seconds: float


class CheckRunner:
    """Makes checks for the engine without ever keeping it from what arrives meanwhile.

    Args:
        context: The session.
        inbox_handler: Takes what arrives.
        guard: Makes the searches when an answer is judged.
    """

    def __init__(self, context: SessionContext, inbox_handler: InboxHandler, guard: PatternGuard) -> None:
        self._context = context
        self._guard = guard
        self._inbox_handler = inbox_handler
        self._pool = ThreadPoolExecutor(max_workers=3, thread_name_prefix="check")

    def close(self) -> None:
        """Call off what is under way."""
        self._context.runner.cancel_checks()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def ask(self, questions: Sequence[CheckRequest]) -> Iterator[tuple[CheckRequest, CheckVerdict]]:
        """Ask until yes or until the check's time is over; one record a question. Nothing when the engine leaves.

        Args:
            questions: The one that is asked, and behind it those that the same answer settles.
        """
        question, *settled = questions
        polled = self._poll(question)
        if polled is None:
            return
        cited = self.keep(polled.reply)
        self._record(question, polled, cited)
        yield question, polled.verdict
        for other in settled:
            verdict = judge_reply(other, polled.reply, self._guard)
            self._record(other, replace(polled, verdict=verdict, first=""), cited)
            yield other, verdict

    def _poll(self, question: CheckRequest) -> _Polled | None:
        context = self._context
        budget = question.check.within or 0.0
        began = monotonic()
        attempts, passed, first = 0, 0.0, ""
        while True:
            attempts += 1
            left = budget - passed if budget else None
            context.recorder.emit(Activity("checking", question.command, attempts, left))
            asked = monotonic()
            reply = self.reply(question)
            if reply is None:
                return None
            verdict = judge_reply(question, reply, self._guard)
            first = first or render_answer(question, reply, verdict)
            passed += monotonic() - asked
            if verdict.yes or passed >= budget:
                break
            pause = max(_SHORTEST_PAUSE, min(question.check.every, budget - passed))
            self._inbox_handler.rest(context.environment.pass_time(pause))
            passed += pause
            if context.left is not None:
                return None
        return _Polled(reply, verdict, first, attempts, monotonic() - began)

    def reply(self, question: CheckRequest) -> CheckReply | None:
        context = self._context
        order = check_order(question, context.procedure, context.environment, context.vault)
        if isinstance(order, str):
            return no_reply(order)
        try:
            future = self._pool.submit(context.runner.check, order)
        except RuntimeError as problem:  # the system has no thread to give
            return no_reply(f"The check could not be started: {problem}.")
        future.add_done_callback(lambda _: context.inbox.put(Wake()))
        while not future.done():
            self._inbox_handler.handle_next(None)
            if context.left is not None:
                context.runner.cancel_checks()
                wait([future], timeout=_CALLED_OFF)
                return None
        try:
            return future.result()
        except OSError as problem:
            return no_reply(f"The check could not be made: {problem}.")

    def keep(self, reply: CheckReply) -> AnswerCited:
        """Keep a whole answer, redacted, and say where it lies.

        Raises:
            RecordProblem: It cannot be kept.
        """
        text = (reply.stdout + reply.stderr).decode("utf-8", "replace")
        cited = self._context.checks.append(self._context.vault.redact(text).encode())
        return AnswerCited(offset=cited.offset, len=cited.length, sha256=cited.sha256)

    def _record(self, question: CheckRequest, polled: _Polled, cited: AnswerCited) -> None:
        reply, verdict = polled.reply, polled.verdict
        self._context.recorder.record(
            CheckAnswered(
                step=question.step,
                undo=question.undo,
                purpose=question.purpose,
                index=question.index,
                command=question.command,
                wanted=question.wanted,
                verdict=verdict.answer,
                why=verdict.why,
                exit=reply.exit,
                got=render_answer(question, reply, verdict),
                first=polled.first if polled.attempts > 1 else "",
                attempts=polled.attempts,
                seconds=round(polled.seconds, 3),
                answer=cited,
            )
        )
