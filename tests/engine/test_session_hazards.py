"""Corners of the plan: undo and redo, resume in the middle, looks that grow old, overrides that cover too much."""

import random
from dataclasses import replace
from typing import Any

import pytest

from tests.engine.test_session_plan import OPERATOR, Walk, opened
from wizard.clock import Instant, parse_rfc3339
from wizard.model.reading import parse_procedure
from wizard.record.events import (
    Asked,
    CheckAnswered,
    Evidence,
    Happened,
    PhaseEnded,
    RunEnded,
    RunIntent,
    RunSettled,
    SessionPaused,
    SessionResumed,
    StepBegan,
    StepEnded,
    ValueCaptured,
    ValueRemembered,
    WorldPlayed,
)
from wizard.session import Answer, advance, answer_event, fold
from wizard.session.actions import (
    Action,
    AskQuestion,
    AwaitAnswer,
    Close,
    ContinueWait,
    EndPhase,
    JudgeOutput,
    Nothing,
    RunCheck,
    StartRun,
)
from wizard.session.plan import plan
from wizard.session.plan_input import PlanInput
from wizard.session.view import stop_now


HEAD = """
format: 1
procedure: hazards
title: Hazards
parameters:
  name: {default: thing}
target:
  space: {run: where, capture: '^space: (.+)$'}
fence: {space: preview}
phases:
  - title: First
    steps:
"""


class Story(Walk):
    """A session whose world says what the test wants and whose operator waits for the test.

    Args:
        steps: The steps, as YAML.
    """

    def __init__(self, steps: str) -> None:
        super().__init__(random.Random(0))
        text = HEAD + "\n".join(f"      {line}" for line in steps.strip("\n").splitlines()) + "\n"
        self.procedure = parse_procedure({"walk.yaml": text.encode()}, "walk.yaml").procedure
        self.plan_input = PlanInput(self.procedure)
        self.happened = []
        self.state = fold([self.record_raw(opened())])
        self.verdicts: dict[tuple[str, str | None], Any] = {}
        self.outcome = "ended"
        self.moves: list[Action] = []
        self.took: dict[str, float] = {}

    def evaluate(self, scope: str, name: str) -> None:
        self.record(ValueRemembered.model_validate({"scope": scope, "name": name, "value": "preview"}))

    def answer_of(self, action: RunCheck | JudgeOutput) -> CheckAnswered:
        purpose = action.purpose if isinstance(action, RunCheck) else "expect"
        good = "no" if purpose == "already" else "yes"
        index = action.index if isinstance(action, RunCheck) else 0
        verdict = self.verdicts.get((purpose, action.step), good)
        if isinstance(verdict, list):
            verdict = verdict.pop(0) if verdict else good
        self.seconds += self.took.get(purpose, 0.0)
        return CheckAnswered.model_validate(
            {
                "step": action.step,
                "undo": action.undo,
                "purpose": purpose,
                "index": index,
                "command": purpose,
                "wanted": "w",
                "verdict": verdict,
                "seconds": self.took.get(purpose, 0.0),
                "attempts": 1 if self.took.get(purpose, 0.0) < 60 else 12,
            }
        )

    def finish(self, run: int) -> None:
        self.record(RunEnded.model_validate({"run": run, "outcome": self.outcome, "exit": 0}))

    def until_asked(self, sort: str | None = None) -> Asked:
        for _ in range(200):
            action = plan(self.plan_input, self.state, self.now())
            self.moves.append(action)
            if isinstance(action, AwaitAnswer):
                assert sort in {None, action.question.question_kind}, action.question
                return action.question
            assert not isinstance(action, Close | Nothing), action
            self.make(action)
        raise AssertionError("it never asked")

    def say(self, choice: str, *, sort: str | None = None) -> Asked:
        question = self.until_asked(sort)
        option = next(option for option in question.options if option.id == choice)
        text = option.expects if option.needs == "typed" else "because"
        evidence = (Evidence(kind="url", text="https://x"),) if option.needs == "evidence" else ()
        event = answer_event(question, Answer(question.question, choice, text, evidence))
        self.record(event)
        if event.question_kind == "unknown" and event.choice in {"finished", "not-done"}:
            run = (self.state.undo or self.state.step(event.step or "")).run or 0
            self.record(RunSettled(run=run, finished=event.choice == "finished", by="operator"))
        return question

    def resume(self) -> None:
        self.record(SessionPaused(step=self.state.current))
        self.record(SessionResumed(operator=OPERATOR, uplevel="0"))

    def offered(self) -> list[str]:
        return [option.id for option in self.until_asked().options]

    def intents(self) -> list[tuple[str, bool]]:
        return [(each.event.step, each.event.undo) for each in self.happened if isinstance(each.event, RunIntent)]

    def ends(self) -> list[tuple[str, str]]:
        return [(each.event.step, each.event.state) for each in self.happened if isinstance(each.event, StepEnded)]


