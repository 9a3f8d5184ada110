"""A step that hands the real terminal to a program, in both front ends, and what is left when the program is over."""

import hashlib
import json
import os
import signal
import sys
import termios
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests import forked
from tests.conftest import HANG, until
from wizard.clock import process_start


PROMPT = rb"\n\r?(?:\x1b\[[0-9;?]*[A-Za-z])*>"
_START = "from screens.launch import main; import sys; sys.argv[0] = 'uplevel'; sys.exit(main())"

_PROGRAM = """
import fcntl, os, struct, sys, termios, tty
tty.setraw(0)
rows, columns, _, _ = struct.unpack("HHHH", fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8)))
os.write(1, b"\\x1b[?1049h\\x1b[?1000h\\x1b[?25l\\x1b[2J\\x1b[Hwhole screen %dx%d" % (columns, rows))
with open("touched", "w") as file:
    file.write("by the program")
while True:
    key = os.read(0, 1)
    if key == b"s":
        rows, columns, _, _ = struct.unpack("HHHH", fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8)))
        os.write(1, b"\\x1b[Hnow %dx%d" % (columns, rows))
    elif key == b"\\x1a":
        os.write(1, b"stopping")
        os.kill(0, 20)
        os.write(1, b"continued")
    elif key == b"k":
        os.kill(os.getpid(), 9)
    elif key.isdigit():
        os.write(1, b"\\x1b[?1049l")
        sys.exit(int(key))
    else:
        os.write(1, b"<" + key + b">")
"""

_PROCEDURE = """
format: 1
procedure: screen
title: A whole screen
phases:
  - title: Only
    steps:
      - id: open
        title: Open it
        screen: full
        run: {python} -S {program}
        in: {folder}
        files: [touched, other]
"""

