"""The helper dies whenever it likes: what it forked goes on, another one is started, and no process is left."""

import os
import select
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import until
from tests.engine.test_runner_survival import begin_in_a_wizard
from wizard.clock import process_start
from wizard.execution.helper import forking
from wizard.execution.helper.__main__ import fork_for
from wizard.execution.helper.forking import fork
from wizard.execution.helper.process import HELPER, Helper
from wizard.execution.programs import ChildProgram
from wizard.execution.runner import CheckOrder, EndedNotice, StillRunning, determine_outcome


ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
ASKED = b'{"role": "run", "armed": {}}\n'


def running() -> ChildProgram:
    """The helper of this process, which is there and has forked."""
    fork("run").end()
    program, line = HELPER.ask(ASKED)
    line.close()
    return program


def kill(program: ChildProgram) -> None:
    os.kill(program.process.pid, signal.SIGKILL)


def children(pid: int) -> set[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return {int(child) for child in found.split()}


def echo(words: str) -> CheckOrder:
    return CheckOrder(("/bin/bash", "-c", words), ENV, "/", 20.0)


def test_one_that_dies_idle_is_replaced_at_the_next_need(desk: Any) -> None:
    first = running()
    kill(first)
    assert desk.runner.check(echo("echo fine")).stdout == b"fine\n"
    _, ended = desk.run(desk.bash("exit 4"))
    assert ended.report.exit == 4
    assert running().process.pid != first.process.pid


def test_a_run_and_a_check_outlive_the_helper(desk: Any, tmp_path: Path) -> None:
    following, started = desk.started(desk.bash("echo ready; read line; echo got $line; exit 3"))
    following.shows(b"ready")
    replies = []
    script = f"touch {tmp_path}/asked; until test -e {tmp_path}/go; do sleep 0.02; done; echo answer"
    asking = threading.Thread(target=lambda: replies.append(desk.runner.check(echo(script))))
    asking.start()
    until((tmp_path / "asked").exists)
    program = running()
    kill(program)
    program.process.wait(10)
    assert process_start(started.supervisor) == started.supervisor_start
    (tmp_path / "go").touch()
    asking.join(20)
    assert [reply.stdout for reply in replies] == [b"answer\n"]
    desk.runner.send_keys(following.run, b"word\n")
    assert following.wait(EndedNotice).report.exit == 3
    assert b"got word" in following.output


def test_one_that_dies_in_the_middle_of_a_request_is_replaced_and_the_command_runs_once(
    desk: Any, tmp_path: Path
) -> None:
    stopped = running()
    os.kill(stopped.process.pid, signal.SIGSTOP)
    counter = tmp_path / "counter"
    order = desk.bash(f"echo one >> {counter}")
    following = desk.follow(order.run, order.folder)
    starting = threading.Thread(target=desk.runner.start, args=(order, following.notify))
    starting.start()
    starting.join(0.2)
    assert starting.is_alive()
    kill(stopped)
    following.wait(EndedNotice)
    assert counter.read_text() == "one\n"
    starting.join(10)


def test_one_that_hangs_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = running()
    os.kill(stuck.process.pid, signal.SIGSTOP)
    monkeypatch.setattr(forking, "_PATIENCE", 0.3)
    helper, line = HELPER.ask(ASKED)
    assert helper is stuck
    line.close()
    monkeypatch.setattr(forking, "_TRIES", 1)
    with pytest.raises(OSError, match="temporarily unavailable"):
        fork("check")
    assert stuck.process.poll() is not None
    monkeypatch.undo()
    fork("check").end()


def test_a_helper_that_cannot_fork_says_why(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> int:
        raise OSError(11, "Resource temporarily unavailable")

    ours, theirs = socket.socketpair()
    with monkeypatch.context() as full:
        full.setattr(os, "fork", fails)
        assert fork_for(theirs.fileno()) == -1
    monkeypatch.setattr(HELPER, "ask", lambda _line: (None, ours))
    reply = desk.runner.check(echo("echo never"))
    assert reply.problem == "The check could not be started: Resource temporarily unavailable."
    theirs.close()


def test_many_who_ask_at_once_get_each_their_own() -> None:
    forked: list[Any] = []

    def ask() -> None:
        forked.extend(fork("run") for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    pids = {each.process.pid for each in forked}
    assert len(pids) == 40
    for each in forked:
        each.end(10)
    assert not any(map(process_start, pids))


def test_what_is_forked_has_nothing_of_the_helpers(desk: Any) -> None:
    others = [desk.started(desk.bash("read line")) for _ in range(2)]
    following, started = desk.started(desk.bash("read line"))
    about = Path(f"/proc/{started.supervisor}")
    sockets = [str(link.readlink()) for link in (about / "fd").iterdir() if "socket" in str(link.readlink())]
    assert len(sockets) == 2  # its line, and `control`
    assert (about / "comm").read_text() == "uplevel-run\n"
    assert os.getsid(started.supervisor) == started.supervisor
    assert sorted((about / "environ").read_bytes().split(b"\0")) == [b"", b"LC_ALL=C.UTF-8", b"PATH=/usr/bin:/bin"]
    for each, _ in [*others, (following, started)]:
        desk.runner.send_keys(each.run, b"\n")
        each.wait(EndedNotice)


def test_no_zombie_stays_with_the_helper(desk: Any) -> None:
    program = running()
    _, ended = desk.run(desk.bash("exit 0"))
    assert ended.report.exit == 0
    fork("check").kill()
    gone = {fork("run") for _ in range(3)}
    for each in gone:
        each.kill()
    pids = {each.process.pid for each in gone if each.process is not None}
    until(lambda: not children(program.process.pid) & pids)


@pytest.fixture
def wizard(desk: Any) -> Iterator[tuple[Any, "subprocess.Popen[bytes]", int]]:
    """An order, another wizard that has started it, and that wizard's helper."""
    order = desk.bash("echo ready; read line; exit 6")
    process = begin_in_a_wizard(order)
    [helper] = children(process.pid)
    yield order, process, helper
    process.kill()
    process.communicate()


@pytest.mark.parametrize("helper_first", [False, True], ids=["wizard", "helper and wizard"])
def test_a_killed_wizard_leaves_its_supervisor_and_no_helper(
    desk: Any, wizard: tuple[Any, "subprocess.Popen[bytes]", int], helper_first: bool
) -> None:
    order, process, helper = wizard
    watched = os.pidfd_open(helper)
    if helper_first:
        os.kill(helper, signal.SIGKILL)
    process.kill()
    with os.fdopen(watched, "rb", buffering=0) as handle:
        assert select.select([handle], [], [], 10)[0]
    assert isinstance(determine_outcome(order.folder, claim_as="test"), StillRunning)
    following = desk.follow(order.run, order.folder)
    desk.runner.reattach(order.folder, order.run, following.notify)
    following.shows(b"ready")
    desk.runner.send_keys(order.run, b"\n")
    assert following.wait(EndedNotice).report.exit == 6


def test_one_that_cannot_be_started_early_is_told_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: str) -> ChildProgram:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("wizard.execution.helper.process.start_program", fails)
    helper = Helper()
    helper.prepare()
    with pytest.raises(OSError, match="Too many open files"):
        helper.ask(ASKED)
