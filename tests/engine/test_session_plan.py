"""The plan walked at random: whatever the world answers and the operator chooses, the order of a step holds."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from wizard.acts.watch import Watch
from wizard.clock import Instant
from wizard.model.reading import parse_procedure
from wizard.record.events import (
    Asked,
    CheckAnswered,
    Event,
    Evidence,
    Happened,
    HolderCited,
    Operator,
    OtherClosed,
    PhaseEnded,
    ProcedureCited,
    RunEnded,
    RunIntent,
    RunSettled,
    SessionClosed,
    SessionOpened,
    SessionPaused,
    SessionResumed,
    StepBegan,
    StepEnded,
    StopRequested,
    TakenOver,
    TakeOverAsked,
    TakeOverEnded,
    TargetBusy,
    TargetHeld,
    UndoBegan,
    UnfinishedCited,
    UnfinishedFound,
    ValueCaptured,
    ValueRemembered,
    WaitEnded,
    WorldPlayed,
)
from wizard.session import Answer, SessionState, Stage, advance, answer_event, fold, mark
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
from wizard.session.plan_input import PlanInput
from wizard.session.state import PROVEN
from wizard.session.view import view


YAML = """
format: 1
procedure: walk
title: A walk
parameters:
  name: {default: thing}
target:
  space: {run: 'where', capture: '^space: (.+)$'}
fence: {space: preview}
remember:
  guid: {run: 'guid ${name}'}
phases:
  - title: First
    steps:
      - id: make
        title: Make ${name}
        already: {run: 'is-there ${name}'}
        before: [{run: 'room'}]
        run: make ${name}
        after: [{run: 'is-there ${name}', within: 1m}]
        undo: {run: 'unmake ${name}', after: [{run: 'is-gone ${name}'}]}
        repeat: check-first
      - id: decide
        title: Which way
        choose: {name: way, ask: Which way?, options: {a: left, b: right}}
      - id: left
        title: Only left
        when: {way: a}
        confirm: Really left?
        run: go left
        repeat: never
  - title: Second
    steps:
      - id: rest
        title: Rest
        wait: 10m
      - id: hands
        title: By hand
        by_hand: [one, {text: two, evidence: url}]
        undo: {by_hand: [put it back]}
      - id: remove
        title: Remove ${name}
        needs: [make]
        type: '${name}'
        already: {run: 'is-gone ${name}'}
        soak: {since: make, for: 1h}
        run: remove ${name}
        after: [{run: 'is-gone ${name}'}]
        no_return: It is gone.
        skippable: no
