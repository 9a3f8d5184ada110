"""The command line: every command, every exit code, and no traceback whatever is typed."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import forked


Uplevel = Callable[..., "subprocess.CompletedProcess[str]"]
PROGRAM = "import sys; from screens.launch import main; sys.exit(main())"
PROCEDURE = """\
format: 1
procedure: touch-it
title: Touch it
parameters:
  name: {default: something}
  token: {secret: yes, optional: yes}
phases:
  - title: Work
    steps:
      - id: touch
        ref: Manual 1
        title: Touch ${name}
        run: touch ${name}
        repeat: safe
"""

ASKS = """\
format: 1
procedure: asks
title: Asks
phases:
  - title: Work
    steps:
      - id: colour
        title: Choose a colour
        ask: {name: colour, ask: Which colour?, example: blue}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("state", "config", "cache", "runtime", "work"):
        (tmp_path / name).mkdir(mode=0o700)
    (tmp_path / "work" / "touch.yaml").write_text(PROCEDURE)
    (tmp_path / "work" / "asks.yaml").write_text(ASKS)
    return tmp_path


@pytest.fixture
def uplevel(home: Path) -> Uplevel:
    def run(*words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        env = {
            **os.environ,
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_RUNTIME_DIR": str(home / "runtime"),
            "HOME": str(home),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONUTF8": "1",
            "SSH_AUTH_SOCK": "",
            **more,
        }
        done = forked.run(
            [sys.executable, "-c", PROGRAM, *words],
            env=env,
            cwd=home / "work",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr + done.stdout
        return done

    return run


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["lst"], "Did you mean list?"),
        (["--hlp"], "--help"),
        (["run"], "PROCEDURE"),
        (["rehearse", "rdis"], "Did you mean redis?"),
        (["show", "nothing-like-it"], "There are"),
        (["show", "./missing.yaml"], "There is no such file"),
        (["rehearse", "redis", "-p", "stage"], "not of the form name=value"),
        (["rehearse", "redis", "-p", "=x"], "not of the form name=value"),
        (["rehearse", "redis", "-p", "stge=preview"], "Did you mean stage?"),
        (["rehearse", "redis", "-p", "stage=moon"], "stage=moon: Choose preview, staging or production."),
        (["rehearse", "redis"], "Choose a stage."),
        (["rehearse", "redis", "-p", "plan=huge"], "plan=huge: Enter a plan of Redis, such as medium-ha-6.x."),
        (["rehearse", "redis", "--speed", "0"], "more than 0"),
        (["rehearse", "redis", "--speed", "nan"], "more than 0"),
        (["rehearse", "redis", "--params", "missing.yaml"], "There is no such file"),
        (["rehearse", "./touch.yaml", "-p", "token=hunter2"], "secret"),
        (["run", "./touch.yaml", "--auto"], "No such option"),
        (["resume", "01KAQ"], "There is no session 01KAQ"),
        (["verify", "/nonexistent"], "There is no session"),
        (["verify", "."], "There is no session"),
        (["export", "x", "--format", "html"], "There are json, md."),
        (["export", "x", "--format", "md"], "There is no session x"),
        ([], "needs a terminal"),
    ],
)
def test_wrong_usage_is_told_and_exits_2(uplevel: Uplevel, words: list[str], told: str) -> None:
    done = uplevel(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_what_there_is(uplevel: Uplevel) -> None:
    assert "Usage: uplevel" in uplevel("--help").stdout
    assert uplevel("--version").stdout.startswith("uplevel ")
    assert "Upgrade Redis" in uplevel("list").stdout
    shown = uplevel("show", "redis").stdout
    assert "Redis 1" in shown
    commands = uplevel("show", "redis", "--commands").stdout.splitlines()
    runs = [line.removeprefix("runs").strip() for line in commands if line.startswith("runs ")]
    assert runs[0] == "cf create-service redis ${plan} ${service}-new"
    assert "cf rename-service ${service} ${service}-old" in runs
    assert "uplevel copy redis-sessions file:${private}/old-redis file:${private}/new-redis --delta-only" in runs
    assert "undo runs      cf delete-service ${service}-new -f" in commands
    assert {line.split("  ")[0] for line in commands if line.startswith("undo")} == {
        "undo already?",
        "undo before",
        "undo runs",
        "undo after",
    }
    assert json.loads(uplevel("schema").stdout)["title"]


def test_a_procedure_of_ones_own_is_listed_under_its_own_heading(uplevel: Uplevel, home: Path) -> None:
    (home / "work" / "procedures").mkdir()
    (home / "work" / "procedures" / "touch.yaml").write_text(PROCEDURE)
    listed = uplevel("list").stdout
    assert listed.index("Yours: ./procedures") < listed.index("Touch it   1 step")


def test_lint_tells_all_faults_of_all_files(uplevel: Uplevel, home: Path) -> None:
    (home / "work" / "bad.yaml").write_text(PROCEDURE.replace("ref:", "rfe:").replace("repeat: safe", "repeat: often"))
    done = uplevel("lint", "touch.yaml", "bad.yaml")
    assert done.returncode == 2
    lines = done.stdout.splitlines()
    assert any(line.startswith("bad.yaml:11:") and "ref" in line for line in lines)
    assert any(line.startswith("bad.yaml:14:") for line in lines)
    assert "touch.yaml: nothing is wrong." in done.stderr
    assert uplevel("lint", "touch.yaml").returncode == 0


def test_nothing_is_unfinished(uplevel: Uplevel) -> None:
    done = uplevel("resume")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "Nothing is unfinished.\n")
    assert uplevel("sessions", "--json").stdout == "[]\n"


