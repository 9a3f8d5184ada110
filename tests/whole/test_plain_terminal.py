"""The line-by-line front end at a real terminal, and without one."""

import hashlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests import forked
from tests.conftest import HANG


PROGRAM = Path(__file__).with_name("scripted_session.py")
PROMPT = r"\n\r?(?:\x1b\[[0-9;?]*[A-Za-z])*>"


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", "PYTHONPATH": str(PROGRAM.parents[2]), **more}


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    children: list[Any] = []

    def begin(scene: str, **more: str) -> Any:
        child = forked.spawn(
            sys.executable,
            [str(PROGRAM), scene, str(tmp_path)],
            env=environment(**more),
            encoding="utf-8",
            timeout=HANG,
            dimensions=(24, 100),
        )
        children.append(child)
        return child

    yield begin
    for child in children:
        child.close(force=True)


def submitted(folder: Path) -> str:
    return (folder / "submitted").read_text()


def ended(child: Any) -> int:
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None
    return int(child.exitstatus)


@pytest.mark.parametrize("terminal", ["xterm-256color", "dumb"])
def test_a_whole_session(play: Callable[..., Any], tmp_path: Path, terminal: str) -> None:
    child = play("whole", TERM=terminal)
    child.expect_exact("Greet   LIVE")
    child.expect_exact("[1/2] Say hello   (Manual 1)")
    child.expect_exact("Somebody waits for it.")
    child.expect(r"before\s+yes\s+the name is free")
    child.expect(r"command\s+echo hello")
    child.expect_exact(
        "run   note   evidence   sign over   pause      (a word or its first letters; the same everywhere)"
    )
    child.expect(PROMPT)
    child.send("run\r")
    child.expect_exact("● running")
    child.expect_exact("| hello world\r\n| Your name? ")
    child.send("mara\r")
    child.expect_exact("| hi")
    child.expect(r"after: yes, it is there")
    child.expect_exact("Type the-name to go on.")
    child.expect(PROMPT)
    child.send("wrong\r")
    child.expect_exact("What was typed is not the-name, and no other answer; there is also: note, evidence, sign over")
    child.expect(PROMPT)
    child.send("the-name\r")
    assert ended(child) == 0
    assert "evil" not in child.before
    assert "TypeKeys(data=b'mara" in "".join(
        submitted(tmp_path).split("\n")
    ) or "TypeKeys(data=b'm', run=None)" in submitted(tmp_path)


def test_no_escape_of_the_command_reaches_the_terminal(play: Callable[..., Any]) -> None:
    child = play("whole")
    child.expect(PROMPT)
    child.send("run\r")
    child.expect_exact("● running")
    child.expect_exact("Your name?")
    assert "\x1b" not in child.before


def test_what_is_typed_ahead_answers_nothing(play: Callable[..., Any], tmp_path: Path) -> None:
    child = play("whole")
    child.expect(PROMPT)
    child.send("run\r")
    child.expect_exact("Your name?")
    child.send("x\rpause\rthe-name\rpause\r")
    child.expect_exact("Type the-name to go on.")
    child.expect(PROMPT)
    with pytest.raises(pexpect.TIMEOUT):
        child.expect(PROMPT, timeout=1)
    assert submitted(tmp_path).count("Answer(") == 1


@pytest.mark.parametrize(("key", "heard"), [("\x03", "Leave()"), ("\x04", "Leave()")])
def test_ctrl_c_and_ctrl_d_at_a_question_pause(play: Callable[..., Any], tmp_path: Path, key: str, heard: str) -> None:
    child = play("whole")
    child.expect(PROMPT)
    child.send(key)
    assert ended(child) == 3
    assert heard in submitted(tmp_path)


def test_ctrl_c_goes_to_the_running_command(play: Callable[..., Any]) -> None:
    child = play("quiet")
    child.expect_exact("| started")
    child.send("\x03")
    child.expect_exact(r"heard TypeKeys(data=b'\x03', run=None)")
    child.expect_exact("was ended by signal 2")
    assert ended(child) == 1


