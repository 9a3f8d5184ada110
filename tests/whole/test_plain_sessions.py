"""Whole sessions with the real engine, typed line by line at a terminal."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests import forked
from tests.conftest import HANG
from tests.decisions import decisions


PROGRAM = "import sys; from screens.launch import main; sys.exit(main())"
PROMPT = r"\n\r?(?:\x1b\[[0-9;?]*[A-Za-z])*>"
LIVE = """\
format: 1
procedure: live
title: Live
parameters:
  word: {ask: Which word?}
phases:
  - title: Work
    steps:
      - id: greet
        ref: Manual 1
        title: Greet ${word}
        shell: |
          read -p "Your name? " name
          echo "hello $name, $word" | tee greeted
        after: [{run: cat greeted, has: 'hello mara, ${word}'}]
        undo: {run: rm greeted, after: [{run: ls, lacks: greeted}]}
      - id: fail
        title: Fail once
        shell: test -e ready
        repeat: safe
      - id: token
        title: Use the token
        ask: {name: colour, ask: Which colour?, choices: [red, blue]}
      - id: remove
        title: Remove
        confirm: Really remove it?
        type: ${word}
        run: rm greeted
        repeat: safe
"""


SECRET = """\
format: 1
procedure: secret
title: Secret
parameters:
  token: {ask: The token, secret: yes}
phases:
  - title: Work
    steps:
      - id: use
        title: Use it
        shell: 'echo "the token is $token"; test ${#token} = 21'
        env: {token: '${token}'}
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    for name in ("state", "config", "cache", "runtime", "work"):
        (tmp_path / name).mkdir(mode=0o700)
    (tmp_path / "work" / "live.yaml").write_text(LIVE)
    return {
        **os.environ,
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_RUNTIME_DIR": str(tmp_path / "runtime"),
        "HOME": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONUTF8": "1",
        "TERM": "xterm-256color",
        "SSH_AUTH_SOCK": "",
    }


@pytest.fixture
def uplevel(tmp_path: Path, env: dict[str, str]) -> Iterator[Callable[..., Any]]:
    children: list[Any] = []

    def begin(*words: str) -> Any:
        child = forked.spawn(
            sys.executable,
            ["-c", PROGRAM, *words],
            env=env,
            cwd=str(tmp_path / "work"),
            encoding="utf-8",
            timeout=HANG,
            dimensions=(40, 120),
        )
        children.append(child)
        return child

    yield begin
    for child in children:
        child.close(force=True)


@pytest.fixture
def told(tmp_path: Path, env: dict[str, str]) -> Callable[..., Any]:
    """The JSON of a command that prints it."""

    def run(*words: str) -> Any:
        done = forked.run(
            [sys.executable, "-c", PROGRAM, *words],
            env=env,
            cwd=tmp_path / "work",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=True,
        )
        return json.loads(done.stdout)

    return run


def ended(child: Any) -> int:
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None
    return int(child.exitstatus)


def choose(child: Any, word: str, *more: str) -> None:
    """Type a word at the next question, then what it asks for."""
    child.expect_exact("its first letters")
    child.expect(PROMPT)
    child.send(f"{word}\r")
    for text in more:
        child.expect(r":(?:\x1b\[[0-9;?]*[A-Za-z])* ?")
        child.send(f"{text}\r")


def confirm_begin(child: Any, typed: str = "yes") -> None:
    child.expect_exact("Begin? Type yes:")
    child.send(f"{typed}\r")


