"""The loop: ask the plan for the next move, make it, record it; until the session rests."""

from dataclasses import replace
from typing import assert_never

from wizard.engine.acting import (
    impossible,
    intent_of,
    judge_act,
    last_lines,
    order_of,
    wanted_of_act,
)
from wizard.engine.asking import WorldAsker
from wizard.engine.commands import command_of
from wizard.engine.counting import count_world
from wizard.engine.intake import Intake
from wizard.engine.kit import Kit
from wizard.engine.looking import Question, together
from wizard.engine.messages import Activity
from wizard.engine.printed import Printed, printed, private_printed
from wizard.engine.real_terminal import terminal_size
from wizard.engine.trials import Trials
from wizard.engine.waiting import Waiter
from wizard.errors import CannotRun, EvidenceBroken, UsageProblem
from wizard.events import (
    CheckAnswered,
    Event,
    PhaseEnded,
    RunEnded,
    RunIntent,
    RunSettled,
    SessionClosed,
    SessionPaused,
    StepBegan,
    StepEnded,
    StopRequested,
    UndoBegan,
    ValueCaptured,
    ValueRemembered,
    WaitBegan,
    WorldPlayed,
)
from wizard.faults import Point, reach
from wizard.procedure import ByHand, Check, Doing, Watch
from wizard.session import plan
from wizard.session.moves import (
    Ask,
    AwaitAnswer,
    BeginStep,
    BeginUndo,
    CaptureValue,
    Close,
    CloseOther,
    EndPhase,
    EndStep,
    EndWatch,
    Evaluate,
    Follow,
    Hold,
    Judge,
    Launch,
    Look,
    Move,
    Nothing,
    Pause,
    Play,
    Settle,
    Sit,
    StartWait,
    TakeOver,
    Yield,
)
from wizard.session.shown import command_shown


_SHOWN = 400
"""Characters of an act's output that its judgement carries; the whole output is cited by its end."""


