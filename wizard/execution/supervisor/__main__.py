"""Waits, warm, for one order; see `wizard.execution.supervisor`."""

import json
import os
import signal
import socket
from dataclasses import asdict

from wizard.execution.supervisor import crash
from wizard.execution.supervisor.link import receive
from wizard.execution.supervisor.order import read_order
from wizard.execution.supervisor.processes import close_memory
from wizard.execution.supervisor.supervision import supervise
from wizard.faults import Point, reach
from wizard.record.recovery import Claim


_IGNORED = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTTOU, signal.SIGTTIN)


def main() -> None:
    """Read the order from standard input, run it, and end without ceremony."""
    crash.install()
    close_memory()
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    connection = socket.socket(fileno=os.dup(0))
    devnull = os.open(os.devnull, os.O_RDWR)
    os.dup2(devnull, 0)
    json.dumps(asdict(Claim.of_this_process())).encode("ascii")  # what is imported at first use is imported now
    line, files = _first_line(connection)
    if not line:
        os._exit(0)
    order = read_order(line, files)
    reach(Point.SUPERVISOR_ORDER_READ)
    os._exit(supervise(order, connection))


def _first_line(connection: socket.socket) -> tuple[bytes, list[int]]:
    """The order and what came beside it; empty when the wizard ended without giving a whole one.

    Nothing is read beyond it: keys may follow at once, and they are not ours to take.
    """
    line, files = bytearray(), list[int]()
    while True:
        ahead = connection.recv(1 << 16, socket.MSG_PEEK)
        if not ahead:
            return b"", files
        end = ahead.find(b"\n") + 1
        data, beside = receive(connection, end or len(ahead))
        line += data
        files += beside
        if end:
            return bytes(line), files


if __name__ == "__main__":
    main()
