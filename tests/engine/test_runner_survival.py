"""What survives whom: the command the wizard, and nobody the supervisor."""

import os
import queue
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import forked
from wizard.clock import process_start
from wizard.execution.helper.forking import ForkedProcess, fork
from wizard.execution.runner import (
    EndedNotice,
    FinishedRun,
    LostNotice,
    Notice,
    NotStarted,
    OutcomeUnknown,
    ProcessRunner,
    RefusedNotice,
    StillRunning,
    determine_outcome,
)
from wizard.execution.supervisor.order import write_order
from wizard.record.events import RunStarted


WIZARD = """
import sys, threading
from pathlib import Path
from wizard.execution.runner import Order, ProcessRunner
from wizard.execution.supervisor.order import read_order
ProcessRunner().start(read_order(sys.stdin.buffer.readline()), lambda notice: print(type(notice).__name__, flush=True))
threading.Event().wait()
"""


def begin_in_a_wizard(order: Any) -> "subprocess.Popen[bytes]":
    """Another wizard, which has just started a command."""
    wizard = forked.Popen([sys.executable, "-c", WIZARD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert wizard.stdin is not None
    assert wizard.stdout is not None
    wizard.stdin.write(write_order(order))
    wizard.stdin.flush()
    assert wizard.stdout.readline() == b"RunStarted\n"
    return wizard


def kill(wizard: "subprocess.Popen[bytes]") -> None:
    wizard.kill()
    wizard.communicate()


@pytest.mark.parametrize(
    "noise", [":", "echo line; sleep 0.02", "echo x >&2; sleep 0.02"], ids=["quiet", "chatty", "stderr"]
)
def test_a_command_outlives_a_killed_wizard_and_its_outcome_is_there(desk: Any, tmp_path: Path, noise: str) -> None:
    effect = tmp_path / "effect"
    gate = tmp_path / "gate"
    order = desk.bash(f"echo begun; while test ! -e {gate}; do {noise}; done; echo done > {effect}; echo end; exit 5")
    following = desk.follow(order.run, order.folder)
    wizard = begin_in_a_wizard(order)
    kill(wizard)
    assert isinstance(determine_outcome(order.folder, claim_as="test"), StillRunning)
    desk.runner.reattach(order.folder, order.run, following.notify)
    gate.touch()
    report = following.wait(EndedNotice).report
    assert (report.exit, report.stop_reason) == (5, None)
    assert effect.read_text() == "done\n"
    assert following.output.startswith(b"begun\n")
    assert following.output.endswith(b"end\n")
    assert determine_outcome(order.folder, claim_as="test") == FinishedRun(report)


def test_a_second_wizard_types_and_stops_after_the_first_one_died(desk: Any) -> None:
    order = desk.bash("echo ready; read line; echo got $line; sleep 66", grace=0.3)
    following = desk.follow(order.run, order.folder)
    kill(begin_in_a_wizard(order))
    desk.runner.reattach(order.folder, order.run, following.notify)
    following.shows(b"ready")
    desk.runner.send_keys(order.run, b"hello\n")
    following.shows(b"got hello")
    desk.runner.stop(order.run, "bob")
    assert following.wait(EndedNotice).report.stopped_by == "bob"


def test_reattaching_works_below_a_very_long_path(desk: Any, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-long-name-of-a-folder" * 3] * 3)
    desk.base = deep
    order = desk.bash("read line; echo got $line")
    assert len(str(order.folder)) > 200
    following = desk.follow(order.run, order.folder)
    kill(begin_in_a_wizard(order))
    desk.runner.reattach(order.folder, order.run, following.notify)
    following.wait(object)
    desk.runner.send_keys(order.run, b"far\n")
    following.wait(EndedNotice)
    assert b"got far" in following.output


def test_leaving_the_wizard_leaves_the_command(desk: Any) -> None:
    following, _ = desk.started(desk.bash("read line; exit 4"))
    desk.runner.close()
    assert isinstance(determine_outcome(following.folder, claim_as="test"), StillRunning)
    desk.runner = ProcessRunner()
    desk.runner.reattach(following.folder, following.run, following.notify)
    following.wait(object)
    desk.runner.send_keys(following.run, b"\n")
    assert following.wait(EndedNotice).report.exit == 4


def test_a_dead_supervisor_is_noticed_at_once_and_hangs_up_its_command(desk: Any) -> None:
    following, started = desk.started(desk.bash("echo ready; while :; do sleep 0.05; done"))
    following.shows(b"ready")
    os.kill(started.supervisor, signal.SIGKILL)
    following.wait(LostNotice, seconds=3.0)
    verdict = determine_outcome(following.folder, claim_as="test")
    assert isinstance(verdict, OutcomeUnknown)
    assert verdict.host == ""
    desk.until(lambda: process_start(started.pid) is None)


def test_a_supervisor_that_comes_after_the_run_was_declared_void_starts_nothing(desk: Any, tmp_path: Path) -> None:
    effect = tmp_path / "effect"
    order = desk.bash(f"touch {effect}")
    assert determine_outcome(order.folder, claim_as="ann on bastion") == NotStarted("void by ann on bastion")
    refused = desk.begin(order).wait(RefusedNotice)
    assert "claimed" in refused.sentence
    assert not effect.exists()


def test_an_order_cut_in_half_starts_nothing(desk: Any, tmp_path: Path) -> None:
    effect = tmp_path / "effect"
    order = desk.bash(f"touch {effect}")
    supervisor = fork("run")
    supervisor.line.sendall(write_order(order)[:-20])
    assert ends_by_itself(supervisor)
    assert not effect.exists()
    assert list(order.folder.iterdir()) == []


def test_a_supervisor_without_an_order_ends_with_its_wizard() -> None:
    assert ends_by_itself(fork("run"))


def ends_by_itself(supervisor: ForkedProcess) -> bool:
    """Whether it ends when nobody is at the other end of its line any more."""
    assert supervisor.process is not None
    handle = os.pidfd_open(supervisor.process.pid)
    supervisor.line.close()
    with os.fdopen(handle, "rb", buffering=0) as watched:
        return bool(select.select([watched], [], [], 10)[0])


def test_a_crash_of_the_supervisor_tells_type_and_place_and_no_secret(desk: Any, capfd: Any) -> None:
    secret = "s3cret-WORD-99"
    order = desk.bash("true", secrets={"db": secret}, env={"TOKEN": secret, "PATH": "/bin"}, columns=-5)
    following = desk.begin(order)
    following.wait(LostNotice)
    note = (order.folder / "crash").read_text()
    assert note.startswith("error at terminal.py:")
    assert not any(secret.encode() in path.read_bytes() for path in order.folder.iterdir() if path.is_file())
    assert secret not in "".join(capfd.readouterr())


def test_no_secret_stands_in_the_process_list(desk: Any) -> None:
    secret = "s3cret-WORD-99"
    following, started = desk.started(
        desk.bash("echo ready; read line", secrets={"db": secret}, env={"TOKEN": secret, "PATH": "/bin"})
    )
    following.shows(b"ready")
    about = Path(f"/proc/{started.supervisor}")
    assert secret.encode() not in (about / "cmdline").read_bytes() + (about / "environ").read_bytes()
    desk.runner.send_keys(following.run, b"\n")
    following.wait(EndedNotice)


def test_two_who_start_the_same_run_start_it_once(desk: Any, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    order = desk.bash(f"echo one >> {counter}; sleep 0.3")
    notices: queue.Queue[Notice] = queue.Queue()
    runners = [ProcessRunner(), ProcessRunner()]
    for runner in runners:
        runner.start(order, notices.put)
    last: list[type] = []
    while len(last) < 2:
        notice = notices.get(timeout=10)
        if isinstance(notice, EndedNotice | RefusedNotice | LostNotice):
            last.append(type(notice))
    # The one who lost the claim is refused, or hears the end of the run that the other one started.
    assert EndedNotice in last
    assert set(last) <= {EndedNotice, RefusedNotice}
    assert counter.read_text() == "one\n"
    for runner in runners:
        runner.close()


def test_pids_in_the_notice_name_the_processes_for_good(desk: Any) -> None:
    following, started = desk.started(desk.bash("read line"))
    assert process_start(started.pid) == started.pid_start
    assert process_start(started.supervisor) == started.supervisor_start
    desk.runner.send_keys(following.run, b"\n")
    following.wait(EndedNotice)


def test_what_no_wizard_attends_any_more_ends_by_itself_where_its_order_says_so(desk: Any) -> None:
    order, other = desk.bash("sleep 600", alone=0.2), desk.bash("sleep 600")
    for each in (order, other):
        kill(begin_in_a_wizard(each))
    desk.until((order.folder / "exit.json").exists)
    verdict = determine_outcome(order.folder, claim_as="mara")
    assert isinstance(verdict, FinishedRun)
    assert (verdict.report.stop_reason, verdict.report.stopped_by) == ("alone", None)
    assert verdict.report.problem == "No wizard was attached for 0.2 seconds."
    found = determine_outcome(other.folder, claim_as="mara")
    assert isinstance(found, StillRunning)
    assert found.started is not None
    os.kill(found.started.supervisor, signal.SIGKILL)


def test_it_goes_on_as_long_as_a_wizard_is_there(desk: Any) -> None:
    order = desk.bash("sleep 0.7; echo done", alone=0.1)
    _, ended = desk.run(order)
    assert (ended.report.exit, ended.report.stop_reason) == (0, None)


def test_a_wizard_that_comes_back_in_time_keeps_it_running(desk: Any) -> None:
    order = desk.bash("sleep 600", alone=3.0)
    kill(begin_in_a_wizard(order))
    following = desk.follow(order.run, order.folder)
    desk.runner.reattach(order.folder, order.run, following.notify)
    following.wait(RunStarted)
    desk.runner.stop(order.run, "step last")
    ended = following.wait(EndedNotice)
    assert ended.report.stopped_by == "step last"
