"""A live procedure with real commands: files, git, a question, a failure, a timeout, a grandchild, a flood."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect
import pytest

from tests import forked
from tests.conftest import HANG
from wizard.engine.messages import TypeKeys
from wizard.errors import ExitCode
from wizard.formats import build
from wizard.formats.json import render_json
from wizard.record.events import RunEnded
from wizard.record.journal import verify


if TYPE_CHECKING:
    from tests.conftest import Drive, Opener


REPO = Path(__file__).resolve().parents[2]
PROMPT = r"\n\r?(?:\x1b\[[0-9;?]*[A-Za-z])*>"

PROCEDURE = """
format: 1
procedure: real
title: Real commands
parameters:
  folder: {any: yes}
remember:
  branch: {run: git --version, capture: '^git version (\\S+)'}
phases:
  - title: All
    steps:
      - id: make
        title: Make a folder
        already: {run: 'ls ${folder}', has: '^work$'}
        run: mkdir ${folder}/work
        after: [{run: 'test -d ${folder}/work'}]
        undo: {run: 'rmdir ${folder}/work', after: [{run: 'ls ${folder}', lacks: '^work$'}]}
      - id: init
        title: Begin a history
        in: ${folder}/work
        run: git init --quiet .
        after: [{run: 'git status --porcelain', in: '${folder}/work'}]
        undo: {run: 'rm -r .git', in: '${folder}/work'}
      - id: commit
        title: Commit a file
        in: ${folder}/work
        env:
          GIT_AUTHOR_NAME: Mara
          GIT_AUTHOR_EMAIL: m@example.org
          GIT_COMMITTER_NAME: Mara
          GIT_COMMITTER_EMAIL: m@example.org
        shell: |
          echo hello > file
          git add file
          git commit --quiet -m "With 'quotes' and \\$signs"
        after: [{run: 'git log --format=%an', in: '${folder}/work', equals: Mara}]
      - id: asks
        title: It asks
        shell: |
          read -r -p 'Really go on? [yN] ' answer
          test "$answer" = y && echo "so be it"
        expect: {has: so be it}
      - id: fails
        title: It fails
        in: ${folder}/work
        run: cat wanted
        undo: {run: 'echo undone'}
      - {id: slow, title: Slow, run: sleep 60, timeout: 1s}
      - id: late
        title: It leaves somebody printing
        shell: |
          (sleep 0.7; echo late output) &
          echo early
        expect: {has: late output}
      - id: leaves
        title: It leaves something running
        shell: |
          sleep 30 & echo "left $!"
      - {id: end, title: End, run: echo end}
"""


def last_run(drive: "Drive") -> RunEnded:
    return next(event for event in reversed(drive.events) if isinstance(event, RunEnded))


def options(drive: "Drive") -> list[str]:
    question = drive.state.question
    assert question is not None
    return [option.id for option in question.options]


def reply(drive: "Drive", choice: str, text: str = "") -> None:
    """Answer the question that was looked at."""
    question = drive.state.question
    assert question is not None
    drive.answer(choice, text)
    drive.answered = question.question


def test_a_whole_procedure_of_real_commands(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(PROCEDURE, values={"folder": str(tmp_path)})
    for _ in ("make", "init", "commit", "asks"):
        drive.ask_and_answer("run", sort="go")
    drive.until(lambda _: drive.state.current == "asks" and drive.state.open_run is not None)
    drive.until(lambda _: any(event.kind == "run.started" for event in drive.events[-1:]))
    drive.engine.submit(TypeKeys(b"y\r"))

    drive.ask_and_answer("run", sort="go")
    question = drive.until_asked("failed")
    assert question.step == "fails"
    assert {"rerun", "skip", "undo", "stop", "pause", "by-hand"} <= set(options(drive))
    drive.answer("rerun", "")
    drive.until(lambda _: bool(drive.refusals))
    assert "reason" in drive.refusals[-1]
    reply(drive, "rerun", "to see it again")
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("typed", "fails", sort="type")
    drive.ask_and_answer("skip", "it never works", sort="failed")

    drive.ask_and_answer("run", sort="go")
    question = drive.until_asked("failed")
    assert question.step == "slow"
    assert last_run(drive).stop_reason == "timeout"
    assert last_run(drive).seconds < 15
    reply(drive, "skip", "too slow")

    drive.ask_and_answer("run", sort="go")
    drive.until(
        lambda _: drive.state.current == "late" and drive.state.open_run is None and drive.kinds()[-1] != "asked"
    )
    drive.ask_and_answer("run", sort="go")
    drive.until(lambda _: drive.state.step("leaves").end is not None)
    assert [left.command for left in last_run(drive).left_running]
    for left in last_run(drive).left_running:
        os.kill(left.pid, 9)
    drive.ask_and_answer("run", sort="go")
    assert drive.until_finished().code is ExitCode.UNPROVEN

    transcript = json.loads(render_json(build(drive.engine.folder)))
    states = {step["id"]: step["state"] for step in transcript["steps"]}
    assert states == {
        **dict.fromkeys(("make", "init", "commit", "asks", "late", "leaves", "end"), "done"),
        **dict.fromkeys(("fails", "slow"), "skipped"),
    }
    runs = {step["id"]: step["runs"] for step in transcript["steps"]}
    assert "so be it" in str(runs["asks"][0]["output"])
    assert "late output" in str(runs["late"][0]["output"])
    assert [run["exit"] for run in runs["fails"]] == [1, 1]
    assert [deviation["reason"] for deviation in transcript["deviations"]] == [
        "to see it again",
        "it never works",
        "too slow",
    ]
    assert verify(drive.engine.folder).title == "VERIFIED-UNSIGNED"
    assert subprocess.check_output(["git", "-C", str(tmp_path / "work"), "log", "--format=%s"], text=True).strip() == (
        "With 'quotes' and $signs"
    )


def test_the_way_back_of_real_commands(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(PROCEDURE, values={"folder": str(tmp_path)})
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("run", sort="go")
    assert drive.until_asked("go").step == "commit"
    for back in ("init", "make"):
        reply(drive, "undo")
        drive.ask_and_answer("run", sort="undo")
        assert drive.until_asked("go").step == back
    assert not (tmp_path / "work").exists()
    reply(drive, "stop", "enough for today")
    assert drive.until_finished().code is ExitCode.FAILED


FLOOD = """
import json, sys, time
from pathlib import Path
from tests.conftest import Drive, prepared
from wizard.engine.messages import AddNote
from wizard.engine.opening import open_session
text = sys.argv[1]
drive = Drive(open_session(prepared(text), front_end="none"))
drive.ask_and_answer("run", sort="go")
drive.until(lambda _: drive.kinds()[-1] == "run.started")
waits = []
while drive.state.open_run is not None:
    said = time.monotonic()
    note = f"note {len(waits)}"
    drive.engine.submit(AddNote(note))
    drive.until(lambda _: getattr(drive.events[-1], "text", "") == note)
    waits.append(time.monotonic() - said)
    time.sleep(0.05)
