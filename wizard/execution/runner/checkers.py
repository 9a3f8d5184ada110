"""Up to three checkers, started when they are first needed and kept for the next check."""

import threading
from contextlib import suppress

from wizard.execution.checker.question import CheckOrder, CheckReply, order_to_json, reply_from_json
from wizard.execution.helper.forking import ForkedProcess, fork
from wizard.execution.supervisor.link import JsonLines, encode, send_order


_MOST = 3
_SLACK = 10.0
"""Seconds a checker may answer late before it counts as stuck."""


class Checkers:
    """Answers checks, each by a process of its own for as long as it takes."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(_MOST)
        self._lock = threading.Lock()
        self._idle: list[ForkedProcess] = []
        self._busy: list[ForkedProcess] = []
        self._closed = False

    def check(self, ask: CheckOrder) -> CheckReply:
        """Run one check and wait for the answer."""
        with self._free:
            try:
                checker = self._take()
            except OSError as problem:
                return CheckReply(problem=f"The check could not be started: {problem.strerror}.")
            reply = _ask(checker, ask)
            with self._lock:
                self._busy.remove(checker)
                kept = reply is not None and not self._closed
                if kept:
                    self._idle.append(checker)
            if not kept:
                checker.kill()
            return reply or CheckReply(problem="The checker that ran the check died before it answered.")

    def cancel(self) -> None:
        """Call off what is running."""
        with self._lock:
            for checker in self._busy:
                with suppress(OSError):
                    checker.line.send(encode({"do": "cancel"}))

    def close(self) -> None:
        """End all of them."""
        self.cancel()
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for checker in idle:
            checker.end()

    def _take(self) -> ForkedProcess:
        with self._lock:
            while self._idle:
                checker = self._idle.pop()
                if checker.listens():
                    self._busy.append(checker)
                    return checker
                checker.kill()
        checker = fork("check")
        with self._lock:
            self._busy.append(checker)
        return checker


def _ask(checker: ForkedProcess, ask: CheckOrder) -> CheckReply | None:
    """The answer, or None when the checker died or is stuck."""
    lines = JsonLines()
    checker.line.settimeout(ask.timeout + _SLACK)
    try:
        send_order(checker.line, encode(order_to_json(ask)), [] if ask.channel is None else [ask.channel])
        while data := checker.line.recv(65536):
            for message in lines.feed(data):
                return reply_from_json(message)
    except OSError:
        return None
    return None
