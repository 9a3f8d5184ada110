"""What arrives while the engine works or waits: intentions of the operator, notices of the runner."""

import queue
from dataclasses import replace

from wizard.acts.plan import Value
from wizard.engine.captured_output import printed
from wizard.engine.evidence import prove
from wizard.engine.messages import (
    AddEvidence,
    AddNote,
    Detach,
    HandOver,
    Intention,
    IntentionRefused,
    Leave,
    ObserveOther,
    ResizePane,
    ScreenLent,
    StopCommand,
    TypeKeys,
    UsualTimes,
)
from wizard.engine.partial_output import cite_beside, cite_what_is_left
from wizard.engine.run_records import ended_event, last_lines
from wizard.engine.secret_rules import require_secret
from wizard.engine.session_context import SessionContext, Wake, monotonic
from wizard.engine.takeover_listener import TakeOverRequest
from wizard.engine.target_coordinator import TargetCoordinator
from wizard.engine.world_counts import count_world
from wizard.errors import UsageProblem
from wizard.execution.runner import (
    EndedNotice,
    LostNotice,
    Notice,
    RefusedNotice,
    ScreenGivenNotice,
)
from wizard.faults import Point, reach
from wizard.fields.parameters import Parameter
from wizard.model.substitute import check_value
from wizard.record.events import (
    Answered,
    Asked,
    Evidence,
    EvidenceAdded,
    FrontEndDetached,
    HandedOver,
    InputHidden,
    Noted,
    Resized,
    RunEnded,
    RunSettled,
    RunStarted,
    ScreenWanted,
    SessionPaused,
    StopRequested,
    ValueCaptured,
)
from wizard.record.recovery import FinishedRun, NotStarted, OutcomeUnknown, StillRunning, determine_outcome
from wizard.session import Answer, RunState, answer_event


_NOTE = 16 * 1024
_LINES = 6
"""Lines that tell why a watch is over."""
_NARROWEST = 80
"""Columns that a command has at least, however narrow its pane: reports and tables break below it."""