def test_a_live_run_begins_at_a_terminal_only(uplevel: Uplevel, home: Path) -> None:
    done = uplevel("run", "./touch.yaml")
    assert done.returncode == 3
    assert "Nothing was run" in done.stderr
    assert not (home / "work" / "something").exists()
    assert uplevel("sessions", "--json").stdout == "[]\n"


def test_a_rehearsal_is_paused_at_its_first_question_and_resumed(uplevel: Uplevel) -> None:
    paused = uplevel("rehearse", "./asks.yaml")
    assert paused.returncode == 3
    assert "uplevel resume" in paused.stdout
    (session,) = json.loads(uplevel("sessions", "--json").stdout)
    assert (session["state"], session["mode"], session["finished"]) == ("paused", "rehearsal", None)
    assert "step 1 of 1" in uplevel("sessions").stdout
    assert uplevel("verify", session["id"]).returncode == 3
    assert uplevel("rehearse", "./asks.yaml").returncode == 3
    newest = uplevel("resume", "--auto")
    assert "2 sessions are unfinished; the newest is taken" in newest.stderr
    assert newest.returncode == 0
    assert uplevel("resume", session["id"][-6:].lower(), "--auto").returncode == 0
    assert {each["state"] for each in json.loads(uplevel("sessions", "--json").stdout)} == {"completed"}
    closed = uplevel("resume", session["id"])
    assert closed.returncode == 2
    assert "is closed" in closed.stderr


def test_a_rehearsal_from_beginning_to_evidence(uplevel: Uplevel, home: Path) -> None:
    done = uplevel("rehearse", "redis", "-p", "stage=preview", "--speed", "2000", "--ticket", "DM-1", "--auto")
    assert done.returncode == 0, done.stdout + done.stderr
    (session,) = json.loads(uplevel("sessions", "--json").stdout)
    assert session["state"] == "completed"
    keys = ["id", "procedure", "mode", "state", "outcome", "auto", "started", "finished", "operator"]
    assert list(session) == [*keys, "title", "stage", "ticket", "parameters", "step", "steps"]
    assert (session["title"], session["stage"], session["ticket"]) == ("Upgrade Redis", "preview", "DM-1")
    assert session["parameters"]["plan"] == "medium-ha-6.x"
    (line,) = uplevel("sessions").stdout.splitlines()
    assert "Upgrade Redis  ticket DM-1  stage preview" in line
    assert f"{session['started'][:16].replace('T', ' ')} UTC" in line

    assert uplevel("verify", session["id"]).stdout.startswith("REHEARSAL VERIFIED-UNSIGNED\n")
    assert uplevel("verify", session["id"], "--live").returncode == 5
    assert uplevel("verify", session["id"], "--head", "0" * 64).returncode == 5
    assert uplevel("verify", str(home / "state" / "uplevel" / "sessions" / session["id"])).returncode == 0

    whole = json.loads(uplevel("export", session["id"][-8:], "--format", "json").stdout)
    assert [step["ref"] for step in whole["steps"] if step["ref"]] == [f"Redis {number}" for number in range(1, 6)]
    assert all(run["exit"] == 0 and run["output"] for step in whole["steps"] for run in step["runs"])
    assert whole["session"]["ticket"] == "DM-1"

    target = home / "work" / "out.md"
    assert uplevel("export", session["id"], "--format", "md", "-o", str(target)).returncode == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    again = uplevel("export", session["id"], "--format", "md", "-o", str(target))
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert "is no folder" not in again.stderr
    assert uplevel("export", session["id"], "--format", "md", "-o", "no/where.md").returncode == 2
    assert [path.name for path in (home / "work").iterdir() if path.name.startswith(".")] == []

    journal = home / "state" / "uplevel" / "sessions" / session["id"] / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"DM-1", b"DM-2", 1))
    broken = uplevel("verify", session["id"])
    assert broken.returncode == 5
    assert "BROKEN" in broken.stdout


def test_a_state_folder_that_cannot_be_used(uplevel: Uplevel, home: Path) -> None:
    (home / "blocked").write_text("x")
    done = uplevel("sessions", XDG_STATE_HOME=str(home / "blocked"))
    assert done.returncode == 4
    assert str(home / "blocked") in done.stderr


def test_a_state_folder_others_may_write_to(uplevel: Uplevel, home: Path) -> None:
    (home / "state" / "uplevel").mkdir()
    (home / "state" / "uplevel").chmod(0o777)
    done = uplevel("rehearse", "redis", "-p", "stage=preview")
    assert done.returncode == 4
    assert str(home / "state" / "uplevel") in done.stderr


def test_a_crash_is_a_sentence(home: Path) -> None:
    program = (
        "import sys\nfrom wizard.cli import main\n"
        "def screens(**_):\n    secret = 'hunter2'\n    raise ValueError('odd \\x1b[31m thing')\n"
        "sys.stdout.isatty = sys.stdin.isatty = lambda: True\n"
        "sys.exit(main(screens, []))"
    )
    done = forked.run(
        [sys.executable, "-c", program],
        env={**os.environ, "TERM": "xterm", "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "uplevel itself failed: ValueError at <string>:5: odd <U+001B>[31m thing\n"