MAKE = """
- id: make
  title: Make
  run: make thing
  capture: {guid: 'guid=(.+)'}
  undo: {run: unmake thing}
  repeat: safe
"""


def test_what_was_undone_is_not_offered_to_be_undone_again() -> None:
    story = Story(MAKE + "- {id: next, title: Next, run: go on}\n")
    story.say("run")
    story.say("undo", sort="go")
    story.say("run", sort="undo")
    assert "undo" not in story.offered()
    assert stop_now(story.procedure, story.state).commands == ()
    assert story.intents() == [("make", False), ("make", True)]


def test_a_command_that_never_started_leaves_nothing_to_undo() -> None:
    story = Story(MAKE)
    story.outcome = "not started"
    story.say("run")
    assert "undo" not in story.offered()


def test_a_step_that_ran_and_was_then_skipped_is_still_on_the_way_back() -> None:
    story = Story(MAKE + "- {id: next, title: Next, run: go on}\n")
    story.verdicts["expect", "make"] = "no"
    story.say("run")
    story.say("skip", sort="failed")
    assert stop_now(story.procedure, story.state).commands == ("unmake thing",)
    assert "undo" in story.offered()


def test_what_stands_between_an_undone_step_and_the_next_is_done_again() -> None:
    """Telling people, waiting and deciding held for the thing that was taken back, not for the new one."""
    story = Story(
        MAKE
        + """
- {id: tell, title: Tell, by_hand: [Tell them]}
- {id: way, title: Way, choose: {name: way, ask: Which?, options: {a: left, b: right}}}
- {id: left, title: Left, when: {way: a}, run: go left}
- {id: last, title: Last, run: end}
"""
    )
    story.say("run")
    story.say("tick")
    story.say("=b", sort="choose")
    question = story.until_asked("go")
    assert question.step == "last"
    assert "guid" in story.state.values
    story.say("undo")
    assert story.until_asked("choose").step == "way"
    assert "way" not in story.state.values
    story.say("undo")
    story.say("run", sort="undo")
    story.say("run", sort="go")
    assert story.say("tick", sort="item").step == "tell"
    assert story.until_asked("choose").step == "way"
    story.say("=a")
    assert story.until_asked("go").step == "left"


def test_the_values_of_an_undone_step_do_not_linger() -> None:
    story = Story(MAKE + "- {id: next, title: Next, run: go on}\n")
    story.say("run")
    story.say("undo", sort="go")
    assert story.state.values["guid"] == "x"
    story.say("run", sort="undo")
    story.until_asked("go")
    assert "guid" not in story.state.values


def test_a_phase_that_is_ended_again_is_said_again() -> None:
    story = Story(
        MAKE
        + """
  after: [{run: look}]
""".lstrip("\n")
    )
    story.say("run")
    action = plan(story.plan_input, story.state, story.now())
    while not isinstance(action, EndPhase):
        story.make(action)
        action = plan(story.plan_input, story.state, story.now())
    story.make(action)
    state = story.state
    story.record(StepBegan(step="make"))
    story.record(StepEnded(step="make", state="done"))
    assert isinstance(plan(story.plan_input, story.state, story.now()), EndPhase)
    story.record(PhaseEnded(phase=0, title="First", head=""))
    assert isinstance(plan(story.plan_input, story.state, story.now()), Close)
    assert len(state.phases_ended) == 1


def test_a_rerun_takes_its_values_again() -> None:
    story = Story(MAKE.replace("capture:", "after: [{run: look}]\n  capture:"))
    story.verdicts["after", "make"] = ["no"]
    story.say("run")
    story.say("rerun", sort="failed")
    story.say("run", sort="go")
    for _ in range(20):
        action = plan(story.plan_input, story.state, story.now())
        if isinstance(action, Close | AwaitAnswer):
            break
        story.make(action)
    assert sum(isinstance(each.event, ValueCaptured) for each in story.happened) == 2


