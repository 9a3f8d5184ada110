"""Promise 5: whatever of the wizard crashes while it holds a secret, no byte of it comes out."""

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests import forked
from tests.conftest import HANG
from tests.secrets_everywhere import PRINTS, SECRET, files_with_it, given_away, processes_with_it


PROMPT = r"\n\r?(?:\x1b\[[0-9;?]*[A-Za-z])*>"

PROCEDURE = """
format: 1
procedure: secret
title: Secret
parameters:
  token: {{ask: The token, secret: yes, env: THE_TOKEN}}
phases:
  - title: Work
    steps:
      - id: use
        title: Use it
        before: [{{run: echo fine}}]
        shell: |
          {python} {prints}
          sleep {seconds}
        env: {{token: '${{token}}'}}
        after: [{{run: printenv token, env: {{token: '${{token}}'}}, lacks: wanted}}]
      - id: last
        title: Last
        run: echo end
"""

PROGRAM = """
import os, sys
def boom(*things, **more):
    planted = os.environ.get("THE_TOKEN") or {secret!r}
    also = {{"deep": [planted, things, more]}}
    try:
        raise KeyError(planted)
    except KeyError as problem:
        error = ValueError(f"boom {{planted}} {{also}}")
        error.add_note(planted)
        raise error from problem
{patch}
from screens.launch import main
sys.argv[0] = "uplevel"
sys.exit(main())
"""

# What of the wizard goes wrong. For what the helper forks, the helper is started with a fault of its own.
HELPER = """
import wizard.execution.helper.process, wizard.execution.programs as programs
import socket, subprocess
def start(module):
    code = {body!r} + "\\nfrom " + module + ".__main__ import main; main()"
    ours, theirs = socket.socketpair()
    process = subprocess.Popen([sys.executable, "-E", "-c", code], stdin=theirs.fileno(),
        env={{"PATH": "/usr/bin:/bin"}}, cwd={repo!r}, start_new_session=True)
    theirs.close()
    return programs.ChildProgram(process, ours)
wizard.execution.helper.process.start_program = start
"""
REPO = str(Path(__file__).resolve().parents[2])
CRASH = "def boom(self, *things):\n    planted = vars(self), things\n    raise ValueError(repr(planted))\n"


def helper(body: str) -> str:
    return HELPER.format(body=CRASH + body, repo=REPO)


FAULTS = {
    "the engine judging": "import wizard.engine.conductor as c; c.judge_act = boom",
    "the engine starting": "import wizard.engine.conductor as c; c.order_of = boom",
    "the engine checking": "import wizard.engine.check_runner as a; a.check_order = boom",
    "opening the session": "import wizard.engine.recorder as r; r.is_decision = boom",
    "a thread that asks": "import wizard.execution.runner as r; r.ProcessRunner.check = boom",
    "a thread that follows": "import wizard.execution.runner.attachment as p; p.Attachment._hear = boom",
    "the front end telling": "import wizard.plain.narrate as n; n.Narrator.tell = boom",
    "the front end showing": "import wizard.plain.tail as t; t.Tail.show = boom",
    "the supervisor": helper("import wizard.execution.supervisor.run_loop as w; w.RunLoop.until_the_end = boom"),
    "the supervisor's thread": helper(
        "import wizard.execution.supervisor.run_loop as w; w.Child = type('Child', (w.Child,), {'_wait': boom})"
    ),
    "the checker": helper("import wizard.execution.checker.checking as w; w.Checking.run = boom"),
}


