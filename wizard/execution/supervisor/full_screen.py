"""A program that has the real terminal for itself: what its supervisor does instead of recording it."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from wizard.execution.supervisor.processes import descendants


NOTHING_KEPT = b"[full screen, not recorded]\n"
"""What stands in the run's output."""


def wake_stopped(foreground: int) -> None:
    """Let a foreground program go on that stopped itself, as an editor does at Ctrl+Z: no shell could resume it."""
    if any(one.group == foreground and _stopped(one.pid) for one in descendants()):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(foreground, signal.SIGCONT)


def _stopped(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return stat[stat.rindex(b")") + 2 :][:1] == b"T"
