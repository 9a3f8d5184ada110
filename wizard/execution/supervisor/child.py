"""The started command itself: who it is, when it ended and how."""

import os
import threading
from dataclasses import dataclass

from sh import RunningCommand

from wizard.clock import Instant, SystemClock
from wizard.execution.supervisor.processes import look_at


@dataclass(frozen=True, slots=True)
class ChildExit:
    """How it ended: an exit status or the number of a signal, and when."""

    exit: int | None
    signal: int | None
    at: Instant


class Child:
    """Waits for the command in a thread of its own, which sh needs for telling the end at once.

    Args:
        command: What was started.
        wake: Descriptor that gets one byte when it has ended.
    """

    def __init__(self, command: RunningCommand, wake: int) -> None:
        self.pid: int = command.pid
        found = look_at(self.pid)
        self.start = found.start if found else 0
        self.outcome: ChildExit | None = None
        self._command = command
        self._wake = wake
        threading.Thread(target=self._wait, name="waits for the command", daemon=True).start()

    def _wait(self) -> None:
        code: int = self._command.exit_code  # waits
        at = SystemClock().now()
        self.outcome = ChildExit(code, None, at) if code >= 0 else ChildExit(None, -code, at)
        os.write(self._wake, b"E")
