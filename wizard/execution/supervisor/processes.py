"""The tree of processes below us, read from /proc, and signals to exactly its members."""

import ctypes
import os
import select
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wizard.clock import process_start


_SET_CHILD_SUBREAPER = 36
_SET_DUMPABLE = 4
_SET_NAME = 15
_LIBC = ctypes.CDLL(None)
_POLL = 0.05


@dataclass(frozen=True, slots=True)
class Process:
    """One living process; `start` tells it from a later one with the same pid."""

    pid: int
    parent: int
    group: int
    start: int
    zombie: bool


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends (Linux; elsewhere nothing happens)."""
    _prctl(_SET_CHILD_SUBREAPER, 1)


def close_memory() -> None:
    """Keep other processes of the same user, our child among them, from reading our memory (Linux)."""
    _prctl(_SET_DUMPABLE, 0)


def name_process(role: str) -> None:
    """Have the system show what this process is; the command line is that of the helper, which forked it (Linux)."""
    _prctl(_SET_NAME, f"uplevel-{role}".encode("ascii"))


def _prctl(option: int, value: int | bytes) -> None:
    if hasattr(_LIBC, "prctl"):
        _LIBC.prctl(option, value, 0, 0, 0)


def look_at(pid: int) -> Process | None:
    """One process, zombies included, or None when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    fields = stat[stat.rindex(b")") + 2 :].split()
    return Process(pid, int(fields[1]), int(fields[2]), int(fields[19]), fields[0] in {b"Z", b"X"})


def descendants() -> list[Process]:
    """Every living process below this one; ended ones that were left to us are reaped on the way.

    The leader itself is the business of whoever waits for it, and is left alone as a zombie.
    """
    if not _has_children():
        return []
    everyone = [found for pid in _all_pids() if (found := look_at(pid))]
    below: list[Process] = []
    parents = {os.getpid()}
    while parents:
        layer = [one for one in everyone if one.parent in parents]
        below += layer
        parents = {one.pid for one in layer}
    return [one for one in below if not one.zombie]


def reap(leader: int) -> None:
    """Take the exit status of ended orphans, so that none stays a zombie. Never that of the leader."""
    for pid in _children():
        if pid != leader and (found := look_at(pid)) and found.zombie:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def send(processes: list[Process], number: signal.Signals) -> None:
    """Send a signal to the groups of these processes, and by name to those in our own group.

    A group's members all descend from us, because only a descendant can have made or joined its session.
    """
    own = os.getpgrp()
    for group in {one.group for one in processes} - {own}:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)
    for one in processes:
        if one.group == own:
            send_to_one(one, number)


def send_to_one(process: Process, number: signal.Signals) -> None:
    """Send a signal to this very process; a later one with its pid is not touched."""
    if not hasattr(os, "pidfd_open"):
        if look_at(process.pid) == process:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process.pid, number)
        return
    with suppress(ProcessLookupError, PermissionError):
        handle = os.pidfd_open(process.pid)
        try:
            now = look_at(process.pid)
            if now is not None and now.start == process.start:
                signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)


def has_ended(pid: int, start: int, seconds: float) -> bool:
    """Wait for the end of this very process, at most so long; tells whether it came."""
    if not hasattr(os, "pidfd_open"):
        time.sleep(min(seconds, _POLL))
        return process_start(pid) != start
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return True
    with os.fdopen(handle, "rb", buffering=0) as watched:
        waiting = select.poll()
        waiting.register(watched, select.POLLIN)
        # Asked after the handle was taken: it is the same process if it still has the same start time.
        return process_start(pid) != start or bool(waiting.poll(seconds * 1000))


def command_of(pid: int) -> bytes:
    """The command line of a process, words parted by spaces."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
    return words.rstrip(b"\0").replace(b"\0", b" ")


def _all_pids() -> list[int]:
    return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]


def _children() -> list[int]:
    """Pids of our own children, by the kernel's list or, where it keeps none, by looking at everyone."""
    threads = Path(f"/proc/{os.getpid()}/task")
    try:
        return [int(pid) for thread in threads.iterdir() for pid in (thread / "children").read_bytes().split()]
    except OSError:
        own = os.getpid()
        return [pid for pid in _all_pids() if (found := look_at(pid)) and found.parent == own]


def _has_children() -> bool:
    return bool(_children())