drive.until_asked("go")
drive.leave()
peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
size = drive.engine.output(1).file.path.stat().st_size
print(json.dumps({"waits": waits, "peak": int(peak), "size": size, "step": drive.state.step("flood").end}))
"""


def test_in_a_flood_the_engine_answers_and_stays_small(tmp_path: Path) -> None:
    text = """
format: 1
procedure: flood
title: Flood
phases:
- title: All
  steps:
  - {id: flood, title: Flood, run: seq 5000000, expect: {has: '^5000000$'}, after: [{run: 'true'}]}
  - {id: end, title: End, run: echo end}
"""
    done = forked.run(
        [sys.executable, "-c", FLOOD, text],
        env={**os.environ, "PYTHONPATH": str(REPO)},
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["step"] == "done"
    assert told["size"] == 38_888_896
    assert told["peak"] < 100_000, "kilobytes"
    assert told["waits"]
    assert max(told["waits"]) < 1.0


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Any]:
    (tmp_path / "real.yaml").write_text(PROCEDURE)
    program = "import sys; from screens.launch import main; sys.exit(main())"
    made = forked.spawn(
        sys.executable,
        ["-c", program, "run", str(tmp_path / "real.yaml"), "--plain", "-p", f"folder={tmp_path}"],
        env={**os.environ, "PYTHONPATH": str(REPO), "PYTHONUTF8": "1", "TERM": "xterm-256color"},
        cwd=str(tmp_path),
        encoding="utf-8",
        timeout=HANG,
        dimensions=(60, 140),
    )
    yield made
    made.close(force=True)


def choose(child: Any, word: str, *typed: str) -> None:
    child.expect_exact("its first letters")
    child.expect(PROMPT)
    child.send(f"{word}\r")
    for text in typed:
        child.expect(r":(?:\x1b\[[0-9;?]*[A-Za-z])* ?")
        child.send(f"{text}\r")


def test_the_same_at_a_terminal_line_by_line(child: Any, tmp_path: Path) -> None:
    child.expect_exact("Begin? Type yes:")
    child.send("yes\r")
    for title in ("Make a folder", "Begin a history", "Commit a file", "It asks"):
        child.expect(rf"\[\d/9\] {title}")
        choose(child, "run")
    child.expect_exact("Really go on? [yN]")
    child.send("y\r")
    child.expect_exact("| so be it")
    child.expect(r"\[5/9\] It fails")
    choose(child, "run")
    child.expect_exact("No such file")
    choose(child, "try again", "once more")
    choose(child, "run")
    choose(child, "fails")
    choose(child, "skip", "it never works")
    child.expect(r"\[6/9\] Slow")
    choose(child, "run")
    choose(child, "skip", "too slow")
    child.expect(r"\[7/9\] It leaves somebody")
    choose(child, "run")
    child.expect_exact("| early")
    child.expect_exact("| late output")
    choose(child, "stop", "enough")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    assert (tmp_path / "work" / "file").read_text() == "hello\n"
