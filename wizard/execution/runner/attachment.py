"""One run as a wizard follows it: a thread that listens, and a way to speak to its supervisor."""

import os
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from wizard.errors import RecordProblem
from wizard.execution.runner.protocol import (
    EndedNotice,
    LostNotice,
    Notice,
    RefusedNotice,
    ScreenGivenNotice,
)
from wizard.execution.supervisor.link import JsonLines, connect, decode_bytes, encode, receive, send_order
from wizard.execution.supervisor.processes import has_ended
from wizard.places.private import open_folder
from wizard.record.events import InputHidden, RunStarted, ScreenWanted
from wizard.record.recovery import Claim, ExitReport, read_claim, read_report


_TAKES = 20.0
"""Seconds a supervisor may take to read an order that does not fit into the line."""
_LOOK_AGAIN = 1.0
"""Seconds to wait for the end of a supervisor that cannot be spoken to, before another look at it."""


class Attachment:
    """Follows one run to its end and tells `notify`.

    Args:
        run: Number of the run.
        folder: The run's folder.
        notify: Gets each notice, on this attachment's thread.
    """

    def __init__(self, run: int, folder: Path, notify: Callable[[Notice], None]) -> None:
        self.run = run
        self._folder = folder
        self._notify = notify
        self._connection: socket.socket | None = None
        self._sending = threading.Lock()
        self._left = False
        self._told_start = False
        self._terminals: list[int] = []
        self._given_up = ""

    def launch(self, supervisor: socket.socket, order: bytes, files: Sequence[int] = ()) -> None:
        """Hand an order to a supervisor that waits for one, with the descriptors it names, and follow it."""
        self._connection = supervisor
        supervisor.settimeout(_TAKES)
        try:
            send_order(supervisor, order, files)
        except OSError:
            with suppress(OSError):
                supervisor.shutdown(socket.SHUT_RDWR)  # a part of an order is none
        supervisor.settimeout(None)
        self._in_thread(self._follow)

    def attach(self) -> None:
        """Follow a supervisor that another wizard started; it can be spoken to when this returns."""
        self._connect()
        self._in_thread(self._follow)

    @property
    def connected(self) -> bool:
        """Whether there is a line to the supervisor."""
        return self._connection is not None

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message to the supervisor; nothing happens when it is gone."""
        connection = self._connection
        if connection is not None:
            with suppress(OSError), self._sending:
                connection.sendall(encode(message))

    def leave(self) -> None:
        """Stop following; the run goes on."""
        self._left = True
        connection = self._connection
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _in_thread(self, work: Callable[[], None]) -> None:
        def follow() -> None:
            concluded = False
            try:
                work()
                concluded = True
            finally:
                if not concluded:  # a fault of ours must not leave the wizard waiting for ever
                    self._notify(LostNotice(self.run))

        threading.Thread(target=follow, name=f"follows run {self.run}", daemon=True).start()

    def _follow(self) -> None:
        """The line may be cut while the supervisor lives; only its end, or its word, is an end."""
        lives = True
        while lives:
            if self._listen_to_the_end() or self._left:
                return
            self._connect()
            claim = self._read(read_claim)
            lives = (
                isinstance(claim, Claim) and claim.holder_lives() and not has_ended(claim.pid, claim.start, _LOOK_AGAIN)
            )
        if not self._left:
            self._conclude(None)

    def _connect(self) -> bool:
        """Connect to the run's `control`; tells whether somebody listens there."""
        try:
            folder = open_folder(self._folder)
        except RecordProblem:
            return False
        self._connection = connect(folder)
        os.close(folder)
        return self._connection is not None

    def _listen_to_the_end(self) -> bool:
        """Listen until the line ends; tells whether the end of the run was told."""
        connection = self._connection
        if connection is None:
            return False
        with connection:
            told = self._listen(connection)
        self._connection = None
        return told

    def _listen(self, connection: socket.socket) -> bool:
        """Pass on the news until the run or the line ends; tells whether the run did."""
        lines = JsonLines()
        with suppress(OSError):
            while data := self._receive(connection):
                for message in lines.feed(data):
                    if self._hear(message):
                        return True
        return False

    def _receive(self, connection: socket.socket) -> bytes:
        """The next bytes; a terminal that comes with them is kept for the news that it was sent with."""
        data, files = receive(connection)
        self._terminals += files
        return data

    def _hear(self, message: dict[str, Any]) -> bool:
        match message:
            case {"news": "started", "pid": pid, "pid_start": start, "supervisor": above, "supervisor_start": since}:
                if not self._told_start:
                    self._told_start = True
                    self._notify(
                        RunStarted(run=self.run, pid=pid, pid_start=start, supervisor=above, supervisor_start=since)
                    )
            case {"news": "screen"} if self._terminals:
                self._notify(ScreenGivenNotice(self.run, self._terminals.pop()))
            case {"news": "whole screen"}:
                self._notify(ScreenWanted(run=self.run))
            case {"news": "hidden", "hidden": bool(hidden)}:
                self._notify(InputHidden(run=self.run, hidden=hidden))
            case {"news": "given up", "why": str(why)}:
                self._given_up = why
            case {"news": "refused", "why": str(why)}:
                self._notify(RefusedNotice(self.run, why))
                return True
            case {"news": "ended", "private": private}:
                self._conclude(None if private is None else decode_bytes(private).decode("utf-8", "replace"))
                return True
            case _:
                pass
        return False

    def _conclude(self, private: str | None) -> None:
        """The last notice, from what lies in the folder."""
        report = self._read(read_report)
        if isinstance(report, ExitReport):
            if report.never_started:
                self._notify(RefusedNotice(self.run, report.problem or "The command could not be started.", report))
            else:
                self._notify(EndedNotice(self.run, report, private))
        else:
            self._notify(LostNotice(self.run, self._given_up))

    def _read(self, read: Callable[[int], object]) -> object:
        try:
            folder = open_folder(self._folder)
        except RecordProblem:
            return None
        try:
            return read(folder)
        except ValueError:
            return None
        finally:
            os.close(folder)
