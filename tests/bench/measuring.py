"""How the benches measure: medians of rounds taken in turn with a peer's, and a terminal seen from outside."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

import pexpect


ROUNDS = 5
_KEPT = 1 << 17
"""Bytes of what was shown that are looked at: several whole screens."""
UPLEVEL = str(Path(sys.executable).with_name("uplevel"))
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_]|[()][0-9A-B])")


def in_turn(*ways: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """The median of each way, in seconds, when they take turns: what disturbs one round disturbs all of them."""
    taken = [[way() for way in ways] for _ in range(rounds)]
    return [median(column) for column in zip(*taken, strict=True)]


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds that some work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def whole_process(*words: str) -> Callable[[], float]:
    """A way: a program from its start to its end, its output thrown away."""

    def once() -> float:
        return seconds(
            lambda: subprocess.run(
                words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
            )
        )

    return once


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as a person reads it in a terminal."""
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [heads, *rows]]
    return "\n".join(["", title, *lines])


class Terminal:
    """A program on a pty of its own, read by a thread so that every byte has its time.

    Args:
        words: The program and its arguments.
        env: Added to the environment.
        cwd: Where it runs.
    """

    def __init__(self, *words: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
        self.began = time.perf_counter()
        self._child = pexpect.spawn(
            words[0],
            list(words[1:]),
            env=os.environ | {"TERM": "xterm-256color"} | dict(env or {}),
            cwd=str(cwd) if cwd else None,
            dimensions=(40, 120),
            timeout=60,
        )
        self._changed = threading.Condition()
        self._seen = b""
        self._over = False
        self._cut = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The program's process."""
        assert self._child.pid is not None
        return self._child.pid

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._child.child_fd, 1 << 16)
            except OSError:
                data = b""
            with self._changed:
                self._seen = (self._seen + data)[-_KEPT:]
                self._over = not data
                self._changed.notify_all()
            if not data:
                return

    def press(self, keys: str) -> float:
        """Type, forget what was shown before, and say when that was."""
        with self._changed:
            self._seen = b""
        at = time.perf_counter()
        os.write(self._child.child_fd, keys.encode())
        return at

    def sees(self, text: str, limit: float = 60.0) -> float:
        """Wait until a text was shown since the last key, and say when it was noticed."""
        wanted = text.encode()
        deadline = time.perf_counter() + limit
        with self._changed:
            while wanted not in _ESCAPES.sub(b"", self._seen):
                assert not self._over, f"the program ended before it showed {text!r}: {self.shown()}"
                assert self._changed.wait(deadline - time.perf_counter()), f"never showed {text!r}: {self.shown()}"
        return time.perf_counter()

    def shown(self) -> str:
        """The end of what was shown, without escapes."""
        return _ESCAPES.sub(b"", self._seen)[-2000:].decode("utf-8", "replace")

    def memory(self) -> tuple[float, float]:
        """Resident memory of the program now and at its highest, in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii", "replace")
        kilobytes = {name: int(number) for name, number in re.findall(r"^(Vm\w+):\s+(\d+) kB", status, re.MULTILINE)}
        return kilobytes["VmRSS"] / 1024, kilobytes["VmHWM"] / 1024

    def idle(self, span: float = 5.0) -> float:
        """The share of one processor, in percent, that the program takes while nothing happens."""
        threading.Event().wait(1.0)
        before = self._processor()
        threading.Event().wait(span)
        return (self._processor() - before) / span * 100

    def _processor(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """End the program and what it left on its terminal; a busy machine takes its time to bury it."""
        os.kill(self.pid, signal.SIGKILL)
        self._child.wait()
        self._child.close()
        self._reader.join(10)