def test_going_on_without_an_answer_does_not_override_a_later_no() -> None:
    story = Story("- {id: one, title: One, before: [{run: look}], run: one}\n")
    story.verdicts["before", "one"] = ["no answer", "no"]
    story.say("accept", sort="no answer")
    story.say("run", sort="go")
    assert story.until_asked().question_kind == "before"
    assert story.intents() == []


def test_an_override_covers_the_same_answer_again() -> None:
    story = Story("- {id: one, title: One, before: [{run: look}], run: one}\n- {id: two, title: Two, run: two}\n")
    story.verdicts["before", "one"] = "no"
    story.say("accept", sort="before")
    story.say("run", sort="go")
    assert story.until_asked("go").step == "two"
    assert [deviation.what for deviation in story.state.deviations] == ["overrode: before 1"]


def test_looks_that_grew_old_while_another_check_polled_are_made_again() -> None:
    """What is looked at before the intent is at most 5 s old; what the looks themselves take apart."""
    story = Story("- {id: one, title: One, before: [{run: look, within: 10m}], run: one}\n")
    story.say("run")
    story.took = {"before": 300.0}
    looked: list[str] = []
    for _ in range(20):
        action = plan(story.plan_input, story.state, story.now())
        if isinstance(action, RunCheck):
            looked.append(action.purpose)
        if isinstance(action, StartRun):
            break
        story.make(action)
        if looked and looked[-1] == "before":
            story.took = {}
    assert looked == ["fence", "before", "fence"]


def test_slow_looks_alone_do_not_go_round_for_ever() -> None:
    story = Story("- {id: one, title: One, already: {run: probe}, before: [{run: look}], run: one}\n")
    story.say("run")
    story.took = {"fence": 4.0, "already": 4.0, "before": 4.0}
    for _ in range(6):
        action = plan(story.plan_input, story.state, story.now())
        if isinstance(action, StartRun):
            return
        story.make(action)
    pytest.fail("it never came to the intent")


def test_undo_on_what_no_longer_holds_begins_the_undo() -> None:
    story = Story(MAKE.replace("capture:", "after: [{run: look}]\n  capture:") + "- {id: next, title: N, run: go on}\n")
    story.say("run")
    story.until_asked("go")
    story.resume()
    story.verdicts["held", "make"] = "no"
    story.say("undo", sort="held")
    assert story.until_asked().question_kind == "undo"


def test_after_a_half_done_step_the_one_before_it_need_not_hold() -> None:
    """The step under way may have changed on purpose what the last one had proven."""
    story = Story(
        MAKE.replace("capture:", "after: [{run: look}]\n  capture:")
        + "- {id: next, title: Next, run: rename thing, after: [{run: other}]}\n"
    )
    story.say("run")
    story.verdicts["after", "next"] = "no"
    story.say("run", sort="go")
    story.until_asked("failed")
    story.resume()
    story.verdicts["held", "make"] = "no"
    assert story.until_asked().question_kind == "failed"


def test_only_the_last_finished_step_is_looked_at_again() -> None:
    story = Story(
        MAKE.replace("capture:", "after: [{run: look}]\n  capture:")
        + "- {id: gone, title: Gone, run: remove thing}\n- {id: last, title: Last, run: end}\n"
    )
    story.say("run")
    story.say("run", sort="go")
    assert story.until_asked("go").step == "last"
    story.resume()
    story.verdicts["held", "make"] = "no"
    assert story.until_asked().question_kind == "go"


def test_a_fence_that_cannot_be_looked_at_is_not_called_another_target() -> None:
    story = Story("- {id: one, title: One, run: one}\n")
    story.verdicts["fence", "one"] = ["no answer"]
    question = story.until_asked("fence")
    assert "This is not the target" not in question.text
    assert "not a no" in question.text
    story.say("again")
    story.until_asked("go")
    story.resume()
    story.verdicts["fence", None] = "no answer"
    question = story.until_asked("held")
    assert "something changed" not in question.text
    assert "accept" not in [option.id for option in question.options]


def test_stopping_in_the_middle_of_an_undo_is_listed() -> None:
    story = Story(MAKE + "- {id: next, title: Next, run: go on}\n")
    story.say("run")
    story.say("undo", sort="go")
    story.verdicts["expect", "make"] = "no"
    story.say("run", sort="undo")
    story.say("stop", sort="undo failed")
    assert [(each.what, each.reason) for each in story.state.deviations] == [("its undo was left half way", "because")]


