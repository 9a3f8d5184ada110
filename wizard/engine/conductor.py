"""The loop: ask the plan for the next action, carry it out, record it; until the session rests."""

from dataclasses import replace
from typing import assert_never

from wizard.acts.plan import TickAll
from wizard.checks.model import Check
from wizard.engine.captured_output import CapturedOutput, printed, private_output
from wizard.engine.check_request import CheckRequest, together
from wizard.engine.check_runner import CheckRunner
from wizard.engine.commands import command_of
from wizard.engine.inbox_handler import InboxHandler
from wizard.engine.messages import Activity
from wizard.engine.pattern_guard import PatternGuard
from wizard.engine.real_terminal import terminal_size
from wizard.engine.run_records import (
    impossible,
    intent_of,
    judge_act,
    last_lines,
    order_of,
    wanted_of_act,
)
from wizard.engine.session_context import SessionContext
from wizard.engine.target_coordinator import TargetCoordinator
from wizard.engine.waiting import Waiter
from wizard.engine.world_counts import count_world
from wizard.errors import CannotRun, EvidenceBroken, UsageProblem
from wizard.faults import Point, reach
from wizard.model.procedure import Operation
from wizard.record.events import (
    Asked,
    CheckAnswered,
    PhaseEnded,
    RunEnded,
    RunIntent,
    SessionClosed,
    SessionPaused,
    StopRequested,
    ValueCaptured,
    ValueRemembered,
    WorldPlayed,
)
from wizard.session.action_events import event_of
from wizard.session.actions import (
    Action,
    AskQuestion,
    AwaitAnswer,
    BeginStep,
    BeginUndo,
    CaptureValue,
    Close,
    CloseOther,
    ContinueWait,
    EndPhase,
    EndStep,
    EndWatch,
    Evaluate,
    Follow,
    Hold,
    JudgeOutput,
    Nothing,
    Pause,
    RequestTakeOver,
    RunCheck,
    Settle,
    SimulateItem,
    StartRun,
    StartWait,
    Yield,
)
from wizard.session.plan import plan
from wizard.session.rendering import render_command


_SHOWN = 400
"""Characters of an act's output that its judgement carries; the whole output is cited by its end."""


