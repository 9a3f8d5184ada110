"""The helper that this process has: one, whoever needs it."""

import socket
import threading
from contextlib import suppress

from wizard.execution.programs import ChildProgram, start_program


class Helper:
    """Started at the first need, or before, by `prepare`; started again when one was found to be gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._program: ChildProgram | None = None

    def prepare(self) -> None:
        """Have it started; returns at once. Where it cannot be, whoever needs it is told why."""
        with suppress(OSError), self._lock:
            self._running()

    def ask(self, line: bytes) -> tuple[ChildProgram, socket.socket]:
        """Ask for a process: who was asked, and our end of the socket to what is forked.

        Args:
            line: What it is to be.

        Raises:
            OSError: The helper cannot be started.
        """
        with self._lock:
            program = self._running()
            ours, theirs = socket.socketpair()
            with theirs, suppress(OSError):  # where it has just ended nobody will speak at the other end
                socket.send_fds(program.connection, [line], [theirs.fileno()])
            return program, ours

    def replace(self, program: ChildProgram) -> None:
        """Have another one started at the next need. Whom this one forked goes on."""
        with self._lock:
            if self._program is program:
                self._program = None
                program.process.kill()
                program.end()

    def _running(self) -> ChildProgram:
        if self._program is None:
            self._program = start_program("wizard.execution.helper")
        return self._program


HELPER = Helper()
