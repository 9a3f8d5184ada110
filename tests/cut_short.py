"""Commands that are killed at random moments from their start on: export, verify and resume of one session."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests import forked
from tests.conftest import Opener, until
from tests.leftovers import holding
from wizard.archive.sessions import list_sessions
from wizard.cli.main import main
from wizard.record.journal import JournalVerdict, verify
from wizard.record.locks import locks_folder


STEPS = """
format: 1
procedure: p
title: P
target:
  org: {run: echo dm, capture: '^(.+)$'}
phases:
  - title: All
    steps:
      - {id: one, title: First, run: sh -c 'yes line | head -c 3000000', after: [{run: echo yes}]}
      - {id: two, title: Second, run: echo two, before: [{run: echo yes}], after: [{run: echo yes}]}
"""
KINDS = ("md", "json", "md -o", "json -o", "verify", "resume")
PROGRAM = """
import json, os, random, signal, sys, time
from pathlib import Path
session, out, seed, deeds = sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])
if deeds and deeds[0] == "without O_TMPFILE":
    del os.O_TMPFILE
    deeds = deeds[1:]
from tests.conftest import Drive
from wizard.cli.main import main
from wizard.engine.opening import resume_session
import wizard.engine, wizard.archive.sessions, wizard.record.signing, wizard.formats
import wizard.execution.runner, wizard.execution.checker

def do(deed):
    if deed == "resume":
        Drive(resume_session(session, front_end="none")).until_asked()
        signal.pause()
    if deed == "verify":
        return main(None, ["verify", session])
    words = ["export", session, "--format", deed.split()[0]]
    return main(None, [*words, "-o", out] if deed.endswith("-o") else words)

def fork(deed):
    pid = os.fork()
    if not pid:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        os._exit(do(deed))
    return pid

dice, killed = random.Random(seed), 0
for deed in deeds:
    Path(out).unlink(missing_ok=True)
    pid = fork(deed)
    time.sleep(dice.uniform(0, 0.6 if deed == "resume" else 0.25))
    os.kill(pid, signal.SIGKILL)
    killed += os.WIFSIGNALED(os.waitpid(pid, 0)[1])
print(killed)
"""


def left_at_the_second_step(sessions: Opener) -> Path:
    """A session whose first command printed 3 MB."""
    drive = sessions.open(STEPS)
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    drive.leave()
    return drive.engine.folder


def cut_short(folder: Path, out: Path, deeds: Sequence[str], seed: int = 11) -> int:
    """Do each, and kill whoever does it; how many were under way."""
    words = [sys.executable, "-c", PROGRAM, folder.name, str(out), str(seed), json.dumps(list(deeds))]
    found = forked.run(
        words,
        check=True,
        timeout=900,
        cwd=Path(__file__).parents[1],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    return int(found.stdout)


def hold_to_it(folder: Path, out: Path, sessions: Opener, base: Path) -> None:
    """Nothing is left that needs a hand: what was killed does its work the next time, and sweeps."""
    until(lambda: not any(holding(base)), 30)
    if out.exists():
        whole = out.read_bytes()
        assert whole.endswith((b"}\n", b"`\n", b"|\n\n"))  # down to its end
        out.unlink()
    for _ in range(2):
        assert main(lambda **_: 0, ["export", folder.name, "--format", "md", "-o", str(out)]) == 0
        assert list(out.parent.iterdir()) == [out]
        out.unlink()
    report = verify(folder)
    assert (report.verdict, report.findings) == (JournalVerdict.OPEN, ())
    assert [each.problem for each in list_sessions() if each.state in {"open", "paused"}] == [""]
    drive = sessions.resume(folder.name)
    drive.ask_and_answer("run", sort="go")
    assert drive.until_finished().code == 0
    report = verify(folder)
    assert (report.verdict, report.findings, report.notes) == (JournalVerdict.UNSIGNED, (), ()), report
    assert [path.name for path in locks_folder(None).path.iterdir() if path.suffix != ".lock"] == []