def test_a_live_session_with_everything_that_goes_wrong(
    uplevel: Callable[..., Any], told: Callable[..., Any], tmp_path: Path
) -> None:
    child = uplevel("run", "./live.yaml", "--plain")
    child.expect_exact("Which word?")
    child.expect_exact("word:")
    child.send("bad word!\r")
    child.expect("Which word?.*bad word!")
    child.expect_exact("word:")
    child.send("blue\r")
    confirm_begin(child)
    child.expect_exact("[1/4] Greet blue   (Manual 1)")
    choose(child, "note", "all is well")
    child.expect_exact("  note: ")
    choose(child, "run")
    child.expect_exact("Your name?")
    child.send("mara\r")
    child.expect_exact("| hello mara, blue")
    child.expect(r"✓ done in .* after: yes")
    child.expect_exact("[2/4] Fail once")
    choose(child, "run")
    child.expect("ended with exit 1")
    (tmp_path / "work" / "ready").touch()
    choose(child, "try again", "it is ready now")
    choose(child, "run")
    child.expect_exact("✓ done")
    child.expect_exact("one of: red, blue")
    choose(child, "answer", "green")
    child.expect_exact("Choose red or blue.")
    choose(child, "answer", "red")
    child.expect_exact("[4/4] Remove")
    choose(child, "pause")
    assert ended(child) == 3

    child = uplevel("resume", "--plain")
    child.expect_exact("[4/4] Remove")
    choose(child, "run")
    choose(child, "yes")
    choose(child, "nonsense")
    child.expect_exact("What was typed is not blue,")
    child.expect(PROMPT)
    child.send("blue\r")
    assert ended(child) == 0
    assert not (tmp_path / "work" / "greeted").exists()

    (session,) = told("sessions", "--json")
    whole = told("export", session["id"], "--format", "json")
    assert [step["state"] for step in whole["steps"]] == ["done"] * 4
    assert [run["exit"] for run in whole["steps"][1]["runs"]] == [1, 0]
    assert [each["what"] for each in whole["deviations"]] == ["run again after it failed its proof"]
    assert whole["deviations"][0]["reason"] == "it is ready now"
    assert any("all is well" in remark for remark in whole["steps"][0]["remarks"])


def test_undo_and_stop(uplevel: Callable[..., Any], told: Callable[..., Any], tmp_path: Path) -> None:
    child = uplevel("run", "./live.yaml", "--plain", "-p", "word=blue")
    confirm_begin(child)
    choose(child, "run")
    child.expect_exact("Your name?")
    child.send("mara\r")
    child.expect_exact("[2/4] Fail once")
    choose(child, "undo", "the wrong colour")
    child.expect_exact("take back: Greet blue")
    child.expect_exact("rm greeted")
    choose(child, "run")
    child.expect_exact("↶ undone: the wrong colour")
    child.expect_exact("[1/4] Greet blue")
    assert not (tmp_path / "work" / "greeted").exists()
    choose(child, "skip", "not today")
    child.expect_exact("skipped: not today")
    choose(child, "stop", "enough")
    assert ended(child) == 1
    (session,) = told("sessions", "--json")
    assert session["state"] == "stopped"
    whole = told("export", session["id"], "--format", "json")
    assert whole["session"]["reason"] == "enough"
    assert [each["what"] for each in whole["deviations"]] == ["undone", "skipped"]


def test_ctrl_c_reaches_the_command_and_the_session_goes_on(uplevel: Callable[..., Any]) -> None:
    child = uplevel("run", "./live.yaml", "--plain", "-p", "word=blue")
    confirm_begin(child)
    choose(child, "run")
    child.expect_exact("Your name?")
    child.send("\x03")
    child.expect("✗ it (?:was ended by signal 2|ended with exit 130)")
    choose(child, "pause")
    assert ended(child) == 3


def test_a_command_left_running_is_found_again(uplevel: Callable[..., Any], told: Callable[..., Any]) -> None:
    child = uplevel("run", "./live.yaml", "--plain", "-p", "word=blue")
    confirm_begin(child)
    choose(child, "run")
    child.expect_exact("Your name?")
    child.send("\x1d")
    choose(child, "pause")
    assert ended(child) == 3
    (session,) = told("sessions", "--json")
    assert session["state"] == "paused"
    child = uplevel("resume", "--plain")
    child.expect_exact("Your name?")
    child.send("mara\r")
    child.expect_exact("| hello mara, blue")
    child.expect_exact("[2/4] Fail once")
    child.expect_exact("run   by hand")
    child.expect(PROMPT)
    child.send("\x04")
    assert ended(child) == 3


