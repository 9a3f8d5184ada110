"""SIGKILL of the supervisor, the wizard, its helper and several of them at random instants: nothing ever runs twice.

The small siblings are tests/engine/test_supervisor_points.py and tests/engine/test_helper.py.
"""

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import until
from tests.leftovers import holding
from wizard.clock import process_start
from wizard.execution.runner import FinishedRun, NotStarted, OutcomeUnknown, StillRunning, determine_outcome
from wizard.execution.supervisor.order import write_order
from wizard.faults import Point
from wizard.places.private import open_folder
from wizard.record.recovery import read_claim


pytestmark = pytest.mark.storm

COUNT = 'read n 2>/dev/null <"{counter}" || n=0; echo $((n + 1)) >"{counter}"; {rest}'
WIZARD = """
import sys, threading
from wizard.execution.runner import ProcessRunner
from wizard.execution.supervisor.order import read_order
ProcessRunner().start(read_order(sys.stdin.buffer.readline()), lambda notice: None)
threading.Event().wait()
"""
POINTS = [point for point in Point if point.startswith("supervisor.")]


def read(counter: Path) -> int:
    return int(counter.read_text() or 0) if counter.exists() else 0


@contextmanager
def wizard(order: Any, fault: str = "") -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", WIZARD],
        stdin=subprocess.PIPE,
        env=os.environ | ({"UPLEVEL_FAULT": fault} if fault else {}),
    )
    assert process.stdin is not None
    process.stdin.write(write_order(order))
    process.stdin.close()
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def children(pid: int) -> list[int]:
    """Of a wizard: its helper, where it has started one."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def kill_supervisor(folder: Path) -> None:
    opened = open_folder(folder)
    with suppress(ValueError, ProcessLookupError):
        claim = read_claim(opened)
        if claim is not None and process_start(claim.pid) == claim.start:
            os.kill(claim.pid, signal.SIGKILL)
    os.close(opened)


def settle(desk: Any, order: Any, counter: Path, rest: str) -> str:
    """Judge as a resuming wizard does, run again only what was not started, and count."""
    verdict = determine_outcome(order.folder, claim_as="storm")
    while isinstance(verdict, StillRunning):
        threading.Event().wait(0.02)
        verdict = determine_outcome(order.folder, claim_as="storm")
    if isinstance(verdict, NotStarted):
        assert read(counter) == 0
        desk.run(desk.bash(COUNT.format(counter=counter, rest=rest)))
        assert read(counter) == 1
    elif isinstance(verdict, FinishedRun):
        assert read(counter) == 1
        assert verdict.report.exit == 0
    else:
        assert isinstance(verdict, OutcomeUnknown)
    # A supervisor that comes late must find the claim; give it the time to come.
    threading.Event().wait(0.3)
    assert read(counter) <= 1
    return type(verdict).__name__


@pytest.mark.parametrize("both", [False, True], ids=["supervisor", "both"])
@pytest.mark.parametrize("point", POINTS, ids=str)
def test_death_at_each_point(desk: Any, tmp_path: Path, point: Point, both: bool) -> None:
    counter = tmp_path / "counter"
    order = desk.bash(COUNT.format(counter=counter, rest="sleep 0.2"))
    with wizard(order, point) as process:
        if both:
            threading.Event().wait(0.5)
            process.kill()
        threading.Event().wait(0.6)
        settle(desk, order, counter, ":")


@pytest.mark.parametrize(
    "victims", ["wizard", "supervisor", "helper", "wizard supervisor", "helper wizard", "helper supervisor wizard"]
)
def test_death_at_random_instants(desk: Any, tmp_path: Path, victims: str) -> None:
    chance = random.Random(20261123)
    seen: dict[str, int] = {}
    for turn in range(60):
        counter = tmp_path / f"counter-{turn}"
        order = desk.bash(COUNT.format(counter=counter, rest="sleep 0.3"))
        with wizard(order) as process:
            threading.Event().wait(chance.uniform(0.1, 0.9))
            helpers = children(process.pid)
            for helper in helpers if "helper" in victims else ():
                os.kill(helper, signal.SIGKILL)
            if "wizard" in victims:
                process.kill()
            if "supervisor" in victims:
                kill_supervisor(order.folder)
            verdict = settle(desk, order, counter, ":")
            seen[verdict] = seen.get(verdict, 0) + 1
    (tmp_path / "seen").write_text(f"{victims}: {seen}\n")
    if "supervisor" not in victims:
        assert "OutcomeUnknown" not in seen
    until(lambda: not any(holding(tmp_path)))
