"""The plan with watches, walked at random: they start, end, get lost and come back at any moment, and block nothing."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from tests.engine.test_engine_leaving import CutWalk
from tests.engine.test_session_hazards import Story
from tests.engine.test_session_plan import CHANCES, OPERATOR
from tests.examples import examples
from wizard.acts.watch import Watch
from wizard.engine import Request, prepare
from wizard.model.reading import parse_procedure
from wizard.record.events import (
    Answered,
    Asked,
    RunEnded,
    RunIntent,
    RunStarted,
    SessionClosed,
    SessionPaused,
    SessionResumed,
    StepEnded,
    StopRequested,
)
from wizard.session import fold
from wizard.session.actions import Action, BeginStep, Close, EndStep, EndWatch, Follow, StartRun
from wizard.session.plan import plan
from wizard.session.plan_input import PlanInput
from wizard.session.secrets_needed import secrets_needed
from wizard.session.watching import END_OF_SESSION, watch_lines


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
      - {id: make, title: Make, run: make it, undo: {run: unmake it}}
      - id: log
        title: Follow the log
        watch: {run: 'tail ${name}', until: move}
        after: [{run: 'is-there log'}]
        undo: {run: cut the log}
      - {id: count, title: Count, watch: {run: count it, until: last}, repeat: safe}
      - {id: way, title: Way, choose: {name: way, ask: Which?, options: {a: left, b: right}}}
  - title: Second
    steps:
      - {id: load, title: Load, when: {way: a}, watch: {shell: 'load', until: rest}}
      - {id: move, title: Move, run: move it, undo: {run: move it back}}
      - {id: rest, title: Rest, wait: 10m}
      - {id: last, title: Last, run: end it}
"""


