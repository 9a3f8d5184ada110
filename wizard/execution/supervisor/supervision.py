"""One run from claim to exit.json, in the order that makes every crash tell the truth."""

import os
import socket
from contextlib import suppress
from hashlib import sha256
from typing import Any

from wizard.clock import Instant, SystemClock
from wizard.execution.redact import Redactor
from wizard.execution.supervisor import crash
from wizard.execution.supervisor.link import encode
from wizard.execution.supervisor.order import Order, let_go_of_target
from wizard.execution.supervisor.pipes import Pipes
from wizard.execution.supervisor.processes import adopt_orphans
from wizard.execution.supervisor.recorder import RING, OutputRecorder
from wizard.execution.supervisor.report import persist
from wizard.execution.supervisor.run_loop import RunLoop
from wizard.execution.supervisor.spawn import CannotStart, spawn
from wizard.execution.supervisor.terminal import Terminal
from wizard.faults import Point, reach
from wizard.places.private import open_folder
from wizard.record.recovery import Claim, ExitReport, take_claim, write_report


_CLAIM_LOST = "The run was claimed by somebody else, so nothing was started here."
_NO_RECORD = "The record of the run could not be written, so nothing was started. Is the disk full?"


def supervise(order: Order, connection: socket.socket) -> None:
    """Run what was ordered.

    Args:
        order: What to run.
        connection: To the wizard that gave the order.
    """
    folder = open_folder(order.folder)
    crash.note_in(folder)
    try:
        if not take_claim(folder, Claim.of_this_process()):
            return _tell(order, connection, {"news": "refused", "why": _CLAIM_LOST})
    except OSError:
        return _tell(order, connection, {"news": "refused", "why": _NO_RECORD})
    reach(Point.SUPERVISOR_CLAIMED)
    adopt_orphans()
    began = SystemClock().now()
    try:
        watch = _start(order, folder, connection)
    except CannotStart as problem:
        report = _never_started(began, problem)
        refused = persist(lambda: write_report(folder, report))
        news = {"news": "refused", "why": _NO_RECORD} if refused else {"news": "ended", "private": None}
        return _tell(order, connection, news)
    return watch.until_the_end()


def _tell(order: Order, connection: socket.socket, news: dict[str, Any]) -> None:
    """The only word of a supervisor that started nothing."""
    let_go_of_target(order)
    with suppress(OSError):
        connection.sendall(encode(news))


def _start(order: Order, folder: int, connection: socket.socket) -> RunLoop:
    try:
        recorder = _recorder(order, folder)
    except OSError as problem:
        raise CannotStart(f"The command's output cannot be recorded: {os.strerror(problem.errno or 0)}.") from None
    terminal = Terminal(order.columns, order.rows, full=order.full)
    pipes = Pipes(order)
    began = SystemClock().now()
    reach(Point.SUPERVISOR_BEFORE_FORK)
    ends = pipes.ends(terminal.slave)
    command = spawn(order, ends, terminal=terminal.slave)
    reach(Point.SUPERVISOR_FORKED)
    pipes.close_child_ends()
    # Made while the command starts: twenty secrets take some milliseconds. Nothing of its output was read yet.
    redactor = Redactor(order.secrets) if order.secrets else None
    if redactor is not None:
        recorder.filter(redactor, redactor.beside())
    watch = RunLoop(order, folder, terminal=terminal, recorder=recorder, redactor=redactor, pipes=pipes)
    watch.begin(command, connection, began)
    return watch


def _recorder(order: Order, folder: int) -> OutputRecorder:
    if order.keep is None:
        return OutputRecorder(folder)
    ring = min(RING, order.keep // 2)
    return OutputRecorder(folder, head=order.keep - ring, ring=ring)


def _never_started(began: Instant, problem: CannotStart) -> ExitReport:
    now = SystemClock().now()
    return ExitReport(
        exit=problem.exit,
        signal=None,
        started=began.rfc3339(),
        finished=now.rfc3339(),
        seconds=now.seconds_since(began),
        length=0,
        sha256=sha256().hexdigest(),
        problem=problem.sentence,
        never_started=True,
    )