def test_of_several_unfinished_sessions_a_person_chooses(uplevel: Callable[..., Any], told: Callable[..., Any]) -> None:
    for word in ("red", "blue"):
        child = uplevel("run", "./live.yaml", "--plain", "-p", f"word={word}", "--ticket", f"DM-{word}")
        confirm_begin(child)
        choose(child, "pause")
        assert ended(child) == 3
    older = told("sessions", "--json")[1]["id"][-6:].lower()
    child = uplevel("resume", "--plain")
    child.expect_exact("2 sessions are unfinished. Which one?")
    child.expect_exact("ticket DM-blue, word blue")
    child.expect_exact("ticket DM-red, word red")
    choose(child, older)
    child.expect_exact("Verifying the journal…")
    child.expect_exact("Greet red")
    choose(child, "pause")
    assert ended(child) == 3


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("no\r", 3)])
def test_leaving_the_start_page_runs_nothing(
    uplevel: Callable[..., Any], told: Callable[..., Any], key: str, code: int
) -> None:
    child = uplevel("run", "./live.yaml", "--plain", "-p", "word=blue")
    child.expect_exact("Begin? Type yes:")
    child.send(key)
    assert ended(child) == code
    assert told("sessions", "--json") == []


def test_a_secret_is_used_and_stands_nowhere(
    uplevel: Callable[..., Any], told: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "work" / "secret.yaml").write_text(SECRET)
    child = uplevel("run", "./secret.yaml", "--plain")
    seen = io.StringIO()
    child.logfile_read = seen
    confirm_begin(child)
    child.expect_exact("Secret, not shown")
    child.send("hunter2-HUNTER2-h!nt3\r")
    choose(child, "run")
    child.expect_exact("| the token is [redacted:token]")
    assert ended(child) == 0
    assert "hunter2" not in seen.getvalue()
    (session,) = told("sessions", "--json")
    assert "hunter2" not in json.dumps(told("export", session["id"], "--format", "json"))
    files = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"hunter2" in path.read_bytes()]


def test_redis_is_rehearsed_by_typing(uplevel: Callable[..., Any], told: Callable[..., Any], tmp_path: Path) -> None:
    child = uplevel("rehearse", "redis", "--plain", "--speed", "2000")
    child.expect_exact("Which stage?")
    choose(child, "preview")
    choose(child, "begin")
    choose(child, "log-out")
    for number in (1, 2, 3):
        child.expect_exact(f"(Redis {number})")
        choose(child, "run")
        child.expect_exact("✓ done in")
    child.expect_exact("(Redis 4)")
    choose(child, "yes")
    for _ in range(3):
        child.expect(r"\([123] of 3\)")
        choose(child, "done")
        if child.expect([r"Evidence[^:]*:", r"the pretend platform did"]) == 0:
            child.send("none\r")
            child.expect_exact("the pretend platform did")
    child.expect_exact("(Redis 5)")
    choose(child, "run")
    choose(child, "yes")
    choose(child, "digitalmarketplace_redis-old")
    assert ended(child) == 0
    (session,) = told("sessions", "--json")
    assert session["state"] == "completed"
    child = uplevel("rehearse", "redis", "--plain", "--speed", "2000", "--auto", "-p", "stage=preview")
    assert ended(child) == 0
    auto, typed = (tmp_path / "state" / "uplevel" / "sessions" / each["id"] for each in told("sessions", "--json"))
    assert decisions(typed) == decisions(auto)


WATCHING = """\
format: 1
procedure: watching
title: Watching
phases:
  - title: Work
    steps:
      - id: log
        title: Follow the log
        watch: {until: act, shell: 'until test -e go; do sleep 0.05; done; printf "seen\\e[31m\\nhalf"; exec sleep 600'}
      - {id: brief, title: Look once, watch: {shell: 'until test -e go; do sleep 0.05; done; exit 3', until: act}}
      - {id: act, title: Act, shell: 'read -p "Your name? " name; echo "hello $name"'}
      - {id: last, title: Last, run: 'true'}
"""


