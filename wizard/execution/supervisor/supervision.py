"""One run from claim to exit.json, in the order that makes every crash tell the truth."""

import os
import socket
from hashlib import sha256

from wizard.clock import Instant, SystemClock
from wizard.execution.redact import Redactor
from wizard.execution.supervisor import crash
from wizard.execution.supervisor.order import CLAIM_FAILED, CLAIM_LOST, Order
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


def supervise(order: Order, connection: socket.socket) -> int:
    """Run what was ordered.

    Args:
        order: What to run.
        connection: To the wizard that gave the order.

    Returns:
        The supervisor's own exit status: 0 when `exit.json` stands.
    """
    folder = open_folder(order.folder)
    crash.note_in(folder)
    try:
        if not take_claim(folder, Claim.of_this_process()):
            return CLAIM_LOST
    except OSError:
        return CLAIM_FAILED
    reach(Point.SUPERVISOR_CLAIMED)
    adopt_orphans()
    began = SystemClock().now()
    try:
        watch = _start(order, folder, connection)
    except CannotStart as problem:
        report = _never_started(began, problem)
        return CLAIM_FAILED if persist(lambda: write_report(folder, report)) else 0
    watch.until_the_end()
    return 0


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
