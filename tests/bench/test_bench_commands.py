"""What a command costs under a supervisor, beside script(1) in the same run."""

import subprocess
import sys
import threading
import time
from statistics import median
from typing import Any

import pytest

from wizard.runner import CheckOrder


pytestmark = pytest.mark.bench
ROUNDS = 5
TO_EXEC = 0.02
"""Seconds from an order to a warm supervisor until its command runs."""
OF_SCRIPT = 0.7
"""Share of script's time in which the same output must be captured."""


def tell(line: str) -> None:
    sys.__stderr__.write(f"\n{line}") if sys.__stderr__ else None


def test_capture_of_five_million_lines(desk: Any) -> None:
    ours, theirs = [], []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        subprocess.run(
            ["script", "-qec", "seq 1 5000000", str(desk.base.parent / "typescript")],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        theirs.append(time.perf_counter() - begin)
        desk.runner.warm()
        begin = time.perf_counter()
        following, _ = desk.run(desk.order("/usr/bin/seq", "1", "5000000"), seconds=60)
        ours.append(time.perf_counter() - begin)
        assert len(following.output) == 38_888_896
    share = median(ours) / median(theirs)
    tell(f"capture of seq 1 5000000: {median(ours):.2f} s, script {median(theirs):.2f} s, share {share:.2f}")
    assert share <= OF_SCRIPT


def test_decision_to_exec_and_end_to_notice(desk: Any) -> None:
    started, told = [], []
    for _ in range(3 * ROUNDS):
        desk.runner.warm()
        threading.Event().wait(0.5)
        begin = time.time()
        following, _ = desk.run(desk.order("/bin/date", "+%s.%N"))
        end = time.time()
        ran = float(following.output)
        started.append(ran - begin)
        told.append(end - ran)
    tell(f"decision to exec: {median(started) * 1000:.1f} ms; from there to the end told: {median(told) * 1000:.1f} ms")
    assert median(started) <= TO_EXEC


def test_a_check_of_a_waiting_checker(desk: Any) -> None:
    ask = CheckOrder(("/bin/true",), {}, "/", 5.0)
    desk.runner.check(ask)
    times = []
    for _ in range(10 * ROUNDS):
        begin = time.perf_counter()
        assert desk.runner.check(ask).exit == 0
        times.append(time.perf_counter() - begin)
    tell(f"a check: {median(times) * 1000:.1f} ms")