@pytest.mark.parametrize(
    ("choice", "heard"), [("halt", "StopCommand(run=None)"), ("pause", "Leave()"), ("note", "AddNote(text='odd')")]
)
def test_ctrl_bracket_opens_a_menu(play: Callable[..., Any], choice: str, heard: str) -> None:
    child = play("quiet")
    child.expect_exact("| started")
    child.send("\x1d")
    child.expect_exact("back   halt   note   sign over   pause")
    child.expect(PROMPT)
    child.send(f"{choice}\r")
    if choice == "note":
        child.expect_exact("Note:")
        child.send("odd\r")
    child.expect_exact(f"heard {heard}")


@pytest.mark.parametrize("terminal", ["xterm-256color", "dumb"])
def test_a_question_that_settles_itself_is_withdrawn(play: Callable[..., Any], tmp_path: Path, terminal: str) -> None:
    child = play("soak", TERM=terminal)
    child.expect_exact("Soaking")
    child.expect(PROMPT)
    child.expect_exact("the question is settled")
    child.expect_exact("run   note")
    child.expect(PROMPT)
    child.send("run\r")
    assert ended(child) == 0
    assert "question=2" in submitted(tmp_path)


@pytest.mark.parametrize("terminal", ["xterm-256color", "dumb"])
def test_a_secret_is_not_shown(play: Callable[..., Any], tmp_path: Path, terminal: str) -> None:
    child = play("secret", TERM=terminal)
    child.expect_exact("Secret, not shown (Enter alone for the other ways):")
    child.send("hunter2-hunter2\r")
    assert ended(child) == 0
    assert "hunter2" not in child.before
    assert (tmp_path / "secret").read_text() == hashlib.sha256(b"hunter2-hunter2").hexdigest()


@pytest.mark.parametrize("terminal", ["xterm-256color", "dumb"])
def test_enter_alone_leads_from_a_secret_to_the_other_ways(
    play: Callable[..., Any], tmp_path: Path, terminal: str
) -> None:
    child = play("secret", TERM=terminal)
    child.expect_exact("Secret, not shown")
    child.send("\r")
    child.expect_exact("answer   note   evidence   sign over   pause")
    child.expect(PROMPT)
    child.send("pause\r")
    assert ended(child) == 0
    assert "choice='pause'" in submitted(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("scene", ["whole", "quiet"])
def test_a_signal_detaches_and_restores_the_terminal(
    play: Callable[..., Any], tmp_path: Path, number: signal.Signals, scene: str
) -> None:
    child = play(scene)
    child.expect(PROMPT if scene == "whole" else re.escape("| started"))
    child.kill(number)
    assert ended(child) == 3
    assert f"Detach(cause='{number.name}')" in submitted(tmp_path)
    assert "can only be read" in child.before  # the scripted session has no record to go on with


def without_terminal(scene: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return forked.run(
        [sys.executable, str(PROGRAM), scene, str(folder)],
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=HANG,
        check=False,
    )


def test_without_a_terminal_it_goes_to_the_first_question(tmp_path: Path) -> None:
    done = without_terminal("whole", tmp_path)
    assert done.returncode == 3
    assert "Nobody can be asked" in done.stdout
    assert "Leave()" in submitted(tmp_path)


def test_a_rehearsal_that_plays_itself_needs_no_terminal(tmp_path: Path) -> None:
    done = without_terminal("auto", tmp_path)
    assert done.returncode == 0
    assert "> run it\n✓ done" in done.stdout


def test_marks_fall_back_where_there_are_only_ascii_characters(tmp_path: Path) -> None:
    done = without_terminal("auto", tmp_path, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "+ done" in done.stdout
    assert done.stdout.isascii()


def test_a_reader_that_leaves_is_no_crash(tmp_path: Path) -> None:
    with forked.Popen(
        [sys.executable, str(PROGRAM), "whole", str(tmp_path)],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        said = child.stderr.read()
        child.wait(30)
    assert "Traceback" not in said
    assert child.returncode == 3


def test_a_fault_of_ours_leaves_the_engine_told(tmp_path: Path) -> None:
    done = without_terminal("fault", tmp_path)
    assert done.returncode == 1
    assert "Detach(cause='the front end failed')" in submitted(tmp_path)