class WatchWalk(CutWalk):
    """A walk whose watches start and end whenever the dice say so."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.procedure = parse_procedure({"walk.yaml": YAML.encode()}, "walk.yaml").procedure
        self.plan_input = PlanInput(self.procedure)

    def step(self) -> bool:
        chance = self.chance
        if self.state.closed is None:
            for run in self.state.watches:
                if run.started is None and chance.random() < 0.2:
                    self.record(started(run.intent.run))
                if chance.random() > (0.7 if run.stop_requested else 0.96):
                    self.over(run.intent.run, away=False)
        if self.state.closed is None and chance.random() > 0.92:
            self.come_back()
        return super().step()

    def come_back(self) -> None:
        if self.chance.random() > 0.5:
            self.record(SessionPaused(step=self.state.current, running=self.state.open_run is not None))
        self.record(SessionResumed(operator=OPERATOR, uplevel="0"))
        for run in self.state.watches:
            if self.chance.random() > 0.5:
                self.over(run.intent.run, away=True)

    def over(self, run: int, *, away: bool) -> None:
        outcome = self.chance.choice(["ended", "ended", "unknown"])
        if self.state.runs[run].started is None:
            outcome = self.chance.choice(["ended", "unknown", "not started"])
        ended = RunEnded.model_validate({"run": run, "outcome": outcome, "exit": 1, "while_away": away})
        before = self.state
        self.record(ended)
        if before.starting is None or before.starting.intent.run != run:
            assert replace(self.state, runs=before.runs, last=before.last, resuming=before.resuming) == before

    def finish(self, run: int) -> None:
        if not self.state.runs[run].intent.watch:
            super().finish(run)
        elif self.state.runs[run].started is None and self.chance.random() < 0.8:
            self.record(started(run))
        else:
            self.over(run, away=False)


def started(run: int) -> RunStarted:
    return RunStarted(run=run, pid=1, pid_start=1, supervisor=1, supervisor_start=1)


def walked(chance: random.Random, *, shown: bool = False) -> WatchWalk:
    walk = WatchWalk(chance)
    walk.shown = shown
    for _ in range(600):
        if not walk.step():
            break
    return walk


@examples(50)
@given(CHANCES)
def test_a_watch_is_ended_once_by_what_should_end_it_and_never_outlives_the_record(chance: random.Random) -> None:
    walk = walked(chance, shown=True)
    assert fold(walk.happened) == walk.state
    open_watches: dict[int, str] = {}
    stopped: set[int] = set()
    over: set[str] = set()
    for happened in walk.happened:
        event = happened.event
        if isinstance(event, RunIntent):
            over.discard(event.step)
            if event.watch:
                open_watches[event.run] = event.step
        elif isinstance(event, RunEnded):
            open_watches.pop(event.run, None)
        elif isinstance(event, StepEnded):
            over.add(event.step)
        elif isinstance(event, StopRequested):
            assert event.due
            assert event.run in open_watches
            assert event.run not in stopped
            stopped.add(event.run)
            if event.by.startswith("step ") and "again" not in event.by:
                assert event.by.removeprefix("step ") in over
        elif isinstance(event, SessionClosed):
            assert not open_watches
    assert not any("watch" in deviation.what for deviation in walk.state.deviations)


@examples(50)
@given(CHANCES)
def test_a_watch_starts_by_itself_only_after_it_ended_unseen_and_where_that_is_safe(chance: random.Random) -> None:
    walk = walked(chance)
    go = False
    unseen: dict[str, bool] = {}
    acts: set[int] = set()
    steps: dict[int, str] = {}
    for happened in walk.happened:
        event = happened.event
        if isinstance(event, Answered):
            go = event.choice == "run" or (go and event.choice not in {"back", "undo", "leave", "rerun", "not-done"})
        elif isinstance(event, SessionResumed):
            go = False
        elif isinstance(event, RunIntent):
            steps[event.run] = event.step
            by_itself = event.watch and unseen.pop(event.step, False)
            assert go or by_itself
            assert not acts
            if by_itself and not go:
                assert walk.procedure.step(event.step).repeat == "safe"
            if not event.watch:
                acts.add(event.run)
            go = go and event.watch and by_itself
        elif isinstance(event, RunEnded):
            acts.discard(event.run)
            unseen[steps[event.run]] = event.while_away


@examples(50)
@given(CHANCES)
def test_whatever_becomes_of_a_watch_nobody_is_asked_about_it(chance: random.Random) -> None:
    walk = walked(chance)
    watches = {step.id for step in walk.procedure.steps() if isinstance(step.act, Watch)}
    lost_undos: set[str] = set()
    runs: dict[int, RunIntent] = {}
    for happened in walk.happened:
        event = happened.event
        if isinstance(event, RunIntent):
            runs[event.run] = event
        elif isinstance(event, RunEnded) and event.outcome == "unknown" and runs[event.run].undo:
            lost_undos.add(runs[event.run].step)
        elif isinstance(event, Asked) and event.question_kind == "unknown":
            assert event.step not in watches or event.step in lost_undos


LOG = """
- {id: log, title: Log, watch: {run: tail it, until: move}}
- {id: move, title: Move, run: move it, undo: {run: move it back}}
- {id: last, title: Last, run: end it}
"""


def begun(text: str = LOG) -> Story:
    """A story whose watch has just started."""
    story = Story(text)
    story.say("run")
    story.make(next_move(story, StartRun))
    story.record(started(1))
    return story


def next_move(story: Story, kind: type[Action]) -> Action:
    for _ in range(50):
        action = plan(story.plan_input, story.state, story.now())
        if isinstance(action, kind):
            return action
        story.make(action)
    raise AssertionError(f"no {kind.__name__} came")


def test_the_step_of_a_watch_is_done_when_it_has_started() -> None:
    story = Story(LOG)
    story.say("run")
    story.make(next_move(story, StartRun))
    assert plan(story.plan_input, story.state, story.now()) == Follow(1)
    assert story.state.open_run is None
    story.record(started(1))
    assert plan(story.plan_input, story.state, story.now()) == EndStep("log", "done")


def test_a_watch_that_could_not_be_started_leaves_its_step_to_be_begun_again() -> None:
    story = Story(LOG)
    story.say("run")
    story.make(next_move(story, StartRun))
    story.record(RunEnded(run=1, outcome="not started", problem="no such program"))
    assert story.until_asked("go").step == "log"


def test_a_stopped_session_closes_behind_the_end_of_its_watches() -> None:
    story = begun()
    story.say("stop", sort="go")
    assert next_move(story, EndWatch) == EndWatch(1, END_OF_SESSION)
    story.make(EndWatch(1, END_OF_SESSION))
    assert plan(story.plan_input, story.state, story.now()) == Follow(1)
    story.record(RunEnded(run=1, outcome="ended", signal=2))
    assert isinstance(plan(story.plan_input, story.state, story.now()), Close)


def test_a_way_back_that_passes_a_watch_ends_it_and_the_next_try_starts_another() -> None:
    story = Story("- {id: make, title: Make, run: make it, undo: {run: unmake it}}\n" + LOG)
    story.say("run")
    story.say("run", sort="go")
    story.make(next_move(story, StartRun))
    story.record(started(2))
    story.say("undo", sort="go")
    story.say("run", sort="undo")
    assert next_move(story, EndWatch) == EndWatch(2, "the undo of step make")
    story.make(EndWatch(2, "the undo of step make"))
    assert next_move(story, BeginStep) == BeginStep("make")


def test_a_watch_that_ended_unseen_starts_again_only_where_that_is_safe() -> None:
    for repeat, again in (("safe", True), ("never", False)):
        story = begun(LOG.replace("until: move}", f"until: move}}, repeat: {repeat}"))
        story.until_asked("go")
        story.resume()
        story.record(RunEnded(run=1, outcome="unknown", while_away=True))
        if again:
            assert next_move(story, StartRun) == StartRun("log")
            story.make(StartRun("log"))
            assert story.state.step("log").end == "done"
            assert story.state.current == "move"
        question = story.until_asked("go")
        assert question.step == "move"
        assert len(story.state.watches) == int(again)


@pytest.mark.parametrize("end", ["done by hand", "accepted"])
def test_a_watch_ends_with_its_step_however_that_ended(end: str) -> None:
    """A later step that a person did, or took as it is, has ended like any other."""
    act = "by_hand: [Do it]" if end == "done by hand" else "run: move it, after: [{run: look}]"
    story = begun(f"""