def test_watches_are_seen_beside_the_steps_line_by_line(
    uplevel: Callable[..., Any], told: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "work" / "watching.yaml").write_text(WATCHING)
    child = uplevel("run", "./watching.yaml", "--plain")
    confirm_begin(child)
    child.expect_exact("[1/4] Follow the log")
    child.expect_exact("runs beside the steps until the end of step 3 · Act")
    choose(child, "run")
    choose(child, "run")
    child.expect_exact("[3/4] Act")
    child.expect(PROMPT)
    (tmp_path / "work" / "go").touch()
    wanted = ["log| seen", "the watch 2 · Look once ended with exit 3"]
    while wanted:  # above the open prompt, and below it the prompt again
        wanted.pop(child.expect_exact(wanted))
    child.expect(PROMPT)
    child.send("run\r")
    child.expect_exact("act| Your name?")
    child.send("mara\r")
    child.expect_exact("act| hello mara")
    child.expect_exact("the watch 1 · Follow the log is being ended by step act")
    choose(child, "run")
    assert ended(child) == 0
    assert "\x1b[31m" not in child.before
    (session,) = told("sessions", "--json")
    whole = told("export", session["id"], "--format", "json")
    log, brief, *_ = (run for step in whole["steps"] for run in step["runs"])
    assert (log["watch"], log["stopped_by"], log["output"]) == (True, "step act", "seen\nhalf")
    assert (brief["watch"], brief["stopped_by"], brief["exit"]) == (True, "", 3)
    assert whole["deviations"] == []


GATE = """\
format: 1
procedure: gate
title: Gate
parameters: {name: {ask: Which?, matches: '[a-z0-9-]+'}}
phases:
  - title: Work
    steps:
      - {id: remove, title: Remove a thing, confirm: This logs out everyone., type: '${name}', shell: 'echo go >> gone'}
"""


@pytest.mark.parametrize(("name", "others"), [("3", ("1", "2", "")), ("skip", ("run", "", "skipp"))])
def test_at_a_gate_the_name_is_the_answer_and_nothing_else_passes(
    uplevel: Callable[..., Any], told: Callable[..., Any], tmp_path: Path, name: str, others: tuple[str, ...]
) -> None:
    (tmp_path / "work" / "gate.yaml").write_text(GATE)
    child = uplevel("run", "./gate.yaml", "--plain", "-p", f"name={name}")
    confirm_begin(child)
    choose(child, "run")
    for typed in ("", "1", "r", "run", "\x1b[200~yes\n\x1b[201~"):
        child.expect(PROMPT)
        child.send(f"{typed}\r")
    child.expect_exact("A paste answers nothing here")
    child.expect(PROMPT)
    child.send("yes\r")
    child.expect_exact(f"Type {name} to go on.")
    for typed in (*others, "1x", f"\x1b[200~{name}\x1b[201~"):
        child.expect(PROMPT)
        child.send(f"{typed}\r")
    child.expect_exact("A paste answers nothing here")
    child.expect(PROMPT)
    assert not (tmp_path / "work" / "gone").exists()
    child.send(f"{name}\r")
    assert ended(child) == 0
    assert (tmp_path / "work" / "gone").read_text() == "go\n"
    (session,) = told("sessions", "--json")
    whole = told("export", session["id"], "--format", "json")
    assert [step["state"] for step in whole["steps"]] == ["done"]
    assert whole["deviations"] == []


def test_a_paste_begins_no_session(uplevel: Callable[..., Any], told: Callable[..., Any]) -> None:
    child = uplevel("run", "./live.yaml", "--plain", "-p", "word=blue")
    child.expect_exact("Begin? Type yes:")
    child.send("\x1b[200~yes\nyes\n\x1b[201~\r")
    child.expect_exact("A paste answers nothing here")
    child.expect_exact("Begin? Type yes:")
    assert told("sessions", "--json") == []
    child.send("\r")
    assert ended(child) == 3
