"""Stopping: the ladder, timeouts, and that nobody of the tree survives while strangers are left alone."""

import os
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from wizard.clock import process_start
from wizard.execution.runner import EndedNotice


@pytest.fixture
def stranger() -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the same user that has nothing to do with the run."""
    process = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)
    yield process
    assert process.poll() is None
    process.kill()
    process.wait()


def pids(following: Any, count: int) -> list[int]:
    following.shows(b"ready\n")
    found = [int(word) for word in following.output.split() if word.isdigit()]
    assert len(found) == count
    return found


def test_a_well_behaved_command_ends_at_int_and_the_record_says_who_asked(desk: Any) -> None:
    following, _ = desk.started(
        desk.bash("trap 'echo cleaned up; exit 9' INT; echo ready; while :; do sleep 0.05; done")
    )
    following.shows(b"ready")
    desk.runner.stop(following.run, "ann")
    report = following.wait(EndedNotice).report
    assert (report.exit, report.stopped_by, report.stop_reason) == (9, "ann", "operator")
    assert b"cleaned up" in following.output
    assert report.seconds < 2


def test_who_ignores_int_gets_term(desk: Any) -> None:
    following, _ = desk.started(
        desk.bash("trap '' INT; trap 'echo term; exit 8' TERM; echo ready; while :; do sleep 0.05; done", grace=0.8)
    )
    following.shows(b"ready")
    desk.runner.stop(following.run, "ann")
    assert following.wait(EndedNotice).report.exit == 8


def test_nobody_of_the_tree_survives_a_stop(desk: Any, stranger: Any) -> None:
    script = """
        trap '' INT TERM HUP
        echo $$
        sleep 61 & echo $!
        setsid sleep 62 & echo $!
        (setsid bash -c 'trap "" INT TERM HUP; echo $$; while :; do sleep 0.05; done' </dev/null & )
        nohup sleep 63 >/dev/null 2>&1 & echo $!
        sleep 0.3
        echo ready
        while :; do sleep 0.05; done
    """
    following, _ = desk.started(desk.bash(script, grace=0.3))
    tree = pids(following, 5)
    desk.runner.stop(following.run, "ann")
    report = following.wait(EndedNotice).report
    assert report.signal == signal.SIGKILL
    assert report.left_running == []
    assert [pid for pid in tree if process_start(pid) is not None] == []


def test_a_stopped_process_is_woken_to_be_ended(desk: Any) -> None:
    following, _ = desk.started(desk.bash("echo ready; kill -STOP $$; echo never", grace=0.3))
    following.shows(b"ready")
    desk.runner.stop(following.run, "ann")
    assert following.wait(EndedNotice).report.signal is not None
    assert b"never" not in following.output


def test_escaped_children_of_a_command_that_obeys_are_swept_too(desk: Any) -> None:
    following, _ = desk.started(
        desk.bash("setsid bash -c 'trap \"\" INT; exec sleep 64' & echo $!; sleep 0.2; echo ready; wait", grace=0.3)
    )
    (escaped,) = pids(following, 1)
    desk.runner.stop(following.run, "ann")
    assert following.wait(EndedNotice).report.left_running == []
    assert process_start(escaped) is None


def test_a_timeout_goes_down_the_same_ladder(desk: Any, stranger: Any) -> None:
    _, ended = desk.run(desk.bash("trap '' INT TERM; while :; do sleep 0.05; done", timeout=0.3, grace=0.2))
    assert ended.report.signal == signal.SIGKILL
    assert (ended.report.stopped_by, ended.report.stop_reason) == (None, "timeout")
    assert 0.3 <= ended.report.seconds < 3


def test_a_command_that_is_done_in_time_is_not_touched(desk: Any) -> None:
    _, ended = desk.run(desk.bash("sleep 0.1", timeout=5.0))
    assert (ended.report.exit, ended.report.stop_reason) == (0, None)


def test_term_to_the_supervisor_stops_the_command_and_keeps_the_record(desk: Any) -> None:
    following, started = desk.started(desk.bash("echo ready; sleep 65", grace=0.3))
    following.shows(b"ready")
    os.kill(started.supervisor, signal.SIGTERM)
    report = following.wait(EndedNotice).report
    assert (report.signal, report.stop_reason) == (signal.SIGINT, "signal")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTTOU, signal.SIGTTIN])
def test_what_a_dying_terminal_sends_does_not_end_a_supervisor(desk: Any, number: signal.Signals) -> None:
    following, started = desk.started(desk.bash("echo ready; read answer; exit 6"))
    following.shows(b"ready")
    os.kill(started.supervisor, number)
    desk.runner.send_keys(following.run, b"\n")
    assert following.wait(EndedNotice).report.exit == 6
