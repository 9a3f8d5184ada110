"""Up to three checkers, started when they are first needed and kept for the next check."""

import threading
from contextlib import suppress

from wizard.execution.checker.question import CheckOrder, CheckReply, order_to_json, reply_from_json
from wizard.execution.runner.programs import HelperProgram, start_program
from wizard.execution.supervisor.link import JsonLines, encode, send_order


_MOST = 3
_SLACK = 10.0
"""Seconds a checker may answer late before it counts as stuck."""


class Checkers:
    """Answers checks, each by a process of its own for as long as it takes."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(_MOST)
        self._lock = threading.Lock()
        self._idle: list[HelperProgram] = []
        self._busy: list[HelperProgram] = []
        self._closed = False

    def check(self, ask: CheckOrder) -> CheckReply:
        """Run one check and wait for the answer."""
        with self._free:
            try:
                program = self._take()
            except OSError as problem:
                return CheckReply(problem=f"The check could not be started: {problem.strerror}.")
            reply = _ask(program, ask)
            with self._lock:
                self._busy.remove(program)
                kept = reply is not None and not self._closed
                if kept:
                    self._idle.append(program)
            if not kept:
                program.process.kill()
                program.end()
            return reply or CheckReply(problem="The program that ran the check died before it answered.")

    def cancel(self) -> None:
        """Call off what is running."""
        with self._lock:
            for program in self._busy:
                with suppress(OSError):
                    program.connection.send(encode({"do": "cancel"}))

    def close(self) -> None:
        """End all of them."""
        self.cancel()
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for program in idle:
            program.end()

    def _take(self) -> HelperProgram:
        with self._lock:
            while self._idle:
                program = self._idle.pop()
                if program.process.poll() is None:
                    self._busy.append(program)
                    return program
                program.end()
        program = start_program("wizard.execution.checker")
        with self._lock:
            self._busy.append(program)
        return program


def _ask(program: HelperProgram, ask: CheckOrder) -> CheckReply | None:
    """The answer, or None when the checker died or is stuck."""
    lines = JsonLines()
    program.connection.settimeout(ask.timeout + _SLACK)
    try:
        send_order(program.connection, encode(order_to_json(ask)), [] if ask.channel is None else [ask.channel])
        while data := program.connection.recv(65536):
            for message in lines.feed(data):
                return reply_from_json(message)
    except OSError:
        return None
    return None