@pytest.fixture
def uplevel(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Starts the command on a terminal; `seen` of what it gives back is all that was on it."""
    children: list[Any] = []
    prints = tmp_path / "prints.py"
    prints.write_text(PRINTS)

    def begin(patch: str, *words: str, seconds: float = 0, **env: str) -> Any:
        text = PROCEDURE.format(python=sys.executable, prints=prints, seconds=seconds)
        (tmp_path / "secret.yaml").write_text(text)
        (tmp_path / "program.py").write_text(PROGRAM.format(patch=patch, secret=SECRET))
        child = forked.spawn(
            sys.executable,
            [str(tmp_path / "program.py"), "run", str(tmp_path / "secret.yaml"), *words],
            env={**os.environ, "PYTHONPATH": REPO, "PYTHONUTF8": "1", "TERM": "xterm-256color", **env},
            cwd=str(tmp_path),
            encoding="utf-8",
            timeout=HANG,
            dimensions=(40, 120),
        )
        child.logfile_read = io.StringIO()
        children.append(child)
        return child

    yield begin
    for child in children:
        child.close(force=True)


def seen(child: Any) -> bytes:
    return str(child.logfile_read.getvalue()).encode()


def begun(child: Any) -> None:
    child.expect_exact("Begin? Type yes:")
    child.send("yes\r")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_crash_gives_nothing_away(uplevel: Callable[..., Any], own_folders: Path, tmp_path: Path, fault: str) -> None:
    child = uplevel(FAULTS[fault], "--plain", THE_TOKEN=SECRET)
    begun(child)
    if child.expect(["run   by hand.*" + PROMPT, "go on without", pexpect.EOF]) == 0:
        child.send("run\r")
        child.expect([pexpect.EOF, "go on without", "We do not know whether", r"\[2/2\] Last"])
    child.close(force=True)
    text = seen(child)
    assert given_away(text) == []
    assert files_with_it(own_folders) == []
    assert b"Traceback" not in text
    assert re.search(ENDS.get(fault, r"uplevel itself failed: \w+ at \w+\.py:\d+"), text.decode())
    if fault not in ENDS:
        assert child.exitstatus == 1
        assert b"uplevel resume" in text or fault == "opening the session"


ENDS = {
    "a thread that follows": r"\[2/2\] Last",  # the evidence in the run's folder tells how it ended
    "the supervisor": "We do not know whether",
    "the supervisor's thread": "We do not know whether",
    "the checker": "go on without its answer",
}


def test_a_secret_that_is_typed_and_printed_in_every_way_stands_nowhere(
    uplevel: Callable[..., Any], own_folders: Path
) -> None:
    child = uplevel("", "--plain", seconds=1.5)
    begun(child)
    child.expect_exact("Secret, not shown")
    child.send(f"{SECRET}\r")
    child.expect(r"\(a word or its first letters.*" + PROMPT)
    child.send("run\r")
    # The last line it prints before it sleeps has the secret character by character.
    child.expect(r"\[redacted:token\]\r\n.*redacted:token\]!?[A-Za-z=]*\r\n")
    shown = dict(processes_with_it())
    # The command that asked for it, and what that started; nothing of ours, and nobody's command line.
    assert shown
    assert all(re.search(r"^(\S*/)?bash --noprofile|prints\.py|^sleep ", words) for words in shown.values()), shown
    assert given_away("".join(shown.values()).encode()) == []
    child.expect(r"after: .*yes")
    child.expect(r"\[2/2\]")
    child.expect(r"\(a word or its first letters.*" + PROMPT)
    child.send("run\r")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert given_away(seen(child)) == []
    assert files_with_it(own_folders) == []
    for words in (["export", "--format", "json"], ["export", "--format", "md"], ["sessions", "--json"]):
        [session] = (own_folders / "state" / "uplevel" / "sessions").iterdir()
        more = [session.name] if words[0] == "export" else []
        told = forked.run(
            [sys.executable, "-c", "import sys; from screens.launch import main; sys.exit(main())", *words, *more],
            cwd=REPO,
            capture_output=True,
            timeout=HANG,
            check=True,
        )
        assert given_away(told.stdout, told.stderr) == []


SCREEN_FAULTS = {
    "opening": "import wizard.engine.recorder as r; r.is_decision = boom",
    "drawing": "import screens.run.screen as r; r.RunScreen.on_engine_said = boom",
    "a worker": "import wizard.engine.conductor as c; c.judge_act = boom",
    "the output": "import screens.output.output_pane as o; o.OutputPane.render_line = boom",
    "leaving": "import screens.run.screen as r; r.RunScreen.action_pause = boom",
}


@pytest.mark.parametrize("fault", SCREEN_FAULTS)
def test_a_screen_that_crashes_gives_nothing_away(uplevel: Callable[..., Any], own_folders: Path, fault: str) -> None:
    child = uplevel(SCREEN_FAULTS[fault], THE_TOKEN=SECRET, TERM="xterm-256color")
    child.expect("F5")
    over = [pexpect.EOF, "itself failed", "Last"]
    for _ in range(20):  # a letter would go into a field of the start page
        child.send("\x1b[15~")
        if child.expect([*over, "mark, Enter takes", pexpect.TIMEOUT], timeout=0.6) < len(over) + 1:
            break
    for key in ("r", "\r") * 20:
        if not child.isalive():
            break
        child.send(key)
        if child.expect([*over, pexpect.TIMEOUT], timeout=1.2) < len(over):
            break
    child.close(force=True)
    assert given_away(seen(child)) == []
    assert files_with_it(own_folders) == []
    assert b"Traceback" not in seen(child)
