"""Commands whose end nobody saw: what is said of them is what the record and the run's folder tell, and no more."""

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Drive, Opener, prepared
from tests.engine.test_plain_told import Told
from tests.engine.test_session_hazards import Story
from tests.killing import run_and_kill, wait_until
from wizard.engine.opening import open_session, this_operator
from wizard.execution.runner import LostNotice, Notice, Order, ProcessRunner
from wizard.faults import Point
from wizard.record.events import RunEnded, RunStarted
from wizard.session.plan import plan
from wizard.session.view import view


if TYPE_CHECKING:
    from pathlib import Path


_SLEEPS = """
format: 1
procedure: p
title: P
phases:
  - title: A
    steps:
      - {id: s, title: S, run: sleep 60}
"""


def test_only_the_supervisor_died_and_uplevel_does_not_say_that_it_stopped(sessions: Opener) -> None:
    drive = sessions.open(_SLEEPS)
    drive.ask_and_answer("run", sort="go")
    drive.until(lambda _: any(isinstance(event, RunStarted) for event in drive.events))
    started = next(event for event in drive.events if isinstance(event, RunStarted))
    os.kill(started.supervisor, 9)
    question = drive.until_asked("unknown")
    assert question.text.startswith("The program that watched the command is gone")
    assert "uplevel" not in question.text


def _launched(steps: str) -> Story:
    story = Story(steps)
    story.say("run")
    while not story.intents():
        story.make(plan(story.plan_input, story.state, story.now()))
    return story


_WATCHER = "The program that watched the command is gone and left no exit status."
_RESTART = "The machine was restarted before it was written down how the command ended."


@pytest.mark.parametrize(
    ("ended", "text"),
    [
        ({"problem": _WATCHER}, f"{_WATCHER} We do not know"),
        ({"problem": _WATCHER, "while_away": True}, f"uplevel was not running at the time. {_WATCHER} We do not know"),
        ({"problem": _RESTART, "while_away": True}, f"uplevel was not running at the time. {_RESTART} We do not know"),
        ({}, "Nothing tells how this command ended. We do not know"),
    ],
)
def test_an_unknown_outcome_names_who_is_gone(ended: dict[str, object], text: str) -> None:
    story = _launched("- {id: s, title: S, run: go}\n")
    story.record(RunEnded.model_validate({"run": 1, "outcome": "unknown", **ended}))
    assert story.until_asked("unknown").text.startswith(text)


class _Failing(ProcessRunner):
    """A runner whose supervisors do not come up."""

    def start(self, order: Order, notify: Callable[[Notice], None]) -> None:
        notify(LostNotice(order.run))


class _NoProcess(ProcessRunner):
    """A runner on a machine that has no process left."""

    def start(self, _order: Order, _notify: Callable[[Notice], None]) -> None:
        raise OSError(11, "Resource temporarily unavailable")


@pytest.mark.parametrize(
    ("runner", "problem"),
    [
        (_Failing, "Its supervisor was lost before it started the command."),
        (_NoProcess, "The command could not be started: [Errno 11] Resource temporarily unavailable"),
    ],
)
def test_a_command_that_could_not_be_started_is_void_by_nobody_who_resumes(
    runner: type[ProcessRunner], problem: str, sessions: Opener
) -> None:
    drive = sessions.drive(open_session(prepared(_SLEEPS), front_end="none", runner=runner()))
    drive.ask_and_answer("run", sort="go")
    drive.until(lambda _: any(isinstance(event, RunEnded) for event in drive.events))
    ended = next(event for event in drive.events if isinstance(event, RunEnded))
    assert (ended.outcome, ended.problem, ended.while_away) == ("not started", problem, False)
    claim = json.loads((drive.engine.folder / "runs" / "0001" / "claim").read_text())
    assert claim["void"] == f"void by {this_operator().user}"
    assert drive.until_asked().question_kind == "go"


def test_an_intent_that_a_dead_wizard_left_is_void_by_who_resumes(tmp_path: "Path", sessions: Opener) -> None:
    killed = run_and_kill(tmp_path, Point.ENGINE_AFTER_INTENT, "self", seconds=0.1)
    drive = sessions.resume(killed.session)
    drive.until_asked("go")
    ended = drive.state.runs[1].ended
    assert ended is not None
    assert ended.problem == f"void by {this_operator().user}, resuming"


_FAILS = """
format: 1
procedure: p
title: P
phases:
  - title: A
    steps:
      - id: s
        title: S
        shell: |
          until test -e gone; do sleep 0.02; done
          exit 3
"""


def _left_and_taken_up(sessions: Opener, tmp_path: "Path") -> tuple[Drive, Told]:
    drive = sessions.open(_FAILS.replace("-e gone", f"-e {tmp_path}/gone"))
    drive.ask_and_answer("run", sort="go")
    drive.until(lambda _: any(isinstance(event, RunStarted) for event in drive.events))
    drive.leave()
    (tmp_path / "gone").touch()
    wait_until((drive.engine.folder / "runs" / "0001" / "exit.json").exists)
    again = sessions.resume(drive.engine.session)
    return again, Told(again)


def test_a_command_that_failed_while_nobody_watched_is_said_to_have_ended_meanwhile(
    sessions: Opener, tmp_path: "Path"
) -> None:
    drive, told = _left_and_taken_up(sessions, tmp_path)
    drive.until_asked("failed")
    ended = drive.state.runs[1].ended
    assert ended is not None
    words = f"ended while you were away, exit 3, at {ended.finished[:19].replace('T', ' ')} UTC"
    card = view(drive.engine.plan_input, drive.state).card
    assert card is not None
    assert card.ended_away == words
    assert [line for line in told.lines if line.startswith(f"✗ it {words}")]
    drive.leave()
    again = sessions.resume(drive.engine.session)
    told = Told(again)
    again.until_asked("failed")
    assert f"  the command {words}" in told.lines


@pytest.mark.parametrize(("away", "exit_", "signal"), [(True, 0, None), (True, None, 9), (False, 1, None)])
def test_the_card_tells_how_it_ended_only_where_nobody_saw_it(
    away: bool, exit_: int | None, signal: int | None
) -> None:
    story = _launched("- {id: s, title: S, run: go, expect: {has: never}}\n")
    story.record(
        RunEnded(run=1, outcome="ended", exit=exit_, signal=signal, finished="2026-11-27T02:11:09.1Z", while_away=away)
    )
    card = view(story.plan_input, story.state).card
    assert card is not None
    how = "by signal 9" if signal else f"exit {exit_}"
    assert card.ended_away == (f"ended while you were away, {how}, at 2026-11-27 02:11:09 UTC" if away else "")
