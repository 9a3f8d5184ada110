"""A watch beside the steps, with real commands: it starts, it goes on, it is ended, and it blocks nobody."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import forked
from tests.conftest import until
from tests.engine.test_plain_told import Told
from wizard.archive.sessions import list_sessions
from wizard.clock import process_start
from wizard.engine.inbox_handler import end_of
from wizard.engine.messages import StopCommand
from wizard.errors import ExitCode
from wizard.execution.runner import ProcessRunner
from wizard.formats import build
from wizard.formats.markdown import render_markdown
from wizard.record.events import Event, Evidence, RunEnded, RunIntent, RunStarted, StopRequested
from wizard.record.journal import JournalVerdict, verify
from wizard.session.view import view


if TYPE_CHECKING:
    from tests.conftest import Drive, Opener


HEAD = """
format: 1
procedure: watching
title: Watching
phases:
  - title: All
    steps:
"""


def steps(text: str) -> str:
    return HEAD + "\n".join(f"      {line}" for line in text.strip("\n").splitlines()) + "\n"


BESIDE = """
- id: log
  title: Follow the log
  watch: {shell: 'echo it begins; exec sleep 600', until: change}
- {id: change, title: Change it, run: 'true'}
- {id: last, title: Look, run: 'true'}
"""


def of(drive: "Drive", kind: type[Event]) -> list[Event]:
    return [event for event in drive.events if isinstance(event, kind)]


def place(drive: "Drive", wanted: Event) -> int:
    return drive.events.index(wanted)


@pytest.fixture(autouse=True)
def not_long_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test leaves behind ends soon."""
    monkeypatch.setattr("wizard.engine.run_records.ALONE", 20.0)


def test_a_watch_runs_beside_the_steps_until_the_one_it_names_has_ended(sessions: "Opener") -> None:
    drive = sessions.open(steps(BESIDE))
    drive.ask_and_answer("run", sort="go")
    question = drive.until_asked("go")
    assert question.step == "change"
    assert drive.state.step("log").end == "done"
    assert drive.state.open_run is None
    assert [run.intent.step for run in drive.state.watches] == ["log"]
    drive.answer("run")
    assert drive.ask_and_answer("run", sort="go").step == "last"
    finished = drive.until_finished()
    assert finished.code is ExitCode.COMPLETED
    intent = next(event for event in drive.events if isinstance(event, RunIntent))
    assert intent.watch
    asked = next(event for event in drive.events if isinstance(event, StopRequested))
    ended = next(event for event in drive.events if isinstance(event, RunEnded) and event.run == 1)
    assert (asked.run, asked.by, asked.due) == (1, "step change", True)
    assert ended.stopped_by == "step change"
    assert drive.state.deviations == ()
    assert ended.output is not None
    assert ended.output.len > 0
    assert (Path(finished.folder) / "runs" / "0001" / "output").read_bytes() == b"it begins\n"


def test_a_watch_that_ends_by_itself_is_recorded_and_blocks_nothing(sessions: "Opener") -> None:
    drive = sessions.open(steps(BESIDE.replace("exec sleep 600", "exit 3")))
    drive.ask_and_answer("run", sort="go")
    drive.until(lambda _: any(isinstance(event, RunEnded) for event in drive.events))
    assert drive.until_asked("go").step == "change"
    drive.answer("run")
    drive.ask_and_answer("run", sort="go")
    assert drive.until_finished().code is ExitCode.COMPLETED
    ended = drive.state.runs[1].ended
    assert ended is not None
    assert (ended.exit, ended.stopped_by) == (3, "")
    assert drive.state.step("log").end == "done"
    assert not of(drive, StopRequested)


def test_a_watch_without_a_program_leaves_its_step_to_be_begun(sessions: "Opener") -> None:
    drive = sessions.open(steps(BESIDE.replace("shell: 'echo it begins; exec sleep 600'", "run: no-such-program")))
    drive.ask_and_answer("run", sort="go")
    assert drive.until_asked("go").step == "log"
    assert drive.state.step("log").end is None


def test_a_check_after_a_watch_says_when_its_step_is_done(sessions: "Opener", tmp_path: Path) -> None:
    log = BESIDE.replace("echo it begins", f"touch {tmp_path}/there").replace(
        "until: change}", f"until: change}}\n  after: [{{run: 'test -e {tmp_path}/there', within: 20s, every: 1s}}]"
    )
    drive = sessions.open(steps(log))
    drive.ask_and_answer("run", sort="go")
    assert drive.until_asked("go").step == "change"
    assert drive.state.step("log").end == "done"
    assert len(drive.state.watches) == 1


def test_the_record_of_a_session_that_is_stopped_closes_behind_its_watches(sessions: "Opener") -> None:
    drive = sessions.open(steps(BESIDE))
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    drive.answer("stop", "enough")
    finished = drive.until_finished()
    asked, ended = of(drive, StopRequested), of(drive, RunEnded)
    assert len(asked) == len(ended) == 1
    assert place(drive, asked[0]) < place(drive, ended[0]) < drive.kinds().index("session.closed")
    assert verify(finished.folder).verdict in {JournalVerdict.VERIFIED, JournalVerdict.UNSIGNED}
    assert [deviation.what for deviation in drive.state.deviations] == []