def test_leaving_an_undo_by_hand_half_way_needs_a_reason_and_is_listed() -> None:
    story = Story(
        "- {id: one, title: One, run: one, undo: {by_hand: [first, second]}}\n- {id: two, title: Two, run: two}\n"
    )
    story.say("run")
    story.say("undo", sort="go")
    leave = next(option for option in story.until_asked("item").options if option.id == "leave")
    assert leave.needs == "nothing"
    story.say("tick")
    leave = next(option for option in story.until_asked("item").options if option.id == "leave")
    assert leave.needs == "reason"
    story.say("leave")
    assert [each.what for each in story.state.deviations] == ["its undo was left half way"]


def test_another_persons_resume_is_a_takeover() -> None:
    story = Story("- {id: one, title: One, run: one}\n")
    story.until_asked()
    story.resume()
    assert not story.state.deviations
    story.record(SessionPaused(step="one"))
    story.record(SessionResumed(operator=OPERATOR.model_copy(update={"user": "ann"}), uplevel="0"))
    story.record(SessionPaused(step="one"))
    story.record(SessionResumed(operator=OPERATOR.model_copy(update={"user": "ann"}), uplevel="0"))
    assert [(each.what, each.reason) for each in story.state.deviations] == [
        ("taken over", "ann on bastion went on with what mara on bastion had left")
    ]


def test_a_soak_is_not_shortened_by_a_clock_that_was_set_and_a_restart() -> None:
    story = Story("- {id: one, title: One, run: one}\n- {id: two, title: Two, soak: {since: one, for: 1h}, run: two}\n")
    story.say("run")
    for _ in range(20):
        action = plan(story.plan_input, story.state, story.now())
        if isinstance(action, ContinueWait) and story.state.question is not None:
            break
        story.make(action)
    last = story.happened[-1]
    # The wall clock is set two hours on, which the next record shows; then the machine restarts.
    stepped = replace(last, seq=last.seq + 1, at="2026-11-23T04:10:00.000000Z", boottime=last.boottime + 1_000_000_000)
    story.happened.append(replace(stepped, event=SessionPaused(step="two")))
    restarted = replace(stepped, seq=stepped.seq + 1, at="2026-11-23T04:11:00.000000Z", boottime=5, boot_id="other")
    story.happened.append(replace(restarted, event=SessionResumed(operator=OPERATOR, uplevel="0")))
    state = replace(fold(story.happened), resuming=False)
    now = Instant(parse_rfc3339("2026-11-23T04:12:00.000000Z"), 60_000_000_005, "other")
    action = plan(story.plan_input, state, now)
    while isinstance(action, RunCheck | AskQuestion):
        event = action.question if isinstance(action, AskQuestion) else story.answer_of(action)
        state = advance(state, Happened(state.last.seq + 1, now.rfc3339(), now.boottime, now.boot_id, event))
        action = plan(story.plan_input, state, now)
    assert isinstance(action, ContinueWait)
    assert 3400 < action.left <= 3600


def test_a_new_try_of_items_asks_for_each_of_them_again() -> None:
    story = Story("- {id: hands, title: H, by_hand: [a, b], undo: {by_hand: [back]}}\n- {id: n, title: N, run: n}\n")
    story.say("tick")
    story.say("tick")
    story.say("undo", sort="go")
    story.say("tick", sort="item")
    assert story.until_asked("item").item == 0
    assert not any(isinstance(each.event, WorldPlayed) for each in story.happened)


def test_a_step_done_elsewhere_still_gives_its_values() -> None:
    """Found done, done by hand, or settled as finished: the value later steps need is asked for."""
    story = Story(
        MAKE.replace("run: make thing", "already: {run: probe}\n  run: make thing")
        + "- {id: next, title: Next, run: 'use ${guid}'}\n"
    )
    story.verdicts["already", "make"] = "yes"
    story.say("take", sort="found done")
    question = story.until_asked("ask")
    assert question.name == "guid"
    story.record(answer_event(question, Answer(question.question, "answer", "4711")))
    assert story.until_asked("go").step == "next"
    assert story.state.values["guid"] == "4711"
    assert story.ends() == [("make", "found done")]