Child = Any
"""What pexpect spawns; its stubs know neither the pty behind it nor the file it logs to."""
Starts = Callable[..., Child]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starts]:
    """Starts uplevel with the procedure on a terminal of 90x30; whatever still lives at the end is killed."""
    children: list[Child] = []
    program = tmp_path / "program.py"
    program.write_text(textwrap.dedent(_PROGRAM))
    text = _PROCEDURE.format(python=sys.executable, program=program, folder=tmp_path)
    (tmp_path / "screen.yaml").write_text(text)

    def begin(*arguments: str, script: str = _START, **variables: str) -> Child:
        child = forked.spawn(
            sys.executable,
            ["-c", script, *(arguments or ("run", str(tmp_path / "screen.yaml")))],
            env={**os.environ, "TERM": "xterm-256color", **variables},
            dimensions=(30, 90),
            timeout=HANG,
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


def _records(home: Path, kind: str) -> list[dict[str, Any]]:
    [journal] = (home / "state").rglob("journal.jsonl")
    found = [json.loads(line) for line in journal.read_text().splitlines()]
    return [record["data"] for record in found if record["kind"] == kind]


def _press_until(child: Child, key: bytes, wanted: bytes) -> None:
    """Press a key until something shows: right after a question was drawn, keys are ignored, and fast ones are text."""
    for _ in range(20):
        child.send(key)
        if child.expect_exact([wanted, pexpect.TIMEOUT], timeout=1.1) == 0:
            return
    pytest.fail(f"{wanted!r} never came")


def _open_in_plain(child: Child) -> None:
    child.expect_exact("Begin? Type yes")
    child.send("yes\r")
    child.expect(PROMPT)
    child.send("run\r")
    child.expect_exact("whole screen 90x30")


def test_plain_comes_back_after_the_program_and_records_how_it_ended(
    start: Starts, tmp_path: Path, own_folders: Path
) -> None:
    child = start("run", "--plain", str(tmp_path / "screen.yaml"))
    _open_in_plain(child)
    child.send("x")
    child.expect_exact("<x>")
    child.send("3")
    child.expect_exact("it ended with exit 3")
    [ended] = _records(own_folders, "run.ended")
    assert ended["exit"] == 3
    child.expect(rb"  changed: \S+touched \(new.*  unchanged: \S+other \(not there")


def _open_in_screens(child: Child) -> None:
    child.expect_exact("F5")
    _press_until(child, b"\x1b[15~", b"do it by hand")
    _press_until(child, b"r", b"Enter: run it")
    _press_until(child, b"\r", b"whole screen 90x30")


def test_nothing_but_the_end_and_the_files_is_recorded(start: Starts, tmp_path: Path, own_folders: Path) -> None:
    child = start()
    _open_in_screens(child)
    child.send("hush")
    child.expect_exact("<h>")
    child.send("0")
    child.expect(rb"changed: .*unchanged: ")
    _press_until(child, b"\r", b"The session is completed")
    [intent], [ended] = _records(own_folders, "run.intent"), _records(own_folders, "run.ended")
    assert intent["full_screen"]
    assert [(file["at"], file["sha256"]) for file in intent["files"]] == [
        (str(tmp_path / "touched"), "absent"),
        (str(tmp_path / "other"), "absent"),
    ]
    written = hashlib.sha256(b"by the program").hexdigest()
    assert {file["at"]: file["sha256"] for file in ended["files"]} == {
        str(tmp_path / "touched"): written,
        str(tmp_path / "other"): "absent",
    }
    kept = [path.read_bytes() for path in (own_folders / "state").rglob("*") if path.is_file()]
    assert b"[full screen, not recorded]\n" in kept
    assert not any(b"<h>" in content or b"whole screen 90" in content for content in kept)


def _new_terminal() -> list[Any]:
    """The flags of a terminal that nothing was done to."""
    ours, theirs = os.openpty()
    try:
        return termios.tcgetattr(ours)[:4]
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize("front", ["plain", "screens"])
def test_a_program_that_is_killed_leaves_the_terminal_clean(start: Starts, tmp_path: Path, front: str) -> None:
    child = start("run", "--plain", str(tmp_path / "screen.yaml")) if front == "plain" else start()
    (_open_in_plain if front == "plain" else _open_in_screens)(child)
    child.send("k")
    child.expect_exact("ended by signal 9" if front == "plain" else "run again")
    back = _seen(tmp_path).rpartition(b"whole screen 90x30")[2]
    for undone in (b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?25h", b"\x1b[?2004l", b"\x1b>", b"\x1b[0m"):
        assert undone in back
    if front == "plain":
        child.expect(PROMPT)
        child.send("\x03")
        child.expect(pexpect.EOF)
        assert termios.tcgetattr(child.child_fd)[:4] == _new_terminal()


def test_the_program_has_the_terminals_size_goes_on_when_it_suspends_itself_and_its_end_is_shown(
    start: Starts, own_folders: Path
) -> None:
    child = start()
    _open_in_screens(child)
    child.setwinsize(40, 111)
    _press_until(child, b"s", b"now 111x40")
    child.send("\x1a")
    child.expect_exact("stopping")
    child.expect_exact("continued")
    child.send("3")
    child.expect_exact("run again")
    child.send("\x03")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 3
    [ended] = _records(own_folders, "run.ended")
    assert ended["exit"] == 3


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["KILL", "TERM"])
def test_a_program_nobody_can_see_any_more_is_hung_up_and_the_record_says_so(
    start: Starts, own_folders: Path, number: signal.Signals
) -> None:
    child = start()
    _open_in_screens(child)
    child.kill(number)
    child.expect(pexpect.EOF)
    child.wait()
    code = child.exitstatus if child.exitstatus is not None else -child.signalstatus
    assert code == (-9 if number is signal.SIGKILL else 128 + number)
    until(lambda: bool(list((own_folders / "state").rglob("exit.json"))))
    [path] = (own_folders / "state").rglob("exit.json")
    report = json.loads(path.read_text())
    assert (report["signal"], report["stop_reason"]) == (signal.SIGHUP, "hang-up")
    again = start("resume")
    again.expect_exact("hung up")
    [ended] = _records(own_folders, "run.ended")
    assert ended["while_away"]
    assert ended["problem"]


def test_without_a_terminal_it_is_not_started_and_the_session_pauses(
    start: Starts, tmp_path: Path, own_folders: Path
) -> None:
    script = "import os, subprocess, sys; os.dup2(subprocess.Popen(['cat'], stdin=subprocess.PIPE).stdin.fileno(), 1)\n"
    child = start("run", "--plain", str(tmp_path / "screen.yaml"), script=script + _START)
    child.expect_exact("Begin? Type yes")
    child.send("yes\r")
    child.expect(PROMPT)
    child.send("run\r")
    child.expect_exact("needs a whole terminal")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 3
    assert _records(own_folders, "run.intent") == []
    assert _records(own_folders, "session.paused")


_FLOOD = """
import threading
from screens.run.terminal_loan import TerminalLoan
from textual.widgets import Static

def lend(self, *arguments):
    def flood():
        for _ in range(200):
            for widget in list(self._page.query(Static)):
                try:
                    self._page.app.call_later(widget.refresh)
                except Exception:
                    return
    def draw():
        for _ in range(60):
            self._page.app._driver.write("\\x1b[H" + "x" * 4000)
        self._page.app.call_later(draw)
    threading.Thread(target=flood, daemon=True).start()
    draw()
    original(self, *arguments)

original, TerminalLoan.lend = TerminalLoan.lend, lend
"""


def test_a_flood_of_drawing_when_the_terminal_is_handed_over_blocks_nothing(start: Starts) -> None:
    child = start(script=_FLOOD + _START)
    child.expect_exact("F5")
    _press_until(child, b"\x1b[15~", b"do it by hand")
    _press_until(child, b"r", b"Enter: run it")
    _press_until(child, b"\r", b"whole screen 90x30")
    child.send("3")
    child.expect_exact("run again")


_NOISY = """
format: 1
procedure: noisy
title: Noisy
phases:
  - title: Only
    steps:
      - id: print
        title: Print
        shell: 'printf "first \\033]0;owned\\a\\033[?1049h\\033[31mred\\033[0m\\nlast\\n"; exit 3'
"""
_PAGER = """#!{python}
import os, stat, sys
path = sys.argv[1]
print("PAGER", oct(stat.S_IMODE(os.stat(path).st_mode)), os.environ["LESSSECURE"], os.path.basename(path))
print("HAS", ascii(open(path).read()), flush=True)
if input() == "die":
    os.kill(os.getpid(), 9)
"""


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """A pager that says what it was given, and ends at Enter."""
    program = tmp_path / "pager.py"
    program.write_text(_PAGER.format(python=sys.executable))
    program.chmod(0o700)
    (tmp_path / "noisy.yaml").write_text(_NOISY)
    return program


def _into_noise(start: Starts, tmp_path: Path, pager: str) -> Child:
    child = start("run", str(tmp_path / "noisy.yaml"), PAGER=pager)
    child.expect_exact("F5")
    _press_until(child, b"\x1b[15~", b"do it by hand")
    _press_until(child, b"r", b"Enter: run it")
    _press_until(child, b"\r", b"run again")
    return child


def test_the_pager_gets_a_text_without_escapes_and_the_screens_come_back(
    start: Starts, tmp_path: Path, pager: Path
) -> None:
    child = _into_noise(start, tmp_path, str(pager))
    child.send("\x1b[15~")  # F5, the output
    child.expect_exact("last")
    child.send("p")
    child.expect_exact("PAGER 0o600 1 run-0001-output.txt")
    child.expect_exact(r"HAS 'first red\nlast\n'")
    child.send("die\r")
    child.expect_exact("Enter goes back")
    child.send("\r")
    child.expect_exact("last")
    child.expect_exact("F7")
    assert list((tmp_path / "run").rglob("pager-*")) == []
    child.send("\x1b")  # Esc, back to the card
    child.expect_exact("run again")


def test_a_pager_that_is_not_there_is_said(start: Starts, tmp_path: Path, pager: Path) -> None:
    child = _into_noise(start, tmp_path, "no-such-pager")
    child.send("\x1b[15~")  # F5, the output
    child.expect_exact("last")
    _press_until(child, b"p", b"no-such-pager is not there")


def test_a_wizard_that_is_ended_takes_its_pager_along(
    start: Starts, tmp_path: Path, own_folders: Path, pager: Path
) -> None:
    child = _into_noise(start, tmp_path, str(pager))
    child.send("\x1b[15~")  # F5, the output
    child.expect_exact("last")
    _press_until(child, b"p", b"HAS")
    child.kill(signal.SIGTERM)
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 143
    assert list((tmp_path / "run").rglob("pager-*")) == []
    assert _records(own_folders, "front-end.detached")


def test_a_program_that_wants_the_whole_screen_undeclared_is_named(start: Starts, tmp_path: Path) -> None:
    text = _NOISY.replace("exit 3", "sleep 30")
    (tmp_path / "noisy.yaml").write_text(text)
    child = start("run", "--plain", str(tmp_path / "noisy.yaml"))
    child.expect_exact("Begin? Type yes")
    child.send("yes\r")
    child.expect(PROMPT)
    child.send("run\r")
    child.expect_exact("wants the whole screen")
    child.send("\x03")
    child.expect_exact("try again")


def test_a_supervisor_that_dies_gives_the_terminal_back_and_nobody_claims_to_know(
    start: Starts, tmp_path: Path, own_folders: Path
) -> None:
    child = start("run", "--plain", str(tmp_path / "screen.yaml"))
    _open_in_plain(child)
    until(lambda: bool(_records(own_folders, "run.started")))
    [started] = _records(own_folders, "run.started")
    os.kill(started["supervisor"], signal.SIGKILL)
    child.expect_exact("we do not know whether it finished")
    child.expect(PROMPT)
    until(lambda: process_start(started["pid"]) != started["pid_start"])