def test_the_undo_of_its_own_step_ends_a_watch(sessions: "Opener", tmp_path: Path) -> None:
    log = BESIDE.replace("until: change}", f"until: last}}\n  undo: {{run: touch {tmp_path}/back}}")
    drive = sessions.open(steps(log))
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("undo", sort="go")
    drive.ask_and_answer("run", sort="undo")
    assert drive.until_asked("go").step == "log"
    asked = of(drive, StopRequested)
    assert [event.by for event in asked if isinstance(event, StopRequested)] == ["the undo of step log"]
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    assert drive.state.step("log").attempt == 2
    assert max(run.intent.run for run in drive.state.watches) == 3


def test_a_watch_goes_on_while_its_operator_is_away_and_is_found_again(sessions: "Opener") -> None:
    drive = sessions.open(steps(BESIDE))
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    drive.leave()
    assert drive.finished is not None
    assert "The watch goes on" in drive.finished.sentence
    again = sessions.resume(drive.engine.session)
    assert again.until_asked("go").step == "change"
    assert [run.intent.run for run in again.state.watches] == [1]
    again.answer("run")
    again.ask_and_answer("run", sort="go")
    assert again.until_finished().code is ExitCode.COMPLETED
    assert again.state.runs[1].ended is not None
    assert len(of(again, RunStarted)) == 2  # the acts; the watch had started before


