"""A watch beside the steps, with real commands: it starts, it goes on, it is ended, and it blocks nobody."""

from pathlib import Path
from typing import TYPE_CHECKING

from wizard.errors import ExitCode
from wizard.events import Event, RunEnded, RunIntent, StopRequested


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
