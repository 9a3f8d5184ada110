"""SIGKILL of wizard, helper, supervisor, checker and platform at random instants of rehearsals: nothing twice or lost.

The small siblings: tests/engine/test_helper.py, tests/engine/test_platform_process.py and tests/engine/test_kills.py.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import until
from tests.leftovers import holding
from wizard.archive.sessions import find_session
from wizard.record.journal import verify


pytestmark = pytest.mark.storm

MINUTES = float(os.environ.get("STORM_MINUTES", "10"))
STEPS = 6
STEP = """
      - id: once-{n}
        title: Once {n}
        already: {{run: cf tasks api, has: 'once-{n} '}}
        run: cf run-task api --command true --name once-{n}
        after: [{{run: cf tasks api, has: 'once-{n} ', within: 10s}}]
        repeat: check-first
"""
PROCEDURE = (
    "format: 1\nprocedure: storm\ntitle: Each once\nparameters: {stage: {ask: Stage, default: preview}}\n"
    "rehearsal: {world: digitalmarketplace}\nphases:\n  - title: All\n    steps:"
    + "".join(STEP.format(n=n) for n in range(STEPS))
)
VICTIMS = ("wizard", "helper", "uplevel-run", "uplevel-check", "platform")


def uplevel(folder: Path, *words: str) -> "subprocess.Popen[bytes]":
    """The wizard, as a process of its own."""
    code = "import sys; from screens.launch import main; sys.exit(main())"
    return subprocess.Popen(
        [sys.executable, "-P", "-c", code, *words, "--auto", "--plain"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def children(pid: int) -> list[int]:
    """The children of a process, of all its threads."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        with suppress(OSError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def named(pid: int) -> str:
    """What a process of ours is called."""
    with suppress(OSError):
        if b"wizard.platforms.sdk" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return "platform"
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        return "helper" if name.endswith("helper") else name
    return ""


def kill(wizard: int, victims: set[str]) -> None:
    """Kill those of a wizard's processes that are named, in no order."""
    below = children(wizard)
    below += [child for pid in below for child in children(pid)]
    for pid in [*below, wizard]:
        if ("wizard" if pid == wizard else named(pid)) in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def live(folder: Path, chance: random.Random, *words: str) -> None:
    """One life of a wizard, in which some of its processes are killed once or twice."""
    process = uplevel(folder, *words)
    for _ in range(chance.randint(1, 2)):
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0.3, 2.5))
        if process.poll() is None:
            kill(process.pid, set(chance.sample(VICTIMS, chance.randint(1, len(VICTIMS)))))
    with suppress(subprocess.TimeoutExpired):
        process.wait(60)
    process.kill()
    process.wait()


def test_nothing_runs_twice_and_nothing_is_lost(tmp_path: Path) -> None:
    chance, until_when, turns = random.Random(20261128), time.monotonic() + MINUTES * 60, 0
    sessions = tmp_path / "home" / "state" / "uplevel" / "sessions"
    (tmp_path / "storm.yaml").write_text(PROCEDURE)
    known: set[str] = set()
    ends: Counter[str] = Counter()
    while time.monotonic() < until_when:
        turns += 1
        live(tmp_path, chance, "rehearse", "./storm.yaml", "--speed", "100")
        begun = {path.name for path in sessions.glob("*") if (path / "sandbox" / "world" / "world.json").exists()}
        for session in begun - known:
            known.add(session)
            for _ in range(chance.randint(0, 3)):
                live(tmp_path, chance, "resume", session)
            uplevel(tmp_path, "resume", session).wait(120)
            end = find_session(session).state  # in this life or an earlier one
            ends[end] += 1
            _require_once(sessions / session, completed=end == "completed")
    (tmp_path / "seen").write_text(f"{turns} rehearsals: {dict(ends)}\n")
    # What failed for want of its platform is not run again by itself, and what nobody can tell waits for a person.
    assert ends["completed"] > turns // 2, ends
    assert set(ends) <= {"completed", "stopped", "unknown"}, ends
    until(lambda: not any(holding(tmp_path)), 30)


def _require_once(session: Path, *, completed: bool) -> None:
    """Each task was made at most once, and once where its step is done."""
    world = json.loads((session / "sandbox" / "world" / "world.json").read_bytes())
    tasks = [
        task["name"] for space in world["spaces"].values() for app in space["apps"].values() for task in app["tasks"]
    ]
    for n in range(STEPS):
        assert tasks.count(f"once-{n}") <= 1, (session, n, tasks)
        assert not completed or tasks.count(f"once-{n}") == 1, (session, n, tasks)
    verdict = verify(session)
    assert verdict.verdict.startswith("VERIFIED") or not completed, verdict