class InboxHandler:
    """Takes what arrives and records what it means.

    Args:
        context: The session.
        coordinator: Its hold on its target; None for a rehearsal, which has none.
    """

    def __init__(self, context: SessionContext, coordinator: TargetCoordinator | None) -> None:
        self._context = context
        self._coordinator = coordinator

    def handle_next(self, timeout: float | None) -> bool:
        """Take one arrival.

        Args:
            timeout: Seconds to wait for it; None waits as long as it takes.

        Returns:
            Whether something arrived.

        Raises:
            RecordProblem: What arrived could not be recorded.
        """
        try:
            item = self._context.inbox.get(timeout=timeout)
        except queue.Empty:
            return False
        if isinstance(item, Notice):
            self._notice(item)
        elif isinstance(item, UsualTimes):
            self._context.usual = item
            self._context.recorder.emit(item)
        elif isinstance(item, TakeOverRequest):
            if self._coordinator is not None:
                self._coordinator.wanted(item)
        elif not isinstance(item, Wake):
            self._intend(item)
        return True

    def take(self, intention: Intention) -> None:
        """Take an intention as if it had just arrived.

        Raises:
            RecordProblem: It could not be recorded.
        """
        self._intend(intention)

    def rest(self, seconds: float) -> None:
        """Wait, taking what arrives meanwhile; ends early when the engine leaves."""
        until = monotonic() + seconds
        while self._context.left is None and (left := until - monotonic()) > 0:
            self.handle_next(left)

    def _intend(self, intention: Intention) -> None:
        context = self._context
        running = context.state.open_run
        match intention:
            case Answer():
                self._answer(intention)
            case TypeKeys() | ResizePane() | StopCommand():
                self._to_command(intention, running)
            case AddNote(text=text):
                self._note(text)
            case AddEvidence(evidence=evidence):
                self._evidence(evidence)
            case Leave():
                count_world(context)
                context.recorder.record(SessionPaused(step=context.state.current, running=running is not None))
                context.left = "paused"
            case HandOver(note=note):
                self._hand_over(note)
            case Detach(cause=cause):
                context.recorder.record(FrontEndDetached(cause=cause))
                context.left = "detached"

    def _hand_over(self, note: str) -> None:
        context = self._context
        if not note.strip():
            context.recorder.emit(IntentionRefused("A hand-over needs a note: where things are, and what is next."))
            return
        running = context.state.open_run is not None
        context.recorder.record(HandedOver(note=note.strip()[:_NOTE], step=context.state.current, running=running))
        context.told = "Handed over."
        context.left = "paused"

    def _to_command(self, intention: TypeKeys | ResizePane | StopCommand, running: RunState | None) -> None:
        context = self._context
        if intention.run is not None:
            watched = [run for run in context.state.watches if run.intent.run == intention.run]
            running = watched[0] if watched else None
        elif isinstance(intention, ResizePane):
            context.recorder.record(Resized(columns=intention.columns, rows=intention.rows))
            context.pane = (max(_NARROWEST, intention.columns), max(1, intention.rows))
        if running is None:
            return
        run = running.intent.run
        match intention:
            case TypeKeys(data=data):
                context.runner.send_keys(run, data)
            case ResizePane() if not running.intent.full_screen:
                context.runner.resize(run, *context.pane)
            case ResizePane():
                pass  # the real terminal decides
            case StopCommand():
                if not running.stop_requested:
                    context.recorder.record(StopRequested(run=run, by=context.user))
                context.runner.stop(run, context.user)

    def _note(self, text: str) -> None:
        if text.strip():
            self._context.recorder.record(Noted(step=self._context.state.current, text=text.strip()[:_NOTE]))

    def _evidence(self, evidence: Evidence) -> None:
        context = self._context
        try:
            event = EvidenceAdded(step=context.state.current, evidence=prove(evidence, context))
            context.recorder.require_record_size(event)
        except UsageProblem as problem:
            context.recorder.emit(IntentionRefused(str(problem)))
            return
        context.recorder.record(event)

    def _answer(self, answer: Answer) -> None:
        context = self._context
        question = context.state.question
        if question is None:
            context.recorder.emit(IntentionRefused("Nothing is asked just now."))
            return
        try:
            answer = replace(answer, evidence=tuple(prove(each, context) for each in answer.evidence))
            if context.state.opened.mode == "rehearsal":
                answer = without_evidence(question, answer)
            event = answer_event(question, answer)
            self._check_value(question, event, answer.text)
            context.recorder.require_record_size(event)
        except UsageProblem as problem:
            context.recorder.emit(IntentionRefused(str(problem)))
            return
        if event.choice == "observe" and context.state.busy is not None and context.state.busy.holder is not None:
            context.recorder.emit(ObserveOther(context.folder.path.parent / context.state.busy.holder.session))
            return
        if event.question_kind == "secret" and event.choice == "answer":
            context.vault.keep(event.name, answer.text)
        context.recorder.record(event)
        self._follow_up(event)

    def _check_value(self, question: Asked, event: Answered, text: str) -> None:
        """Refuse a value that the procedure's rule for it refuses, and a secret that could not be kept."""
        if event.question_kind not in {"ask", "secret"} or event.choice != "answer":
            return
        if event.question_kind == "secret":
            require_secret(_rule(self._context, question), text, self._context.state.values)
        else:
            check_value(_rule(self._context, question), text)

    def _follow_up(self, event: Answered) -> None:
        """The second record that some answers make."""
        context = self._context
        if event.question_kind == "secret" and event.step is not None and event.choice == "answer":
            context.recorder.record(ValueCaptured(step=event.step, name=event.name, value=None))
        if event.question_kind == "take over" and event.choice == "refuse" and self._coordinator is not None:
            self._coordinator.keep(event.reason)
        if event.question_kind == "unknown" and event.choice in {"finished", "not-done"}:
            actor = context.state.undo or context.state.step(event.step or "")
            if actor.run is not None:
                finished = event.choice == "finished"
                context.recorder.record(
                    RunSettled(run=actor.run, finished=finished, by="operator", evidence=event.evidence)
                )

    def _notice(self, notice: Notice) -> None:
        context = self._context
        match notice:
            case RunStarted() if context.state.runs[notice.run].started is not None:
                pass  # a runner that re-attaches tells it again
            case RunStarted() | InputHidden() | ScreenWanted():
                context.recorder.record(notice)
            case EndedNotice():
                if notice.private is not None:
                    context.private_outputs[notice.run] = notice.private
                reach(Point.ENGINE_BEFORE_ENDED)
                self._ended(ended_event(notice.run, notice.report, while_away=False))
                reach(Point.ENGINE_AFTER_ENDED)
            case LostNotice(why=why):
                self.judge_run(
                    notice.run,
                    while_away=False,
                    told="Its supervisor was lost before it started the command.",
                    last_words=why,
                )
            case RefusedNotice():
                self._ended(RunEnded(run=notice.run, outcome="not started", problem=notice.sentence))
            case ScreenGivenNotice():
                context.recorder.emit(ScreenLent(notice.run, notice.terminal))

    def judge_run(self, run: int, *, while_away: bool, told: str = "", last_words: str = "") -> None:
        """Let the evidence in a run's folder say what became of it, and record that.

        Args:
            run: Its number.
            while_away: No wizard was there when it ended.
            told: Why it may not have been started, where that is known.
            last_words: Why its supervisor left no outcome, where it said so.
        """
        context = self._context
        claim_as = f"{context.user}, resuming" if while_away else context.user
        verdict = determine_outcome(context.folder.run(run), claim_as=claim_as)
        match verdict:
            case NotStarted(by=by):
                self._ended(RunEnded(run=run, outcome="not started", problem=told or by, while_away=while_away))
            case StillRunning():
                if while_away:
                    context.reattached.add(run)
                context.runner.reattach(context.folder.run(run), run, context.inbox.put)
                self._stop_again(context.state.runs[run])
            case FinishedRun(report=report):
                self._ended(ended_event(run, report, while_away=while_away))
            case OutcomeUnknown(why=why, output_final=final):
                ended = RunEnded(run=run, outcome="unknown", problem=last_words or why, while_away=while_away)
                if final:
                    self._ended(cite_what_is_left(ended, context.output(run)))
                else:
                    context.recorder.record(ended)

    def _ended(self, ended: RunEnded) -> None:
        """Record the end of a run whose folder nobody writes to any more."""
        ended = _with_lines(self._context, cite_beside(ended, self._context.output(ended.run)))
        self._context.recorder.record(ended)

    def _stop_again(self, run: RunState) -> None:
        """The wizard that had a watch ended may have died before its supervisor heard of it."""
        if run.intent.watch and run.stop_requested:
            self._context.runner.stop(run.intent.run, run.stopped_by)


