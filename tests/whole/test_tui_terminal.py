"""The wizard on a real terminal: signals, hang-up, crash and leaving restore it and keep the record."""

import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests import forked
from tests.conftest import HANG


LEFT_ALTERNATE = b"\x1b[?1049l"
CURSOR_SHOWN = b"\x1b[?25h"

_PROCEDURE = """
format: 1
procedure: long
title: A long one
phases: [{title: Only, steps: [{id: it, title: Wait long, shell: 'echo begun; sleep 60'}]}]
"""

_START = "from screens.launch import main; import sys; sys.argv[0] = 'uplevel'; sys.exit(main())"

Child = Any
"""What pexpect spawns; its stubs know neither the pty behind it nor the file it logs to."""
Starts = Callable[..., Child]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starts]:
    """Starts the command on a terminal of 80x24; whatever still lives at the end is killed."""
    children: list[Child] = []
    file = tmp_path / "long.yaml"
    file.write_text(_PROCEDURE)

    def begin(*arguments: str, script: str = _START, **variables: str) -> Child:
        child = forked.spawn(
            sys.executable,
            ["-c", script, *(arguments or ("run", str(file)))],
            env={**os.environ, "TERM": "xterm-256color", **variables},
            dimensions=(24, 80),
            timeout=30,
            cwd=str(tmp_path),
        )
        child.logfile_read = (tmp_path / f"seen{len(children)}").open("wb")
        children.append(child)
        return child

    yield begin
    for child in children:
        child.logfile_read.close()
        child.logfile_read = None
        if not child.closed:
            child.close(force=True)


def _seen(tmp_path: Path, number: int = 0) -> bytes:
    return (tmp_path / f"seen{number}").read_bytes()


def _journal(home: Path) -> str:
    [journal] = (home / "state").rglob("journal.jsonl")
    return journal.read_text()


def _stop_sleeping(home: Path) -> None:
    """End the command that went on without the wizard."""
    for found in re.findall(r'"pid":(\d+),"pid_start"', _journal(home)):
        os.kill(int(found), signal.SIGKILL)


def _into_session(child: Child) -> None:
    child.expect(b"F5")
    _press_until(child, b"\x1b[15~", b"do it by hand")


def _into_running(child: Child) -> None:
    _into_session(child)
    _press_until(child, b"r", b"Enter: run it")
    _press_until(child, b"\r", b"running")
    child.expect(b"begun")


def _press_until(child: Child, key: bytes, wanted: bytes, seconds: float = 1.1) -> None:
    """Press a key until something shows: right after a question was drawn, keys are ignored, and fast ones are text."""
    for _ in range(20):
        child.send(key)
        if child.expect([wanted, pexpect.TIMEOUT], timeout=seconds) == 0:
            return
    pytest.fail(f"{wanted!r} never came")


def _code(child: Child, seconds: float) -> int:
    """The exit status, within so many seconds."""
    began = time.monotonic()
    child.expect(pexpect.EOF, timeout=30)
    child.wait()
    assert time.monotonic() - began < seconds
    return child.exitstatus if child.exitstatus is not None else -(child.signalstatus or 0)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)], ids=["TERM", "HUP", "INT"]
)
def test_a_signal_leaves_the_terminal_and_the_command_as_they_should_be(
    start: Starts, tmp_path: Path, own_folders: Path, number: signal.Signals, code: int
) -> None:
    child = start()
    _into_running(child)
    child.kill(number)
    assert _code(child, 3.0) == code
    seen = _seen(tmp_path)
    assert LEFT_ALTERNATE in seen
    assert CURSOR_SHOWN in seen[seen.rindex(LEFT_ALTERNATE) - 200 :]
    assert b"uplevel resume" in seen
    record = _journal(own_folders)
    assert "front-end.detached" in record
    assert number.name in record
    assert "run.ended" not in record
    _stop_sleeping(own_folders)


def _has_ended(pid: int, seconds: float) -> bool:
    """Whether a child ends within so many seconds."""
    process = os.pidfd_open(pid)
    try:
        return bool(select.select([process], [], [], seconds)[0])
    finally:
        os.close(process)


_THREADS_STAY = f"""
from textual.drivers.linux_driver import LinuxDriver
LinuxDriver.disable_input = lambda driver: None
{_START}"""
"""The wizard, whose thread that reads the terminal does not end."""


@pytest.mark.parametrize("script", [_START, _THREADS_STAY], ids=["as it is", "a thread stays"])
def test_a_terminal_that_is_hung_up_does_not_keep_the_process(start: Starts, own_folders: Path, script: str) -> None:
    child = start(script=script)
    _into_running(child)
    began = time.monotonic()
    child.ptyproc.fileobj.close()
    child.ptyproc.closed = child.closed = True
    assert _has_ended(child.pid, HANG)
    ended = os.waitid(os.P_PID, child.pid, os.WEXITED)
    assert ended is not None
    assert time.monotonic() - began < 4.0
    assert (ended.si_code, ended.si_status) == (os.CLD_EXITED, 129)
    assert "SIGHUP" in _journal(own_folders)
    _stop_sleeping(own_folders)