"""
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OPERATOR = Operator(user="mara", uid=1000, host="bastion")
OTHER = HolderCited(user="jon", uid=1001, host="bastion", session="01HYYYYYYYYYYYYYYYYYYYYYYY", procedure="Another")


def opened(mode: str = "live") -> SessionOpened:
    return SessionOpened.model_validate(
        {
            "session": "01HZZZZZZZZZZZZZZZZZZZZZZZ",
            "mode": mode,
            "procedure": ProcedureCited(name="walk", title="A walk", version="1", builtin=False, main="walk.yaml"),
            "manifest": "0" * 64,
            "files": (),
            "nonce": "00",
            "uplevel": "0",
            "python": "3",
            "system": "Linux",
            "operator": OPERATOR,
            "parameters": {"name": "thing"},
            "today": "2026-11-23",
            "trust": "built in",
        }
    )


CHANCES = st.randoms(use_true_random=False)
"""Each throw is one that Hypothesis draws, and shrinks: with zeros the walk goes straight to its end."""


class Walk:
    """A world that answers at random and an operator who chooses at random.

    Args:
        chance: What is thrown.
        locks: The target is to be held.
    """

    shown = False
    """Whether each state is shown, as a front end does."""

    def __init__(self, chance: random.Random, *, locks: bool = False) -> None:
        self.chance = chance
        self.procedure = parse_procedure({"walk.yaml": YAML.encode()}, "walk.yaml").procedure
        self.plan_input = PlanInput(self.procedure, locks=locks)
        self.seconds = 0.0
        self.happened: list[Happened] = []
        self.state: SessionState
        first = self.record_raw(opened())
        self.state = fold([first])

    def now(self) -> Instant:
        return Instant(START + timedelta(seconds=self.seconds), int(self.seconds * 1e9), "boot")

    def record_raw(self, event: Event) -> Happened:
        now = self.now()
        happened = Happened(len(self.happened), now.rfc3339(), now.boottime, now.boot_id, event)
        self.happened.append(happened)
        return happened

    def record(self, event: Event) -> None:
        self.state = advance(self.state, self.record_raw(event))

    def step(self) -> bool:
        self.seconds += 1
        action = plan(self.plan_input, self.state, self.now())
        if self.shown:
            view(self.plan_input, self.state)
            for step in self.procedure.steps():
                mark(self.state, step.id)
        self.make(action)
        return not isinstance(action, Close | Nothing)

    def make(self, action: Action) -> None:
        match action:
            case BeginStep() | BeginUndo() | EndStep() | AskQuestion() | StartWait() | Settle():
                self.record(event_of(action))
            case Evaluate(scope=scope, name=name):
                self.evaluate(scope, name)
            case RunCheck() | JudgeOutput():
                self.record(self.answer_of(action))
            case CaptureValue(step=step, name=name, given=given):
                self.record(ValueCaptured(step=step, name=name, value=given or "x"))
            case AwaitAnswer(question=question):
                self.choose(question)
            case StartRun(step=step, undo=undo):
                self.launch(step, undo=undo)
            case Follow(run=run):
                self.finish(run)
            case EndWatch(run=run, by=by):
                self.record(StopRequested(run=run, by=by, due=True))
            case ContinueWait(step=step, kind=sort, left=left, cut_short=reason):
                self.seconds += max(left, 0)
                self.record(WaitEnded(step=step, wait_kind=sort, cut_short=reason))
            case EndPhase(phase=phase, title=title):
                self.record(PhaseEnded(phase=phase, title=title, head=""))
            case Pause():
                self.record(SessionPaused(step=self.state.current))
                self.record(SessionResumed(operator=OPERATOR, uplevel="0"))
            case Close(state=closed, reason=reason):
                self.record(SessionClosed(state=closed, count=len(self.happened), reason=reason))
            case Hold() | RequestTakeOver() | Yield() | CloseOther():
                self.share(action)
            case SimulateItem(step=step, item=item):
                self.record(WorldPlayed(step=step, item=item, command="", exit=0))
            case Nothing():
                pass

    def share(self, action: Hold | RequestTakeOver | Yield | CloseOther) -> None:
        match action:
            case Hold() if self.chance.random() > 0.7:
                self.record(TargetBusy(lock="l", holder=OTHER, ours=self.chance.random() > 0.5))
            case Hold():
                if not self.state.lock and self.chance.random() > 0.5:
                    found = (UnfinishedCited(holder=OTHER, how="paused", ours=self.chance.random() < 0.8),)
                    self.record(UnfinishedFound(sessions=found))
                self.record(TargetHeld(lock="l"))
            case RequestTakeOver(reason=reason):
                self.record(TakeOverAsked(holder=OTHER, reason=reason))
                self.record(TakeOverEnded(outcome=self.chance.choice(["given", "kept", "silent", "ended", "free"])))
            case Yield():
                self.record(TakenOver(by=OTHER, how="given", reason="r"))
                self.record(SessionResumed(operator=OPERATOR, uplevel="0"))
            case CloseOther(session=session, reason=reason):
                self.record(OtherClosed(session=session, reason=reason, problem=self.chance.choice(["", "it is open"])))

    def evaluate(self, scope: str, name: str) -> None:
        verdict = self.chance.choice(["yes", "yes", "yes", "no"])
        self.record(
            CheckAnswered.model_validate(
                {
                    "step": None,
                    "purpose": scope,
                    "index": 0,
                    "command": name,
                    "wanted": "",
                    "verdict": verdict,
                }
            )
        )
        if verdict == "yes":
            self.record(ValueRemembered.model_validate({"scope": scope, "name": name, "value": "preview"}))

    def answer_of(self, action: RunCheck | JudgeOutput) -> CheckAnswered:
        good = "no" if isinstance(action, RunCheck) and action.purpose == "already" else "yes"
        verdict = self.chance.choice([good] * 8 + ["yes", "no", "no answer"])
        purpose = action.purpose if isinstance(action, RunCheck) else "expect"
        index = action.index if isinstance(action, RunCheck) else 0
        return CheckAnswered.model_validate(
            {
                "step": action.step,
                "undo": action.undo,
                "purpose": purpose,
                "index": index,
                "command": "c",
                "wanted": "w",
                "verdict": verdict,
            }
        )

    def choose(self, question: Asked) -> None:
        options = [option for option in question.options if option.id != "stop"] * 15 + list(question.options)
        option = self.chance.choice(options)
        text = option.expects if option.needs == "typed" else "because"
        evidence = (Evidence(kind="url", text="https://x"),) if option.needs == "evidence" else ()
        event = answer_event(question, Answer(question.question, option.id, text, evidence))
        self.record(event)
        if event.question_kind == "unknown" and event.choice in {"finished", "not-done"}:
            actor = self.state.undo or self.state.step(event.step or "")
            self.record(RunSettled(run=actor.run or 0, finished=event.choice == "finished", by="operator"))

    def launch(self, step: str, *, undo: bool) -> None:
        actor = self.state.undo or self.state.step(step)
        run = max(self.state.runs, default=0) + 1
        self.record(
            RunIntent(
                run=run,
                step=step,
                attempt=actor.attempt + 1,
                undo=undo,
                words=("x",),
                executable="/x",
                executable_sha256="",
                cwd="/",
                env=(),
                repeat="never",
                watch=isinstance(self.procedure.step(step).act, Watch) and not undo,
            )
        )

    def finish(self, run: int) -> None:
        outcome = self.chance.choice(["ended", "ended", "ended", "ended", "unknown", "not started"])
        self.record(RunEnded.model_validate({"run": run, "outcome": outcome, "exit": 0}))


def walked(chance: random.Random, most: int = 600, *, shown: bool = False) -> Walk:
    walk = Walk(chance)
    walk.shown = shown
    for _ in range(most):
        if not walk.step():
            break
    return walk


def walked_until_running(chance: random.Random) -> Walk | None:
    walk = Walk(chance)
    for _ in range(200):
        if walk.state.open_run is not None:
            return walk
        if not walk.step():
            return None
    return None


@examples(90)
@given(CHANCES)
def test_no_command_starts_without_a_go_and_fresh_looks(chance: random.Random) -> None:
    """Between two intents a person said run; fence, probe and before answered well after that and before the intent."""
    walk = walked(chance)
    said_go = False
    looks: dict[str, str] = {}
    for happened in walk.happened:
        event = happened.event
        if event.kind == "answered":
            said_go = said_go or event.choice == "run"
            looks = {}
        elif isinstance(event, CheckAnswered):
            looks[event.purpose] = event.verdict
        elif isinstance(event, RunIntent):
            assert said_go
            assert looks["fence"] == "yes"
            operation = walk.procedure.step(event.step)
            if operation.already is not None and not event.undo:
                assert looks["already"] == "no"
            said_go = False


@examples(60)
@given(CHANCES)
def test_the_state_is_the_fold_of_the_events(chance: random.Random) -> None:
    """Folding the journal anew gives the state the walk had, and the same next move, at every length tried."""
    walk = walked(chance, shown=True)
    assert fold(walk.happened) == walk.state
    cut = chance.randrange(1, len(walk.happened) + 1)
    state = fold(walk.happened[:cut])
    assert plan(walk.plan_input, state, walk.now()) == plan(walk.plan_input, fold(walk.happened[:cut]), walk.now())


@examples(60)
@given(CHANCES)
def test_every_deviation_has_a_reason_and_gates_have_no_default(chance: random.Random) -> None:
    walk = walked(chance)
    for deviation in walk.state.deviations:
        assert deviation.what
        if deviation.what in {"skipped", "run again"}:
            assert deviation.reason == "because"
    for happened in walk.happened:
        if isinstance(happened.event, Asked) and happened.event.gate:
            assert happened.event.default == ""


@examples(60)
@given(CHANCES)
def test_what_may_not_be_skipped_is_never_skipped(chance: random.Random) -> None:
    walk = walked(chance)
    assert walk.state.step("remove").end != "skipped"
    if walk.state.closed == "completed":
        assert walk.state.step("remove").end in PROVEN


def test_a_good_walk_asks_in_the_order_of_the_design() -> None:
    """Already, before, shown, gates, fence and the rest again, intent, expect, after."""
    walk = Walk(random.Random(0))
    seen: list[str] = []
    for _ in range(80):
        action = plan(walk.plan_input, walk.state, walk.now())
        if isinstance(action, BeginStep) and action.step == "decide":
            break
        match action:
            case RunCheck(purpose=purpose):
                seen.append(purpose)
                answer = walk.answer_of(action)
                walk.record(answer.model_copy(update={"verdict": "no" if purpose == "already" else "yes"}))
            case JudgeOutput():
                seen.append("expect")
                walk.record(walk.answer_of(action).model_copy(update={"verdict": "yes"}))
            case AwaitAnswer(question=question):
                seen.append(question.question_kind)
                walk.record(answer_event(question, Answer(question.question, question.options[0].id)))
            case StartRun():
                seen.append("intent")
                walk.make(action)
            case Follow(run=run):
                walk.record(RunEnded(run=run, outcome="ended", exit=0))
            case Evaluate(scope=scope, name=name):
                walk.record(ValueRemembered(scope=scope, name=name, value="preview"))
            case _:
                walk.make(action)
    order = ["fence", "already", "before"]
    assert seen == ["fence", *order, "go", *order, "intent", "expect", "after"]


@pytest.mark.parametrize("outcome", ["unknown", "not started"])
def test_after_a_resume_nothing_runs_by_itself(outcome: str) -> None:
    """Promise 2: an act that was running when the wizard died is never run again by itself."""
    walk = next(found for seed in range(50) if (found := walked_until_running(random.Random(seed))) is not None)
    run = max(walk.state.runs)
    walk.record(SessionResumed(operator=OPERATOR, uplevel="0"))
    walk.record(RunEnded.model_validate({"run": run, "outcome": outcome}))
    for _ in range(20):
        action = plan(walk.plan_input, walk.state, walk.now())
        assert not isinstance(action, StartRun)
        if isinstance(action, AwaitAnswer):
            assert action.question.question_kind in {
                "unknown",
                "go",
                "undo",
                "held",
                "fence",
                "before",
                "no answer",
                "found done",
            }
            return
        walk.make(action)
    pytest.fail("the wizard never asked")


def test_an_undone_step_is_to_do_again() -> None:
    walk = Walk(random.Random(0))
    walk.record(StepBegan(step="make"))
    walk.record(StepEnded(step="make", state="done"))
    walk.record(StepBegan(step="decide"))
    walk.record(UndoBegan(step="make"))
    walk.record(StepEnded(step="make", state="undone"))
    assert walk.state.step("make").end == "undone"
    assert walk.state.step("decide").stage is Stage.WAITING
    state = replace(walk.state, remembered=frozenset({"target.space", "remember.guid"}))
    assert plan(walk.plan_input, state, walk.now()) == BeginStep("make")
