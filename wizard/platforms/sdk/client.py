"""The platform of a rehearsal as the wizard sees it: a process that is started when it is first needed."""

import json
import os
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from wizard.errors import CannotRun
from wizard.execution.programs import ChildProgram, start_program


WITH_SERVERS = b"servers"
"""What a wizard says behind the folder of the sandbox; a command that starts the platform for itself does not."""

_PATIENCE = 60.0
"""Seconds the process may take to answer; to end, its servers write what they hold."""


class PlatformProblem(CannotRun):
    """The pretend platform cannot be had."""

    title = "The pretend platform does not run"


class PlatformProcess:
    """The process, its channel, and another one where the first has died.

    Args:
        sandbox: The rehearsal's folder.
    """

    def __init__(self, sandbox: Path) -> None:
        self._sandbox = sandbox
        self._lock = threading.Lock()
        self._running: _Running | None = None

    def start(self) -> None:
        """Start it, unless it runs.

        Raises:
            PlatformProblem: It does not start.
        """
        self.channel()

    def channel(self) -> int:
        """The descriptor that its commands inherit; it stays ours.

        Raises:
            PlatformProblem: It does not start.
        """
        with self._lock:
            if self._running is not None and self._running.program.process.poll() is not None:
                self._running.let_go()
                self._running = None
            if self._running is None:
                self._running = _Running.begin(self._sandbox)
            return self._running.channel.fileno()

    def report(self) -> Mapping[str, Any]:
        """What there is to tell of its servers; empty where nobody can."""
        with self._lock:
            return {} if self._running is None else self._running.ask("report")

    def close(self, *, remove: bool) -> None:
        """End it and its servers.

        Args:
            remove: What those hold goes too; else a later process of the same sandbox goes on with it.
        """
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            running.ask("remove" if remove else "leave")
            running.let_go()


class _Running:
    """One process that runs."""

    def __init__(self, program: ChildProgram, channel: socket.socket) -> None:
        self.program, self.channel = program, channel
        self._lines = program.connection.makefile("r", encoding="utf-8")

    @classmethod
    def begin(cls, sandbox: Path) -> "_Running":
        """Start one and wait until it is ready.

        Raises:
            PlatformProblem: It does not start.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            program = start_program("wizard.platforms.sdk")
        except OSError as problem:
            raise PlatformProblem(f"Its process cannot be started: {problem.strerror}.") from problem
        program.connection.settimeout(_PATIENCE)
        running = cls(program, ours)
        with theirs, suppress(OSError):
            socket.send_fds(program.connection, [os.fsencode(sandbox) + b"\0" + WITH_SERVERS], [theirs.fileno()])
        answer = running.answer()
        if "ready" not in answer:
            running.let_go()
            raise PlatformProblem(str(answer.get("problem", "Its process ended at once.")))
        return running

    def ask(self, word: str) -> Mapping[str, Any]:
        """Its answer to a word; empty where it gives none."""
        with suppress(OSError):
            self.program.connection.sendall(json.dumps(word).encode() + b"\n")
        return self.answer()

    def answer(self) -> Mapping[str, Any]:
        with suppress(OSError, ValueError):
            answer = json.loads(self._lines.readline())
            if isinstance(answer, dict):
                return answer
        return {}

    def let_go(self) -> None:
        """Close our ends; it ends by itself once no command holds one either."""
        self._lines.close()
        self.channel.close()
        self.program.let_go()
