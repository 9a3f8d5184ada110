"""Leaving and being cut off in every state, coming back, and what the good operator does with trouble."""

import os
import random
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given

from tests.engine.test_session_plan import CHANCES, OPERATOR, Walk
from tests.examples import examples
from wizard.engine.messages import Activity, Detach, Intention, Leave, Message, StopCommand, Update
from wizard.errors import ExitCode
from wizard.record.events import (
    Answered,
    CheckAnswered,
    Evidence,
    RunEnded,
    RunIntent,
    RunSettled,
    RunStarted,
    SessionPaused,
    SessionResumed,
)


if TYPE_CHECKING:
    from tests.conftest import Drive, Opener


HEAD = """
format: 1
procedure: leaving
title: Leaving
parameters:
  folder: {any: yes, default: /nowhere}
phases:
  - title: All
    steps:
"""


def steps(text: str) -> str:
    return HEAD + "\n".join(f"      {line}" for line in text.strip("\n").splitlines()) + "\n"


# The plan, cut at any moment


class CutWalk(Walk):
    """A walk whose wizard dies or is left now and then, also while a command runs."""

    def step(self) -> bool:
        if self.chance.random() > 0.92 and self.state.closed is None:
            if self.chance.random() > 0.5:
                self.record(SessionPaused(step=self.state.current, running=self.state.open_run is not None))
            self.record(SessionResumed(operator=OPERATOR, uplevel="0"))
        return super().step()


@examples(80)
@given(CHANCES)
@example(random.Random(182632915))
def test_wherever_it_is_cut_nothing_starts_without_a_go_and_fresh_looks_since(chance: random.Random) -> None:
    walk = CutWalk(chance)
    walk.shown = True
    for _ in range(500):
        if not walk.step():
            break
    go, fence, open_runs = False, "", set[int]()
    for happened in walk.happened:
        event = happened.event
        if isinstance(event, SessionResumed):
            go, fence = False, ""
        elif isinstance(event, Answered):
            go = event.choice == "run" or (go and event.choice not in {"back", "undo", "leave", "rerun", "not-done"})
            fence = "" if event.choice != "accept" else fence
        elif isinstance(event, CheckAnswered) and event.purpose == "fence" and event.step is not None:
            fence = event.verdict
        elif isinstance(event, RunIntent):
            assert go
            assert fence == "yes"
            assert not open_runs
            open_runs.add(event.run)
            go = False
        elif isinstance(event, RunEnded):
            open_runs.discard(event.run)


@examples(60)
@given(CHANCES)
@example(random.Random(6701))
def test_an_unknown_outcome_is_settled_before_the_step_runs_again(chance: random.Random) -> None:
    walk = CutWalk(chance)
    for _ in range(500):
        if not walk.step():
            break
    unknown: set[int] = set()
    for happened in walk.happened:
        event = happened.event
        if isinstance(event, RunEnded) and event.outcome == "unknown":
            unknown.add(event.run)
        elif isinstance(event, RunSettled):
            unknown.discard(event.run)
        elif isinstance(event, RunIntent):
            assert not unknown


@examples(60)
@given(CHANCES)
def test_nothing_is_undone_twice_and_every_way_ends(chance: random.Random) -> None:
    """An undo that succeeded is not begun again before the step was done again; questions never run dry."""
    walk = CutWalk(chance)
    for _ in range(800):
        if not walk.step():
            break
        if walk.state.question is not None:
            assert any(option.id in {"pause", "stop"} for option in walk.state.question.options)
    acted: dict[str, bool] = {}
    for happened in walk.happened:
        event = happened.event
        if isinstance(event, Answered) and event.step is not None:
            acted[event.step] = acted.get(event.step, False) or event.choice in {
                "tick",
                "did-it",
                "by-hand",
                "answer",
                "skip",
            }
        elif isinstance(event, RunIntent) and not event.undo:
            acted[event.step] = True
        elif event.kind == "undo.began":
            assert acted.get(event.step), event.step
        elif event.kind == "step.ended" and event.state == "undone":
            acted[event.step] = False


# The engine, left in every state


STATES = """
- {id: check, title: Check, before: [{run: 'sleep 30', timeout: 60s}], run: 'true'}
- {id: poll, title: Poll, before: [{run: 'false', within: 1h}], run: 'true'}
- {id: run, title: Run, run: sleep 30}
- {id: wait, title: Wait, wait: 1h}
- {id: ask, title: Ask, run: 'true'}
"""


def only(step: str) -> str:
    return steps("\n".join(line for line in STATES.splitlines() if f"id: {step}," in line))


def reach_state(drive: "Drive", state: str) -> None:
    if state == "run":
        drive.ask_and_answer("run")
        drive.until(lambda _: "run.started" in drive.kinds())
    elif state == "ask":
        drive.until_asked()
    else:
        sort = "waiting" if state == "wait" else "checking"
        drive.until(lambda message: isinstance(message, Activity) and message.kind == sort)


