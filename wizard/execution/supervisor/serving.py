"""Waits for one order and runs it; see `wizard.execution.supervisor`."""

import signal
import socket

from wizard.execution.supervisor.link import receive_line
from wizard.execution.supervisor.order import read_order
from wizard.execution.supervisor.supervision import supervise
from wizard.faults import Point, reach


_IGNORED = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTTOU, signal.SIGTTIN)


def run_order(wizard: socket.socket) -> None:
    """Read the order, if there comes one, and run it to its end."""
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    line, files = receive_line(wizard)
    if not line:
        return
    order = read_order(line, files)
    reach(Point.SUPERVISOR_ORDER_READ)
    supervise(order, wizard)