def test_leaving_a_running_command_takes_no_time_and_it_goes_on(
    start: Starts, tmp_path: Path, own_folders: Path
) -> None:
    child = start()
    _into_running(child)
    child.send(b"\x03")
    child.expect(b"Stay here")
    _press_until(child, b"\x1b[B", b"> Leave it", 3)
    child.send(b"\r")
    assert _code(child, 3.0) == 3
    assert LEFT_ALTERNATE in _seen(tmp_path)
    assert '"running":true' in _journal(own_folders)
    again = start("resume")
    again.expect(b"begun")
    again.send(b"\x1b[19~")  # F8
    again.expect(b"Let it run")
    _press_until(again, b"\x1b[B", b"> Stop it", 3)
    again.send(b"\r")
    again.expect(b"failed")
    again.send(b"\x03")
    assert _code(again, 3.0) == 3


_CRASHING = """
from screens.run.screen import RunScreen

def draw(self, *_):
    password = "hunter2-hunter2"
    self.secrets["token"] = "hunter3-hunter3"
    if self.showing.kind == "question":
        raise RuntimeError("no such thing as hunter3-hunter3 [/x] \\x1b]0;owned\\x07")
    return original(self)

original, RunScreen.draw = RunScreen.draw, draw
"""


def test_a_crash_tells_where_the_session_is_and_no_secret(start: Starts, tmp_path: Path, own_folders: Path) -> None:
    child = start(script=_CRASHING + _START)
    child.expect(b"F5")
    for _ in range(20):
        child.send(b"\x1b[15~")
        if child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=0.5) == 0:
            break
    assert _code(child, 20.0) == 1
    seen = _seen(tmp_path)
    assert LEFT_ALTERNATE in seen
    told = seen[seen.rindex(LEFT_ALTERNATE) :].decode()
    assert "RuntimeError" in told
    assert "<string>" in told or "screen.py" in told
    assert "uplevel resume" in told
    assert "Traceback" not in told
    assert "\x1b]0;" not in told
    assert b"hunter" not in seen
    assert "hunter" not in _journal(own_folders)


def test_bytes_that_are_no_text_end_nothing(start: Starts, own_folders: Path) -> None:
    child = start()
    _into_session(child)
    _press_until(child, b"\x1bOQ", b"Enter accept")  # F2: a note
    child.send(b"\x1b[200~caf\xe9 \x00\x9b2J\x1b]0;owned\x07 \xc3\x1b[201~")
    child.expect("caf\N{REPLACEMENT CHARACTER}".encode())
    child.send(b"\r")
    child.expect(b"do it by hand")
    child.send(b"\x03")
    assert _code(child, 5.0) == 3
    assert "caf\\ufffd" in _journal(own_folders)


_BROKEN_INPUT = """
from screens.shared.terminal.driver import TerminalDriver

def read(self):
    raise OSError("the keys are gone")

TerminalDriver.run_input_thread = read
"""


def test_a_broken_input_is_told(start: Starts, tmp_path: Path) -> None:
    child = start(script=_BROKEN_INPUT + _START)
    assert _code(child, 20.0) == 1
    seen = _seen(tmp_path)
    assert b"can no longer be read" in seen[seen.rindex(LEFT_ALTERNATE) :]


_STAGED = _PROCEDURE + "parameters: {stage: {choices: [preview, production]}}\n"
_COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")
_RED = re.compile(rb"\x1b\[[0-9;]*\b31[;m]")


@pytest.mark.parametrize("without", [False, True], ids=["colour", "NO_COLOR"])
def test_production_is_said_in_words_and_in_red_where_colour_is_wanted(
    start: Starts, tmp_path: Path, without: bool
) -> None:
    (tmp_path / "staged.yaml").write_text(_STAGED)
    arguments = ("run", str(tmp_path / "staged.yaml"), "-p", "stage=production")
    child = start(*arguments, **({"NO_COLOR": "1"} if without else {}))
    child.expect(b"F5")
    child.send(b"\x03")
    assert _code(child, 3.0) == 0
    seen = _seen(tmp_path)
    assert b"LIVE PRODUCTION" in seen
    assert b"\x1b[7" in seen or b";7m" in seen or b";7;" in seen  # reversed
    assert (_RED.search(seen) is None) == without
    if without:
        assert _COLOUR.search(seen) is None


_PUT_ASIDE, _TAKE_BACK = b"\x1b[22;2t", b"\x1b[23;2t"


def test_the_title_says_where_the_session_is_and_is_put_back_at_the_end(start: Starts, tmp_path: Path) -> None:
    child = start()
    _into_session(child)
    child.send(b"\x1b[18~")  # F7
    child.expect(pexpect.EOF)
    seen = _seen(tmp_path)
    titles = re.findall(rb"\x1b\]2;([^\x1b]*)\x1b\\", seen)
    assert "! LIVE · A long one · 1/1".encode() in titles
    assert seen.count(_PUT_ASIDE) == seen.count(_TAKE_BACK) == 1
    assert seen.index(_PUT_ASIDE) < seen.index(b"\x1b]2;")
    assert seen.rindex(b"\x1b]2;") < seen.index(_TAKE_BACK) < seen.rindex(LEFT_ALTERNATE)


@pytest.mark.parametrize("off", ["settings", "TERM"])
def test_a_title_that_is_not_wanted_is_left_alone(start: Starts, tmp_path: Path, own_folders: Path, off: str) -> None:
    folder = own_folders / "config" / "uplevel"
    folder.mkdir(parents=True, mode=0o700)
    if off == "settings":
        (folder / "settings.toml").write_text("title = false\n")
        (folder / "settings.toml").chmod(0o600)
    child = start(TERM="linux" if off == "TERM" else "xterm-256color")
    _into_session(child)
    child.send(b"\x1b[18~")
    child.expect(pexpect.EOF)
    assert b"\x1b]2;" not in _seen(tmp_path)
    assert _PUT_ASIDE not in _seen(tmp_path)
