"""What a command costs under a supervisor, beside script(1) in the same run."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pytest

from tests.bench.measuring import ROUNDS, in_turn, seconds
from wizard.clock import parse_rfc3339
from wizard.engine.messages import Update
from wizard.execution.runner import CheckOrder
from wizard.record.events import RunEnded


if TYPE_CHECKING:
    from tests.bench.conftest import Tell
    from tests.conftest import Desk, Opener


pytestmark = pytest.mark.bench
OF_SCRIPT = 0.7
"""Share of script's time in which the same output must be captured."""


def test_capture_of_five_million_lines(desk: "Desk", tell: "Tell", tmp_path: Path) -> None:
    typescript = tmp_path / "typescript"

    def script() -> float:
        words = ["script", "-qec", "seq 1 5000000", str(typescript)]
        return seconds(lambda: subprocess.run(words, stdout=subprocess.DEVNULL, check=True))

    def ours() -> float:
        threading.Event().wait(0.5)  # as a person reads the step before it runs
        begin = time.perf_counter()
        following, _ = desk.run(desk.order("/usr/bin/seq", "1", "5000000"), seconds=60)
        taken = time.perf_counter() - begin
        assert (following.folder / "output").stat().st_size == 38_888_896
        return taken

    def to_a_file() -> float:
        with (tmp_path / "plain").open("wb") as file:
            return seconds(lambda: subprocess.run(["seq", "1", "5000000"], stdout=file, check=True))

    supervised, scripted, floor = in_turn(ours, script, to_a_file)
    tell(
        "capture of seq 1 5000000",
        ["who", "median", "of script"],
        [
            [
                f"uplevel: pty, redacted, hashed, indexed, synced; goal {OF_SCRIPT}",
                f"{supervised:.2f} s",
                f"{supervised / scripted:.2f}",
            ],
            ["script -qec", f"{scripted:.2f} s", "1.00"],
            ["seq into a file, no terminal", f"{floor:.2f} s", f"{floor / scripted:.2f}"],
        ],
    )


def test_decision_to_exec_and_end_to_notice(desk: "Desk", tell: "Tell") -> None:
    started, told, plain = [], [], []
    for _ in range(3 * ROUNDS):
        threading.Event().wait(0.5)
        begin = time.time()
        following, _ = desk.run(desk.order("/bin/date", "+%s.%N"))
        end = time.time()
        started.append(float(following.output) - begin)
        told.append(end - float(following.output))
        begin = time.time()
        plain.append(float(subprocess.run(["/bin/date", "+%s.%N"], capture_output=True, check=True).stdout) - begin)
    tell(
        "from the decision to the running command, and from there to the news of its end",
        ["who", "to exec", "to the news"],
        [
            [
                "uplevel; goal 8 ms to exec, 20 ms to the news",
                f"{median(started) * 1000:.1f} ms",
                f"{median(told) * 1000:.1f} ms",
            ],
            ["subprocess.run, nothing kept", f"{median(plain) * 1000:.1f} ms", ""],
        ],
    )


NOTICED = 20.0
"""Milliseconds from a command's end to the engine's event of it, which is on disk by then."""
_ENDS = """
format: 1
procedure: ends
title: Ends
phases:
  - title: All
    steps:
"""


def test_from_the_end_of_a_command_to_the_event_of_it(sessions: "Opener", tell: "Tell") -> None:
    rounds = 3 * ROUNDS
    steps = (f"      - {{id: s{each}, title: End, shell: 'sleep 0.5; date +%s.%N'}}" for each in range(rounds))
    drive = sessions.open(_ENDS + "\n".join(steps) + "\n")
    seen, told = [], []
    for run in range(1, rounds + 1):
        drive.ask_and_answer("run", sort="go")
        drive.until(lambda said: isinstance(said, Update) and isinstance(said.happened.event, RunEnded))
        now, ended = time.time(), drive.state.runs[run].ended
        assert ended is not None
        end = parse_rfc3339(ended.finished).timestamp()
        seen.append(1000 * (end - float(drive.engine.output(run).file.path.read_bytes())))
        told.append(1000 * (now - end))
    drive.until_finished()
    tell(
        "a command's end",
        ["from", "to", "median", "longest"],
        [
            ["its last word", "its exit status", f"{median(seen):.1f} ms", f"{max(seen):.1f} ms"],
            [
                "its exit status",
                f"the engine's event of it; goal {NOTICED:.0f} ms",
                f"{median(told):.1f} ms",
                f"{max(told):.1f} ms",
            ],
        ],
    )


_SH = """
import sys, time
import sh
true = sh.Command("/bin/true")
for _ in sys.stdin:
    begin = time.perf_counter()
    true(_new_session=True, _env={})
    print(time.perf_counter() - begin, flush=True)
"""


def test_a_check_of_a_waiting_checker(desk: "Desk", tell: "Tell") -> None:
    ask = CheckOrder(("/bin/true",), {}, "/", 5.0)
    assert desk.runner.check(ask).exit == 0
    with subprocess.Popen(
        [sys.executable, "-c", _SH], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as peer:
        assert peer.stdin is not None
        assert peer.stdout is not None
        asks, answers = peer.stdin, peer.stdout

        def spawned() -> float:
            asks.write("\n")
            asks.flush()
            return float(answers.readline())

        asked, own, plain = in_turn(
            lambda: seconds(lambda: desk.runner.check(ask)),
            spawned,
            lambda: seconds(lambda: subprocess.run(["/bin/true"], check=True)),
            rounds=10 * ROUNDS,
        )
    tell(
        "one check: /bin/true",
        ["who", "median", "more than sh"],
        [
            ["uplevel, waiting checker; goal 2 ms more", f"{asked * 1000:.1f} ms", f"{(asked - own) * 1000:.1f} ms"],
            ["sh in a program of its own", f"{own * 1000:.1f} ms", ""],
            ["subprocess.run", f"{plain * 1000:.1f} ms", ""],
        ],
    )
