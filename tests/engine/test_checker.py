"""Checks: read-only commands without a terminal, one at a time in each checker, and never for ever."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from wizard.clock import process_start
from wizard.execution.runner import CheckOrder, CheckReply, ProcessRunner
from wizard.execution.runner.checkers import Checkers


ENV = {"PATH": "/usr/bin:/bin", "TERM": "xterm"}


@pytest.fixture(scope="module")
def runner() -> Iterator[ProcessRunner]:
    made = ProcessRunner()
    yield made
    made.close()


def bash(script: str, timeout: float = 10.0) -> CheckOrder:
    return CheckOrder(("/bin/bash", "-c", script), ENV, "/", timeout)


def test_both_streams_and_the_status_are_told_apart(runner: ProcessRunner) -> None:
    reply = runner.check(bash("echo out; echo err >&2; exit 2"))
    assert reply == CheckReply(exit=2, stdout=b"out\n", stderr=b"err\n")


def test_a_signal_is_told(runner: ProcessRunner) -> None:
    assert runner.check(bash("kill -9 $$")).signal == signal.SIGKILL


def test_there_is_no_terminal_and_nothing_to_read(runner: ProcessRunner) -> None:
    reply = runner.check(
        bash("test -t 0 || test -t 1 || test -t 2 || echo none; cat; (: >/dev/tty) 2>/dev/null || echo no tty")
    )
    assert reply.stdout == b"none\nno tty\n"


def test_tools_are_told_to_be_plain(runner: ProcessRunner) -> None:
    reply = runner.check(bash("echo $COLUMNS $PAGER $NO_COLOR $CF_COLOR $TERM"))
    assert reply.stdout == b"200 cat 1 false dumb\n"


def test_a_second_check_needs_no_new_process(runner: ProcessRunner) -> None:
    first, second = (runner.check(bash("echo $PPID")).stdout for _ in range(2))
    assert first == second


def test_what_does_not_start_is_a_problem_not_an_answer(runner: ProcessRunner) -> None:
    reply = runner.check(CheckOrder(("/no/such/program",), ENV, "/", 5.0))
    assert reply.exit is None
    assert "/no/such/program" in str(reply.problem)
    assert runner.check(bash("echo fine")).stdout == b"fine\n"


def test_a_timeout_ends_the_whole_tree(runner: ProcessRunner) -> None:
    begin = time.monotonic()
    reply = runner.check(bash("trap '' TERM; setsid sleep 71 & echo $!; sleep 72", timeout=0.4))
    assert time.monotonic() - begin < 3
    assert reply.timed_out
    assert process_start(int(reply.stdout)) is None


def test_nothing_is_left_behind_by_a_check_that_answers(runner: ProcessRunner) -> None:
    reply = runner.check(bash("setsid sleep 73 >/dev/null 2>&1 & echo $!; exit 0"))
    assert reply.exit == 0
    assert process_start(int(reply.stdout)) is None


def test_output_is_capped_and_the_command_still_ends(runner: ProcessRunner) -> None:
    reply = runner.check(CheckOrder(("/usr/bin/seq", "1", "500000"), ENV, "/", 20.0))
    assert reply.exit == 0
    assert len(reply.stdout) == 1 << 20


def test_words_arrive_byte_for_byte(runner: ProcessRunner) -> None:
    words = ("", "-n", "'", "$(id)", "\n", "ü→🎉", "a b")
    reply = runner.check(CheckOrder(("/usr/bin/printf", "%s|", *words), ENV, "/", 5.0))
    assert reply.stdout == "".join(word + "|" for word in words).encode()


def test_a_checker_that_dies_gives_no_answer_and_the_next_check_gets_a_new_one(runner: ProcessRunner) -> None:
    reply = runner.check(bash("kill -9 $PPID; sleep 1"))
    assert reply.exit is None
    assert "died" in str(reply.problem)
    assert runner.check(bash("echo again")).stdout == b"again\n"


def test_three_run_at_once_and_a_fourth_waits(tmp_path: Path) -> None:
    checkers = Checkers()
    gate = tmp_path / "gate"
    script = f"echo x >> {tmp_path}/begun; while test ! -e {gate}; do sleep 0.02; done; wc -l < {tmp_path}/begun"
    replies: list[CheckReply] = []
    threads = [threading.Thread(target=lambda: replies.append(checkers.check(bash(script)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 10
    begun = tmp_path / "begun"
    while not begun.exists() or begun.read_text().count("x") < 3:
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
    gate.touch()
    for thread in threads:
        thread.join(10)
    checkers.close()
    assert sorted(int(reply.stdout) for reply in replies)[:1] == [3]
    assert len(replies) == 4


def test_calling_checks_off_ends_them_at_once(tmp_path: Path) -> None:
    runner = ProcessRunner()
    begun = tmp_path / "begun"
    replies: list[CheckReply] = []
    thread = threading.Thread(target=lambda: replies.append(runner.check(bash(f"echo $$ > {begun}; sleep 74"))))
    thread.start()
    deadline = time.monotonic() + 10
    while not begun.exists() or not begun.read_text():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
    runner.cancel_checks()
    thread.join(3)
    assert "called off" in str(replies[0].problem)
    assert process_start(int(begun.read_text())) is None
    runner.close()


def test_a_checker_ends_with_its_wizard() -> None:
    checkers = Checkers()
    checker = int(checkers.check(bash("echo $PPID")).stdout)
    handle = os.pidfd_open(checker)
    checkers.close()
    os.close(handle)
    assert process_start(checker) is None
