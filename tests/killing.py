"""A wizard in a process of its own that can be killed at a named point, and the truth about what it had started."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from tests import forked
from tests.conftest import Opener
from wizard.clock import process_start
from wizard.engine.messages import SessionFinished
from wizard.faults import Point
from wizard.record.events import RunEnded
from wizard.session import SessionState


PROCEDURE = """
format: 1
procedure: count
title: Count
parameters:
  counter: {{any: yes}}
phases:
  - title: All
    steps:
      - id: count
        title: Count one up
        already: {{run: 'test -s ${{counter}}'}}
        shell: |
          echo begun
          sleep {seconds}
          printf x >> "$counter"
          echo ended
        after: [{{run: 'test -s ${{counter}}'}}]
        repeat: check-first
"""

WIZARD = """
import sys
from tests.conftest import Drive, prepared
from wizard.engine.opening import open_session
procedure, counter = sys.argv[1:]
engine = open_session(prepared(procedure, "live", {"counter": counter}), front_end="none")
print(engine.session, flush=True)
drive = Drive(engine)
drive.ask_and_answer("run", sort="go")
drive.until_finished()
"""


@dataclass
class Killed:
    """A session whose wizard is gone.

    Attributes:
        session: Its id.
        counter: The file the command writes one character to.
    """

    session: str
    counter: Path

    @property
    def count(self) -> int:
        """How often the command had its effect."""
        return len(self.counter.read_bytes()) if self.counter.exists() else 0


def run_and_kill(tmp_path: Path, point: Point | None, whom: str, *, seconds: float, after: float = 0.0) -> Killed:
    """Run the counting session in a wizard that dies.

    Args:
        tmp_path: Where the counter lies.
        point: The named instant, or None to kill from outside.
        whom: self, other, both; from outside: wizard, supervisor, both.
        seconds: How long the command takes.
        after: From outside: seconds after the command began.
    """
    counter = tmp_path / "counter"
    fault = {} if point is None else {"UPLEVEL_FAULT": f"{point}:{whom}"}
    wizard = forked.Popen(
        [sys.executable, "-c", WIZARD, PROCEDURE.format(seconds=seconds), str(counter)],
        env={**os.environ, **fault},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert wizard.stdout is not None
    session = wizard.stdout.readline().strip()
    if point is None:
        _kill_from_outside(wizard, session, whom, after)
    else:
        _wait_for_end(session, wizard)
    wizard.kill()
    wizard.wait(20)
    wizard.stdout.close()
    return Killed(session, counter)


def _sessions() -> Path:
    return Path(os.environ["XDG_STATE_HOME"]) / "uplevel" / "sessions"


def _kill_from_outside(wizard: "subprocess.Popen[str]", session: str, whom: str, after: float) -> None:
    started = _sessions() / session / "runs" / "0001" / "started.json"
    wait_until(started.exists)
    began = time.monotonic()
    wait_until(lambda: time.monotonic() - began >= after)
    if whom in {"supervisor", "both"}:
        pid = json.loads(started.read_text())["supervisor"]
        if process_start(pid) is not None:
            os.kill(pid, 9)
    if whom in {"wizard", "both"}:
        wizard.kill()


def _wait_for_end(session: str, wizard: "subprocess.Popen[str]") -> None:
    """Where the wizard is not the one who dies it lives on; wait until it has said what it knows."""
    journal = _sessions() / session / "journal.jsonl"
    wait_until(lambda: b'"kind":"run.ended"' in journal.read_bytes() or wizard.poll() is not None)


def wait_until(ready: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for something that only the outside shows."""
    deadline = time.monotonic() + seconds
    pause = Event()
    while not ready():
        assert time.monotonic() < deadline, "it never came"
        pause.wait(0.01)


def resumed(killed: Killed, sessions: Opener) -> tuple[SessionState, RunEnded | None]:
    """Take the session up and let it tell what became of the run; nothing is answered.

    Returns:
        The state at its first question, and the end of the run where one was intended.
    """
    drive = sessions.resume(killed.session)
    drive.until_asked_or_finished(60)
    state = drive.state
    if not isinstance(drive.finished, SessionFinished):
        drive.leave()
    runs = state.runs
    return state, runs[1].ended if runs else None