- {{id: log, title: Log, watch: {{run: tail it, until: move}}}}
- {{id: move, title: Move, {act}}}
- {{id: last, title: Last, run: end}}
""")
    if end == "done by hand":
        story.say("tick", sort="item")
    else:
        story.verdicts[("after", "move")] = "no"
        story.say("run", sort="go")
        story.say("accept", sort="failed")
    story.make(next_move(story, EndStep))
    assert story.state.step("move").end == end
    assert next_move(story, EndWatch) == EndWatch(1, "step move")


def test_a_watch_whose_start_a_person_accepted_is_told_when_it_is_over() -> None:
    text = "- {id: log, title: Log, watch: {run: tail it, until: last}, after: [{run: look}]}\n"
    story = Story(text + "- {id: move, title: Move, run: move}\n- {id: last, title: Last, run: end}\n")
    story.verdicts[("after", "log")] = "no"
    story.say("run")
    story.make(next_move(story, StartRun))
    story.record(started(1))
    story.say("accept", sort="failed")
    story.until_asked("go")
    story.record(RunEnded(run=1, outcome="ended", exit=1))
    assert [line.over for line in watch_lines(story.procedure, story.state)] == [True]


def test_a_secret_that_only_a_watch_to_come_is_given_is_needed() -> None:
    story = Story("""
- {id: log, title: Log, watch: {run: 'TOKEN=${name} tail it', until: last}}
- {id: last, title: Last, run: end}
""")
    assert "name" in secrets_needed(story.procedure, story.state)


def test_a_watch_that_is_a_script_is_refused_where_there_is_no_bash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "walk.yaml").write_text(_ONLY_A_WATCH_IS_A_SCRIPT)
    assert prepare(Request(str(tmp_path / "walk.yaml"), "live")).refusals == ()
    monkeypatch.setattr("wizard.engine.preparing.shutil.which", lambda _word: None)
    (refusal,) = prepare(Request(str(tmp_path / "walk.yaml"), "live")).refusals
    assert refusal.startswith("The procedure has bash scripts, and there is no bash")


_ONLY_A_WATCH_IS_A_SCRIPT = """\
format: 1
procedure: walk
title: Walk
phases:
  - title: Only
    steps:
      - {id: log, title: Log, watch: {shell: 'tail it', until: last}}
      - {id: last, title: Last, run: end}
"""
