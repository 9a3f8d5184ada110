"""Forks a process for each line that arrives; see `wizard.execution.helper`."""

import gc
import os
import signal
import socket
from contextlib import suppress

from wizard.execution.helper.forked import become
from wizard.execution.supervisor import crash
from wizard.execution.supervisor.link import encode, receive
from wizard.execution.supervisor.processes import close_memory, name_process


def main() -> None:
    """Fork until the wizard ends. What is forked goes on here as well, as what it is to be."""
    crash.install()
    close_memory()  # of what is forked too
    name_process("helper")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no child stays a zombie
    wizard = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    gc.freeze()  # a collection in a child would copy every page it shares with us
    line = _line_of_a_child(wizard)
    if line is not None:
        wizard.close()
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        become(socket.socket(fileno=line))
    os._exit(0)


def _line_of_a_child(wizard: socket.socket) -> int | None:
    """Returns in each child, with its line, and once in the helper, when the wizard has ended."""
    while True:
        try:
            asked, lines = receive(wizard, 1)
        except OSError:
            return None
        if not asked:
            return None
        for line in lines:
            if not fork_for(line):
                return line
            os.close(line)


def fork_for(line: int) -> int:
    """The pid of the child, 0 in the child; when there can be none the wizard is told why, by the line."""
    try:
        return os.fork()
    except OSError as problem:
        with suppress(OSError):
            os.write(line, encode({"errno": problem.errno}))
        return -1


if __name__ == "__main__":
    main()
