"""A desk at which tests run real commands under real supervisors."""

import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest

from wizard.clock import process_start
from wizard.runner import Ended, Lost, Notice, Order, ProcessRunner, Refused, Started


Kind = TypeVar("Kind")


def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until something holds; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < deadline, "what the test waits for did not happen"
        pause.wait(0.01)


class Following:
    """One run and what was heard of it."""

    def __init__(self, run: int, folder: Path) -> None:
        self.run = run
        self.folder = folder
        self.heard: list[Notice] = []
        self._notices: queue.Queue[Notice] = queue.Queue()

    def notify(self, notice: Notice) -> None:
        self._notices.put(notice)

    def wait(self, kind: type[Kind], seconds: float = 15.0) -> Kind:
        """The next notice of a kind; what comes before it is kept in `heard`."""
        deadline = time.monotonic() + seconds
        while True:
            notice = self._notices.get(timeout=max(0.01, deadline - time.monotonic()))
            self.heard.append(notice)
            if isinstance(notice, kind):
                return notice
            assert not isinstance(notice, Ended | Lost | Refused), f"the run was over before: {notice}"

    @property
    def output(self) -> bytes:
        path = self.folder / "output"
        return path.read_bytes() if path.exists() else b""

    def shows(self, text: bytes, seconds: float = 10.0) -> None:
        """Wait until the recorded output has a text."""
        until(lambda: text in self.output, seconds)


class Desk:
    """Orders commands, each in a folder of its own."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.runner = ProcessRunner()
        self.followed: list[Following] = []
        self._ordered = 0

    until = staticmethod(until)

    def order(self, *argv: str, **more: Any) -> Order:
        self._ordered += 1
        run = self._ordered
        folder = self.base / f"{run:04}"
        folder.mkdir(mode=0o700, parents=True)
        env = more.pop("env", {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
        return Order(run, folder, argv, env, more.pop("cwd", str(self.base)), **more)

    def bash(self, script: str, **more: Any) -> Order:
        return self.order("/bin/bash", "-c", script, **more)

    def follow(self, run: int, folder: Path) -> Following:
        following = Following(run, folder)
        self.followed.append(following)
        return following

    def begin(self, order: Order) -> Following:
        """Start and return at once."""
        following = self.follow(order.run, order.folder)
        self.runner.start(order, following.notify)
        return following

    def started(self, order: Order) -> tuple[Following, Started]:
        """Start and wait until it runs."""
        following = self.begin(order)
        return following, following.wait(Started)

    def run(self, order: Order, seconds: float = 15.0) -> tuple[Following, Ended]:
        """Start and wait until it has ended."""
        following = self.begin(order)
        return following, following.wait(Ended, seconds)

    def close(self) -> None:
        for following in self.followed:
            for notice in following.heard:
                if isinstance(notice, Started) and process_start(notice.supervisor) == notice.supervisor_start:
                    with suppress(ProcessLookupError):
                        os.kill(notice.supervisor, signal.SIGKILL)
        self.runner.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose commands do not outlive the test."""
    made = Desk(tmp_path / "runs")
    yield made
    made.close()
