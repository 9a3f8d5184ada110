"""Asking the helper for supervisors and checkers."""

import errno
import json
import os
import select
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass

from wizard.execution.helper.process import HELPER
from wizard.execution.supervisor.link import encode, receive_line
from wizard.execution.supervisor.processes import Process, has_ended, look_at, send_to_one
from wizard.faults import armed


_TRIES = 5
_PATIENCE = 20.0
"""Seconds a helper may take to fork, its own start included; one that takes longer is stuck."""


@dataclass(frozen=True, slots=True)
class ForkedProcess:
    """A process that the helper forked, and the line to it."""

    line: socket.socket
    process: Process | None

    def listens(self) -> bool:
        """Whether it is still there, for one that has nothing to say yet."""
        looking = select.poll()
        looking.register(self.line, select.POLLIN)
        return not looking.poll(0)

    def kill(self) -> None:
        """End it at once."""
        self.line.close()
        if self.process is not None:
            send_to_one(self.process, signal.SIGKILL)

    def end(self, seconds: float = 2.0) -> None:
        """Hang up and wait for it to end by itself; kill it if it does not."""
        self.line.close()
        if self.process is not None and not has_ended(self.process.pid, self.process.start, seconds):
            self.kill()


def fork(role: str) -> ForkedProcess:
    """A new process that can be killed; as `fork_line`."""
    line, pid = fork_line(role)
    return ForkedProcess(line, look_at(pid))


def fork_line(role: str) -> tuple[socket.socket, int]:
    """The line to a new process, and its pid.

    Args:
        role: What it is to be: `run` for a supervisor, `check` for a checker.

    Raises:
        OSError: There can be none.
    """
    for _ in range(_TRIES):
        helper, line = HELPER.ask(encode({"role": role, "armed": armed()}))
        greeting = _greeting(line)
        if "pid" in greeting:
            return line, greeting["pid"]
        line.close()
        if "errno" in greeting:
            raise OSError(greeting["errno"], os.strerror(greeting["errno"]))
        HELPER.replace(helper)
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def _greeting(line: socket.socket) -> dict[str, int]:
    """What the helper says about the process that it forked, or could not; empty when it is gone or stuck."""
    line.settimeout(_PATIENCE)
    said = b""
    with suppress(OSError):
        said, _ = receive_line(line)
    line.settimeout(None)
    greeting: dict[str, int] = json.loads(said or b"{}")
    return greeting
