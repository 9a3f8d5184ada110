"""What a forked process becomes: a supervisor or a checker."""

import json
import os
import socket

from wizard.execution.checker.serving import answer_checks
from wizard.execution.supervisor.link import encode, receive_line
from wizard.execution.supervisor.processes import name_process
from wizard.execution.supervisor.serving import run_order


_ROLES = {"run": run_order, "check": answer_checks}


def become(line: socket.socket) -> None:
    """Say who we are, hear what we are to be, and be it to the end."""
    line.sendall(encode({"pid": os.getpid()}))
    first, _ = receive_line(line)
    if not first:
        return
    asked = json.loads(first)
    os.environ.update(asked["armed"])
    name_process(asked["role"])
    _ROLES[asked["role"]](line)