class Conductor:
    """Makes the moves of one session.

    Args:
        kit: The session.
    """

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self.intake = Intake(kit)
        self._trials = Trials()
        self._asker = WorldAsker(kit, self.intake, self._trials)
        self._waiter = Waiter(kit, self.intake)

    def conduct(self) -> None:
        """Make moves until the session is closed or left.

        Raises:
            RecordProblem: The record cannot be written; nothing further was started.
        """
        kit = self._kit
        self._trials.prepare()
        try:
            while kit.left is None:
                self._make(plan(kit.situation, kit.state, kit.clock.now()))
        finally:
            self._waiter.close()
            self._asker.close()
            self._trials.close()

    def _make(self, move: Move) -> None:
        match move:
            case BeginStep() | BeginUndo() | EndStep() | Ask() | StartWait() | Settle():
                self._kit.recorder.record(_event_of(move))
                # Not while a command floods: a process that starts holds all our threads until it got the processor.
                self._kit.warm()
                self._tell_others(move)
            case Hold() | TakeOver() | Yield() | CloseOther():
                self._share(move)
            case Evaluate() | Look():
                self._look(move)
            case Judge() | CaptureValue():
                self._judge(move)
            case Launch():
                self._launch(move)
            case EndWatch(run=run, by=by):
                self._end_watch(run, by)
            case Follow() | AwaitAnswer() | Sit():
                self._waiter.wait(move)
            case Play():
                self._play(move)
            case EndPhase() | Pause() | Close() | Nothing():
                self._end(move)
            case _:
                assert_never(move)

    # Others at the same target

    def _share(self, move: Hold | TakeOver | Yield | CloseOther) -> None:
        desk = self._kit.desk
        if desk is None:
            raise ValueError("a session without a target to hold has nothing to share")
        match move:
            case Hold():
                desk.hold()
            case TakeOver(reason=reason):
                desk.take_over(reason, self.intake)
            case Yield():
                desk.give()
            case CloseOther(session=session, reason=reason):
                desk.close_other(session, reason)

    def _tell_others(self, move: Move) -> None:
        desk = self._kit.desk
        if desk is not None and isinstance(move, BeginStep):
            desk.at_step(move.step)
        elif desk is not None and isinstance(move, Ask) and move.question.sort == "take over":
            desk.asked()

    # Checks

    def _look(self, move: Look | Evaluate) -> None:
        kit = self._kit
        behind = move.step if isinstance(move, Look) and move.purpose == "held" else None
        for question, verdict in self._asker.ask(together(move, kit.procedure, kit.values(behind))):
            if verdict.yes and question.name and question.step is not None:
                kit.recorder.record(ValueCaptured(step=question.step, name=question.name, value=verdict.value))
            elif verdict.yes and question.name and question.purpose in {"target", "who", "remember"}:
                kit.recorder.record(ValueRemembered(scope=question.purpose, name=question.name, value=verdict.value))
            elif not verdict.yes and isinstance(move, Evaluate):
                return  # it is asked about; what the same answer tells besides is taken when that is settled

    # Acts

    def _launch(self, move: Launch) -> None:
        kit = self._kit
        step, doing = kit.doing(move.step, undo=move.undo)
        run = max(kit.state.runs, default=0) + 1
        actor = kit.state.undo if move.undo and kit.state.undo is not None else kit.state.step(step.id)
        attempt = actor.attempt + 1
        values = {**kit.values(), "attempt": str(attempt)}
        size = terminal_size() if doing.screen == "full" else kit.pane
        if size is None:
            self._no_terminal()
            return
        try:
            command = command_of(doing, kit.procedure, kit.ground, values, kit.vault)
            place = kit.folder.runs / f"{run:04d}"
            order = order_of(command, doing, kit.ground, kit.vault, values, run=run, folder=place, size=size)
        except (CannotRun, UsageProblem) as problem:
            line = command_shown(doing, values)
            kit.recorder.record(impossible(doing, step, line, kit.ground.cwd, run=run, attempt=attempt))
            kit.recorder.record(RunEnded(run=run, outcome="not started", problem=str(problem)))
            return
        if kit.desk is not None and not isinstance(doing.act, Watch):  # a watch changes nothing; it keeps nobody away
            order = replace(order, holds=kit.desk.descriptor)
        reach(Point.ENGINE_BEFORE_INTENT)
        kit.recorder.record(intent_of(command, step, doing, order, attempt=attempt))
        reach(Point.ENGINE_AFTER_INTENT)
        kit.folder.run_folder(run)
        try:
            kit.runner.start(order, kit.inbox.put)
        except (OSError, RuntimeError) as problem:  # no process or no thread; the run's folder knows what is true
            self.intake.judge_run(run, while_away=False, told=f"The command could not be started: {problem}")
            return
        reach(Point.ENGINE_ORDER_SENT)

    def _end_watch(self, run: int, by: str) -> None:
        """The record first, so that whoever resumes asks for the stop again."""
        kit = self._kit
        kit.recorder.record(StopRequested(run=run, by=by, due=True))
        kit.runner.stop(run, by)

    def _no_terminal(self) -> None:
        """A full screen program cannot be shown here; the session waits for somebody with a terminal."""
        kit = self._kit
        kit.recorder.record(SessionPaused(step=kit.state.current))
        kit.told = (
            "The next program needs a whole terminal, and standard input or output is none, so it was not started."
        )
        kit.left = "paused"

    def _judge(self, move: Judge | CaptureValue) -> None:
        kit = self._kit
        _, doing = kit.doing(move.step, undo=kit.state.undo is not None)
        if isinstance(move, CaptureValue) and move.given is not None:
            kit.recorder.record(ValueCaptured(step=move.step, name=move.name, value=move.given))
            return
        kit.warm()
        actor = kit.state.undo or kit.state.step(move.step)
        run = kit.state.runs.get(actor.run or 0)
        if run is None or run.ended is None:
            raise EvidenceBroken(f"The record does not tell which run of step {move.step} is to be judged.")
        values = kit.values()
        output = self._output(run.intent, doing)
        verdict = judge_act(doing, run.ended, output, values, self._trials)
        if isinstance(move, CaptureValue) and verdict.yes:
            value = verdict.captured[move.name]
            secret = doing.capture[move.name].secret
            if secret:
                kit.vault.keep(move.name, value)
            kit.recorder.record(ValueCaptured(step=move.step, name=move.name, value=None if secret else value))
            return
        kit.recorder.record(
            CheckAnswered(
                step=move.step,
                undo=kit.state.undo is not None,
                purpose="expect",
                index=0,
                command=command_shown(doing, values),
                wanted=wanted_of_act(doing, values),
                verdict=verdict.answer,
                why=verdict.why,
                exit=run.ended.exit,
                got="" if doing.output == "private" or output is None else last_lines(output.both, _SHOWN),
            )
        )

    def _output(self, intent: RunIntent, doing: Doing) -> Printed | None:
        """What a run printed; None when it cannot be had and somebody wants to know."""
        path, apart = self._kit.output(intent.run), doing.stderr == "apart"
        private = self._kit.private_outputs.get(intent.run)
        if private is not None:
            return private_printed(private, path, apart=apart)
        if intent.private and (doing.capture or (doing.expect is not None and doing.expect.judges_text)):
            return None
        return printed(path, apart=apart)

    def _play(self, move: Play) -> None:
        kit = self._kit
        step, doing = kit.doing(move.step, undo=kit.state.undo is not None)
        act = doing.act
        line = act.items[move.item].plays if isinstance(act, ByHand) else None
        check = Check(run=line or "true", timeout=600.0)
        question = Question(check, "after", move.item, step.id, undo=False, values=kit.values())
        kit.recorder.emit(Activity("checking", question.command))
        reply = self._asker.reply(question)
        if reply is None:
            return
        kit.recorder.record(
            WorldPlayed(
                step=step.id,
                item=move.item,
                command=question.command,
                exit=reply.exit,
                answer=self._asker.keep(reply),
            )
        )

    # Endings

    def _end(self, move: EndPhase | Pause | Close | Nothing) -> None:
        kit = self._kit
        match move:
            case EndPhase(phase=phase, title=title):
                _, head = kit.recorder.journal.head
                kit.recorder.record(PhaseEnded(phase=phase, title=title, head=head))
                kit.anchor("phase")
            case Pause():
                count_world(kit)
                kit.recorder.record(SessionPaused(step=kit.state.current))
                kit.left = "paused"
            case Close(state=state, reason=reason):
                count_world(kit)
                seq, _ = kit.recorder.journal.head
                kit.recorder.record(SessionClosed(state=state, count=seq + 1, reason=reason))
                kit.anchor("close")
                kit.left = "closed"
            case Nothing():
                kit.left = "closed" if kit.state.closed else "paused"


def _event_of(move: BeginStep | BeginUndo | EndStep | Ask | StartWait | Settle) -> Event:
    """The event of a move that is made by recording it."""
    match move:
        case BeginStep(step=step):
            return StepBegan(step=step)
        case BeginUndo(step=step):
            return UndoBegan(step=step)
        case EndStep(step=step, state=state, reason=reason):
            return StepEnded(step=step, state=state, reason=reason)
        case Ask(question=question):
            return question
        case StartWait(step=step, sort=sort, seconds=seconds):
            return WaitBegan(step=step, sort=sort, seconds=seconds)
        case Settle(run=run, finished=finished):
            return RunSettled(run=run, finished=finished, by="probe")