class Conductor:
    """Carries out the actions of one session.

    Args:
        context: The session.
        coordinator: Its hold on its target; None for a rehearsal, which has none.
    """

    def __init__(self, context: SessionContext, coordinator: TargetCoordinator | None) -> None:
        self._context = context
        self._coordinator = coordinator
        self.inbox_handler = InboxHandler(context, coordinator)
        self._guard = PatternGuard()
        self._check_runner = CheckRunner(context, self.inbox_handler, self._guard)
        self._waiter = Waiter(context, self.inbox_handler)

    def conduct(self) -> None:
        """Carry out actions until the session is closed or left.

        Raises:
            RecordProblem: The record cannot be written; nothing further was started.
        """
        context = self._context
        self._guard.prepare()
        try:
            while context.left is None:
                self._make(plan(context.plan_input, context.state, context.clock.now()))
        finally:
            self._waiter.close()
            self._check_runner.close()
            self._guard.close()

    def _make(self, action: Action) -> None:
        match action:
            case BeginStep() | BeginUndo() | EndStep() | AskQuestion() | StartWait() | Settle():
                self._context.recorder.record(event_of(action))
                self._tell_others(action)
            case Hold() | RequestTakeOver() | Yield() | CloseOther():
                self._share(action)
            case Evaluate() | RunCheck():
                self._run_checks(action)
            case JudgeOutput() | CaptureValue():
                self._judge(action)
            case StartRun():
                self._start_run(action)
            case EndWatch(run=run, by=by):
                self._end_watch(run, by)
            case Follow() | AwaitAnswer() | ContinueWait():
                self._waiter.wait(action)
            case SimulateItem():
                self._simulate_item(action)
            case EndPhase() | Pause() | Close() | Nothing():
                self._end(action)
            case _:
                assert_never(action)

    # Others at the same target

    def _share(self, action: Hold | RequestTakeOver | Yield | CloseOther) -> None:
        coordinator = self._coordinator
        if coordinator is None:
            raise ValueError("a session without a target to hold has nothing to share")
        match action:
            case Hold():
                coordinator.hold()
            case RequestTakeOver(reason=reason):
                coordinator.take_over(reason, self.inbox_handler.handle_next)
            case Yield():
                coordinator.give()
            case CloseOther(session=session, reason=reason):
                coordinator.close_other(session, reason)

    def _tell_others(self, action: Action) -> None:
        coordinator = self._coordinator
        if coordinator is None:
            return
        match action:
            case BeginStep(step=step):
                coordinator.at_step(step)
            case AskQuestion(question=Asked(question_kind="take over")):
                coordinator.asked()
            case _:
                pass

    # Checks

    def _run_checks(self, action: RunCheck | Evaluate) -> None:
        context = self._context
        behind = action.step if isinstance(action, RunCheck) and action.purpose == "held" else None
        for question, verdict in self._check_runner.ask(together(action, context.procedure, context.values(behind))):
            if verdict.yes and question.name and question.step is not None:
                context.recorder.record(ValueCaptured(step=question.step, name=question.name, value=verdict.value))
            elif verdict.yes and question.name and question.purpose in {"target", "who", "remember"}:
                context.recorder.record(
                    ValueRemembered(scope=question.purpose, name=question.name, value=verdict.value)
                )
            elif not verdict.yes and isinstance(action, Evaluate):
                return  # it is asked about; what the same answer tells besides is taken when that is settled

    # Acts

    def _start_run(self, action: StartRun) -> None:
        context = self._context
        step, operation = context.operation(action.step, undo=action.undo)
        run = max(context.state.runs, default=0) + 1
        actor = context.state.undo if action.undo and context.state.undo is not None else context.state.step(step.id)
        attempt = actor.attempt + 1
        values = {**context.values(), "attempt": str(attempt)}
        size = terminal_size() if operation.screen == "full" else context.pane
        if size is None:
            self._no_terminal()
            return
        try:
            command = command_of(operation, context.procedure, context.environment, values, context.vault)
            place = context.folder.run(run)
            order = order_of(
                command, operation, context.environment, context.vault, values, run=run, folder=place, size=size
            )
        except (CannotRun, UsageProblem) as problem:
            line = render_command(operation, values)
            context.recorder.record(
                impossible(operation, step, line, context.environment.cwd, run=run, attempt=attempt)
            )
            context.recorder.record(RunEnded(run=run, outcome="not started", problem=str(problem)))
            return
        if self._coordinator is not None and operation.act.beside is None:  # a watch keeps nobody away
            order = replace(order, holds=self._coordinator.descriptor)
        reach(Point.ENGINE_BEFORE_INTENT)
        context.recorder.record(intent_of(command, step, operation, order, attempt=attempt))
        reach(Point.ENGINE_AFTER_INTENT)
        context.folder.run_folder(run)
        try:
            context.runner.start(order, context.inbox.put)
        except (OSError, RuntimeError) as problem:  # no process or no thread; the run's folder knows what is true
            self.inbox_handler.judge_run(run, while_away=False, told=f"The command could not be started: {problem}")
            return
        reach(Point.ENGINE_ORDER_SENT)

    def _end_watch(self, run: int, by: str) -> None:
        """The record first, so that whoever resumes asks for the stop again."""
        context = self._context
        context.recorder.record(StopRequested(run=run, by=by, due=True))
        context.runner.stop(run, by)

    def _no_terminal(self) -> None:
        """A full screen program cannot be shown here; the session waits for somebody with a terminal."""
        context = self._context
        context.recorder.record(SessionPaused(step=context.state.current))
        context.told = (
            "The next program needs a whole terminal, and standard input or output is none, so it was not started."
        )
        context.left = "paused"

    def _judge(self, action: JudgeOutput | CaptureValue) -> None:
        context = self._context
        _, operation = context.operation(action.step, undo=context.state.undo is not None)
        if isinstance(action, CaptureValue) and action.given is not None:
            context.recorder.record(ValueCaptured(step=action.step, name=action.name, value=action.given))
            return
        actor = context.state.undo or context.state.step(action.step)
        run = context.state.runs.get(actor.run or 0)
        if run is None or run.ended is None:
            raise EvidenceBroken(f"The record does not tell which run of step {action.step} is to be judged.")
        values = context.values()
        output = self._output(run.intent, operation)
        verdict = judge_act(operation, run.ended, output, values, self._guard)
        if isinstance(action, CaptureValue) and verdict.yes:
            value = verdict.captured[action.name]
            secret = operation.capture[action.name].secret
            if secret:
                context.vault.keep(action.name, value)
            context.recorder.record(ValueCaptured(step=action.step, name=action.name, value=None if secret else value))
            return
        context.recorder.record(
            CheckAnswered(
                step=action.step,
                undo=context.state.undo is not None,
                purpose="expect",
                index=0,
                command=render_command(operation, values),
                wanted=wanted_of_act(operation, values),
                verdict=verdict.answer,
                why=verdict.why,
                exit=run.ended.exit,
                got="" if operation.output == "private" or output is None else last_lines(output.both, _SHOWN),
            )
        )

    def _output(self, intent: RunIntent, operation: Operation) -> CapturedOutput | None:
        """What a run printed; None when it cannot be had and somebody wants to know."""
        path, apart = self._context.output(intent.run), operation.stderr == "apart"
        private = self._context.private_outputs.get(intent.run)
        if private is not None:
            return private_output(private, path, apart=apart)
        if intent.private and (operation.capture or (operation.expect is not None and operation.expect.judges_text)):
            return None
        return printed(path, apart=apart)

    def _simulate_item(self, action: SimulateItem) -> None:
        context = self._context
        step, operation = context.operation(action.step, undo=context.state.undo is not None)
        plan = operation.act.plan
        line = plan.items[action.item].plays if isinstance(plan, TickAll) else None
        check = Check(run=line or "true", timeout=600.0)
        question = CheckRequest(check, "after", action.item, step.id, undo=False, values=context.values())
        context.recorder.emit(Activity("checking", question.command))
        reply = self._check_runner.reply(question)
        if reply is None:
            return
        context.recorder.record(
            WorldPlayed(
                step=step.id,
                item=action.item,
                command=question.command,
                exit=reply.exit,
                answer=self._check_runner.keep(reply),
            )
        )

    # Endings

    def _end(self, action: EndPhase | Pause | Close | Nothing) -> None:
        context = self._context
        match action:
            case EndPhase(phase=phase, title=title):
                _, head = context.recorder.journal.head
                context.recorder.record(PhaseEnded(phase=phase, title=title, head=head))
                context.anchor("phase")
            case Pause():
                count_world(context)
                context.recorder.record(SessionPaused(step=context.state.current))
                context.left = "paused"
            case Close(state=state, reason=reason):
                count_world(context)
                seq, _ = context.recorder.journal.head
                context.recorder.record(SessionClosed(state=state, count=seq + 1, reason=reason))
                context.anchor("close")
                context.left = "closed"
            case Nothing():
                context.left = "closed" if context.state.closed else "paused"