def test_a_watch_that_was_alone_for_too_long_ends_by_itself(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.engine.run_records.ALONE", 0.2)
    drive = sessions.open(steps(BESIDE))
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    drive.leave()
    until((drive.engine.folder / "runs" / "0001" / "exit.json").exists)
    again = sessions.resume(drive.engine.session)
    assert again.until_asked("go").step == "change"
    ended = again.state.runs[1].ended
    assert ended is not None
    assert ended.while_away
    assert (ended.stop_reason, ended.problem) == ("alone", "No wizard was attached for 0.2 seconds.")
    assert view(again.engine.plan_input, again.state).watches[0].over
    again.answer("run")
    again.ask_and_answer("run", sort="go")
    assert again.until_finished().code is ExitCode.COMPLETED


def test_a_safe_watch_that_was_lost_is_started_again_and_nobody_is_asked(sessions: "Opener") -> None:
    drive = sessions.open(steps(BESIDE.replace("until: change}", "until: change}\n  repeat: safe")))
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    drive.leave()
    started = drive.state.runs[1].started
    assert started is not None
    os.kill(started.supervisor, signal.SIGKILL)
    until(lambda: process_start(started.supervisor) != started.supervisor_start)
    again = sessions.resume(drive.engine.session)
    assert again.until_asked("go").step == "change"
    lost = again.state.runs[1].ended
    assert lost is not None
    assert lost.outcome == "unknown"
    assert [run.intent.run for run in again.state.watches] == [2]
    again.answer("stop", "enough")
    again.until_finished()
    assert again.state.watches == ()


WIZARD = """
import sys
from tests.conftest import Drive, prepared
from wizard.engine.opening import open_session
engine = open_session(prepared(sys.argv[1]), front_end="none")
drive = Drive(engine)
drive.ask_and_answer("run", sort="go")
drive.until_asked("go")
print(engine.session, flush=True)
drive.until_finished(600)
"""


def test_a_watch_of_a_killed_wizard_is_found_again_and_ended_when_it_is_due(sessions: "Opener") -> None:
    wizard = forked.Popen([sys.executable, "-c", WIZARD, steps(BESIDE)], stdout=subprocess.PIPE, text=True)
    assert wizard.stdout is not None
    session = wizard.stdout.readline().strip()
    wizard.kill()
    wizard.communicate()
    again = sessions.resume(session)
    assert again.until_asked("go").step == "change"
    assert [run.intent.run for run in again.state.watches] == [1]
    assert again.state.deviations == ()
    again.answer("run")
    again.ask_and_answer("run", sort="go")
    assert again.until_finished().code is ExitCode.COMPLETED
    ended = again.state.runs[1].ended
    assert ended is not None
    assert (ended.stopped_by, ended.while_away) == ("step change", False)


def test_a_stop_that_a_dying_wizard_did_not_pass_on_is_asked_for_again(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = sessions.open(steps(BESIDE))
    with monkeypatch.context() as deaf:
        deaf.setattr(ProcessRunner, "stop", lambda *_: None)
        drive.ask_and_answer("run", sort="go")
        drive.ask_and_answer("run", sort="go")
        drive.until_asked("go")
        drive.leave()
    assert drive.state.runs[1].stop_requested
    again = sessions.resume(drive.engine.session)
    again.until(lambda _: again.state.runs[1].ended is not None)
    assert len(of(again, StopRequested)) == 0


def test_the_operator_may_stop_a_watch_and_that_is_a_deviation(sessions: "Opener") -> None:
    drive = sessions.open(steps(BESIDE))
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    drive.engine.submit(StopCommand(1))
    drive.until(lambda _: drive.state.runs[1].ended is not None)
    assert [(each.step, each.what) for each in drive.state.deviations] == [("log", "the watch was stopped")]
    assert drive.state.question is not None
    assert not view(drive.engine.plan_input, drive.state).watches


def test_a_lost_watch_makes_no_session_unknown(sessions: "Opener") -> None:
    drive = sessions.open(steps(BESIDE))
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    drive.leave()
    started = drive.state.runs[1].started
    assert started is not None
    os.kill(started.supervisor, signal.SIGKILL)
    until(lambda: process_start(started.supervisor) != started.supervisor_start)
    (summary,) = list_sessions()
    assert summary.state == "paused"


def test_a_rehearsal_that_plays_by_itself_ends_its_watches(sessions: "Opener") -> None:
    text = BESIDE.replace("exec sleep 600", "cf logs router").replace("until: change", "until: last")
    drive = sessions.open(steps(text), "rehearsal", auto=True, speed=2000.0)
    assert drive.until_finished().code is ExitCode.COMPLETED
    ended = drive.state.runs[1].ended
    assert ended is not None
    assert ended.stopped_by in {"step last", ""}
    assert drive.state.watches == ()


def test_in_a_session_by_hand_the_watch_is_the_operators_own(sessions: "Opener") -> None:
    drive = sessions.open(steps(BESIDE), "by-hand")
    drive.ask_and_answer("run", sort="go")
    question = drive.until_asked("go")
    assert question.options[0].id == "did-it"
    drive.answer("did-it", "", Evidence(kind="text", text="it runs in another window"))
    assert drive.until_asked("go").step == "change"
    assert drive.state.watches == ()


FAILS = """
- {{id: log, title: Follow the log, watch: {{shell: '{script}', until: change}}{more}}}
- {{id: change, title: Change it, run: 'true'}}
"""


def failed_watch(sessions: "Opener", script: str, more: str = "") -> tuple["Drive", Told, RunEnded]:
    """A session whose watch has ended by itself, with the lines that `--plain` says of it."""
    text = steps(FAILS.format(script=script, more=more))
    text = text.replace("phases:", "parameters: {token: {secret: yes, any: yes}}\nphases:", 1)
    drive = sessions.open(text, secrets={"token": SECRET})
    told = Told(drive)
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    if not of(drive, RunEnded):
        drive.until(lambda _: bool(of(drive, RunEnded)))
    (ended,) = (event for event in of(drive, RunEnded) if isinstance(event, RunEnded))
    return drive, told, ended


SECRET = "correct-horse-battery"


def test_a_watch_that_fails_shows_what_it_printed_where_it_is_said_to_be_over(sessions: "Opener") -> None:
    drive, told, ended = failed_watch(sessions, 'echo begins; echo "no such host"; exit 3')
    assert ended.printed == "begins\nno such host"
    at = next(at for at, line in enumerate(told.lines) if "ended with exit 3" in line)
    assert told.lines[at + 1 : at + 4] == ["    it printed:", "    begins", "    no such host"]
    (line,) = view(drive.engine.plan_input, drive.state).watches
    assert (line.over, line.printed) == (True, "begins\nno such host")
    drive.leave()
    assert "no such host" in render_markdown(build(drive.engine.folder))


def test_of_a_long_output_the_last_lines_are_shown_behind_a_mark(sessions: "Opener") -> None:
    _, _, ended = failed_watch(sessions, "seq 1 5000; echo broken; exit 1")
    assert ended.printed.splitlines() == ["…", "4996", "4997", "4998", "4999", "5000", "broken"]


def test_a_secret_that_a_watch_printed_is_masked_there_too(sessions: "Opener") -> None:
    script = 'echo "token is $token"; printf "\\033]0;title\\007%s\\n" "$token"; exit 1'
    drive, told, ended = failed_watch(sessions, script, ", env: {token: '${token}'}")
    assert SECRET not in ended.printed
    assert SECRET not in (drive.engine.folder / "journal.jsonl").read_text()
    assert not any(SECRET in line for line in told.lines)
    assert ended.printed.startswith("token is ")
    assert "\x1b" not in ended.printed


@pytest.mark.parametrize("text", ["a", "a\nb", "x" * 10_000, "\n\n", "one\n" * 7])
def test_what_is_shown_of_an_output_is_marked_where_it_is_not_all(text: str) -> None:
    found = end_of(text)
    assert len(found) <= 600
    assert found.startswith("…\n") == (found != text.strip())


def test_a_watch_that_was_ended_as_it_should_be_quotes_nothing(sessions: "Opener") -> None:
    drive = sessions.open(steps(BESIDE))
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("run", sort="go")
    drive.until_finished()
    ended = drive.state.runs[1].ended
    assert ended is not None
    assert ended.printed == ""