@pytest.mark.parametrize("intention", [Leave(), Detach("SIGHUP")], ids=["leave", "detach"])
@pytest.mark.parametrize("state", ["check", "poll", "run", "wait", "ask"])
def test_left_in_every_state_it_is_there_again(sessions: "Opener", state: str, intention: Intention) -> None:
    drive = sessions.open(only(state))
    reach_state(drive, state)
    drive.engine.submit(intention)
    finished = drive.until_finished(20)
    assert finished.code is ExitCode.PAUSED
    assert "uplevel resume" in finished.sentence
    again = sessions.resume(drive.engine.session)
    if state == "run":
        again.until(lambda message: isinstance(message, Activity) and message.kind == "running")
        again.engine.submit(StopCommand())
        assert again.until_asked(seconds=40).question_kind == "failed"
        assert len(again.state.runs) == 1
    else:
        reach_state(again, state)


def test_a_wait_goes_on_where_it_was_when_it_is_resumed(sessions: "Opener") -> None:
    drive = sessions.open(steps("- {id: wait, title: Wait, wait: 1h}"))
    first = drive.until(lambda message: isinstance(message, Activity) and message.kind == "waiting")
    drive.leave()
    again = sessions.resume(drive.engine.session)
    second = again.until(lambda message: isinstance(message, Activity) and message.kind == "waiting")
    assert isinstance(first, Activity)
    assert isinstance(second, Activity)
    assert (second.left or 0) <= (first.left or 0) <= 3600
    assert again.kinds().count("wait.began") == 0


def test_pause_in_an_undo_goes_on_with_the_undo(sessions: "Opener", tmp_path: Path) -> None:
    text = steps("""
- {id: one, title: One, run: 'mkdir ${folder}/a', undo: {run: 'rmdir ${folder}/a'}}
- {id: two, title: Two, run: 'true'}
""")
    drive = sessions.open(text, values={"folder": str(tmp_path)})
    drive.ask_and_answer("run")
    drive.ask_and_answer("undo", sort="go")
    drive.ask_and_answer("pause", sort="undo")
    drive.until_finished()
    again = sessions.resume(drive.engine.session)
    again.ask_and_answer("run", sort="undo")
    question = again.until_asked("go")
    assert question.step == "one"
    assert not (tmp_path / "a").exists()
    assert [deviation.what for deviation in again.state.deviations] == ["undone"]


def test_a_session_by_hand_stays_by_hand(sessions: "Opener", tmp_path: Path) -> None:
    text = steps("- {id: one, title: One, run: 'touch ${folder}/x', after: [{run: 'test -e ${folder}/x'}]}")
    drive = sessions.open(text, "by-hand", {"folder": str(tmp_path)})
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    drive.leave()
    again = sessions.resume(drive.engine.session)
    again.ask_and_answer("run", sort="go")
    question = again.until_asked("go")
    (tmp_path / "x").touch()
    again.answer("did-it", "", Evidence(kind="text", text="touched"))
    again.answered = question.question
    assert again.until_finished().code is ExitCode.COMPLETED
    assert "run.intent" not in again.kinds()


# The good operator in trouble


def kill_supervisor(drive: "Drive") -> None:
    def started(message: Message) -> bool:
        return isinstance(message, Update) and isinstance(message.happened.event, RunStarted)

    message = drive.until(started)
    assert isinstance(message, Update)
    assert isinstance(message.happened.event, RunStarted)
    os.kill(message.happened.event.supervisor, signal.SIGKILL)


def test_the_good_operator_settles_an_unknown_outcome_by_the_probe(sessions: "Opener") -> None:
    text = steps("""
- id: one
  title: One
  already: {shell: 'test -e done'}
  shell: 'sleep 1; echo x > done'
""")
    drive = sessions.open(text, "rehearsal", auto=True, speed=100000.0)
    kill_supervisor(drive)
    assert drive.until_finished(40).code is ExitCode.COMPLETED
    assert [each.settled for each in drive.state.runs.values()] == [False, None]


def test_the_good_operator_without_a_probe_leaves_it_to_a_person(sessions: "Opener") -> None:
    text = steps("- {id: one, title: One, shell: 'sleep 1; echo x > done'}")
    drive = sessions.open(text, "rehearsal", auto=True, speed=100000.0)
    kill_supervisor(drive)
    assert drive.until_finished(40).code is ExitCode.PAUSED
    assert len(drive.state.runs) == 1


def test_the_good_operator_tries_a_failed_check_once_more_and_stops(sessions: "Opener") -> None:
    text = steps("- {id: one, title: One, before: [{shell: 'test -e nothing'}], shell: 'true'}")
    drive = sessions.open(text, "rehearsal", auto=True, speed=100000.0)
    assert drive.until_finished(20).code is ExitCode.FAILED
    looks = [event for event in drive.events if isinstance(event, CheckAnswered) and event.purpose == "before"]
    assert len(looks) == 2