def _with_lines(context: SessionContext, ended: RunEnded) -> RunEnded:
    """The end of a watch that should still run, with what it printed last; a private output is never quoted."""
    run = context.state.runs[ended.run]
    if not run.intent.watch or run.intent.private or run.stop_requested:
        return ended
    found = printed(context.output(ended.run), apart=run.intent.stderr_apart)
    return ended if found is None else ended.model_copy(update={"printed": end_of(found.both)})


def end_of(text: str) -> str:
    """The last lines of a text, behind a mark of their own where there are more."""
    whole = text.strip().splitlines()
    lines = last_lines("\n".join(whole[-_LINES:]), _LINES * _NARROWEST).splitlines()
    return "\n".join(lines if lines == whole else ["…", *lines])


def without_evidence(question: Asked, answer: Answer) -> Answer:
    """The answer of somebody who rehearses: where nothing happened there may be nothing to show, and that is said."""
    option = next((each for each in question.options if each.id == answer.choice), None)
    if answer.evidence or option is None or option.needs != "evidence":
        return answer
    kind = option.expects if option.expects in {"text", "url", "file"} else "text"
    return replace(answer, evidence=(Evidence.model_validate({"sort": kind, "text": "none (rehearsal)"}),))


def _rule(context: SessionContext, question: Asked) -> Parameter:
    """What an answer to a question must be."""
    if question.step is None:
        return context.procedure.parameters.get(question.name) or Parameter(any=True)
    plan = context.operation(question.step, undo=context.state.undo is not None)[1].act.plan
    own = plan.rule if isinstance(plan, Value) and plan.name == question.name else None
    return own or Parameter(any=True)
