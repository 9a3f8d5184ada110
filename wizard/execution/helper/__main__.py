"""Forks a process for each line that asks for one; see `wizard.execution.helper`."""

import gc
import json
import os
import signal
import socket
from contextlib import suppress
from typing import Any

from wizard.clock import boot_id
from wizard.execution.checker.serving import answer_checks
from wizard.execution.supervisor import crash
from wizard.execution.supervisor.link import encode, receive_line
from wizard.execution.supervisor.processes import close_memory, name_process
from wizard.execution.supervisor.serving import run_order


_ROLES = {"run": run_order, "check": answer_checks}


def main() -> None:
    """Fork until the wizard ends. What is forked goes on here as well, as what it is to be."""
    crash.install()
    close_memory()  # of what is forked too
    name_process("helper")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no child stays a zombie
    wizard = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    boot_id()  # asked once for all
    gc.freeze()  # a collection in a child would copy every page it shares with us
    forked = _forked(wizard)
    if forked is not None:
        wizard.close()
        _become(*forked)
    os._exit(0)


def _forked(wizard: socket.socket) -> tuple[dict[str, Any], int] | None:
    """Returns in each child, with what was asked and its line, and once in the helper: when the wizard has ended."""
    while True:
        try:
            asked, lines = receive_line(wizard)
        except OSError:
            return None
        if not asked:
            return None
        for line in lines:
            if fork_for(line) == 0:
                return json.loads(asked), line
            os.close(line)


def fork_for(line: int) -> int:
    """The pid of a child, 0 in the child. The other end of the line is told it, or why there can be none."""
    try:
        pid = os.fork()
        said = {"pid": pid}
    except OSError as problem:
        pid = -1
        said = {"errno": problem.errno or 0}
    if pid != 0:
        with suppress(OSError):
            os.write(line, encode(said))
    return pid


def _become(asked: dict[str, Any], line: int) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(asked["armed"])
    name_process(asked["role"])
    _ROLES[asked["role"]](socket.socket(fileno=line))


if __name__ == "__main__":
    main()
