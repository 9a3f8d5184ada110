"""The main loop of a supervisor: output in, keys out, stop when asked, and the report at the end."""

import os
import signal
import socket
import time
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from selectors import EVENT_READ, DefaultSelector
from typing import TYPE_CHECKING, Any

from sh import RunningCommand

from wizard.clock import Instant, process_start
from wizard.execution.sanitize import WholeScreen
from wizard.execution.supervisor.child import Child
from wizard.execution.supervisor.control_server import ControlServer
from wizard.execution.supervisor.full_screen import NOTHING_KEPT, wake_stopped
from wizard.execution.supervisor.link import decode_bytes, encode_bytes, send_terminal
from wizard.execution.supervisor.order import Order, let_go_of_target
from wizard.execution.supervisor.pipes import Pipes
from wizard.execution.supervisor.processes import reap
from wizard.execution.supervisor.recorder import OutputRecorder
from wizard.execution.supervisor.report import build_report, given_up, persist
from wizard.execution.supervisor.streams import EventLoop, InputPipe, OutputPipe, PrivateOutput
from wizard.execution.supervisor.terminal import Terminal
from wizard.execution.supervisor.termination import HANG_UP, Stopped, Termination
from wizard.faults import Point, reach
from wizard.record.recovery import ExitReport, StartedRecord, write_report, write_started
from wizard.record.run_layout import Stream


if TYPE_CHECKING:
    from wizard.execution.redact import Redactor


_TICK = 0.2
_STOPPING_TICK = 0.05
_REAP = 1.0
_LATE_OUTPUT = 2.0
"""Seconds that processes which outlive the command may go on printing into its record."""
_MOST_KEYS = 1 << 16


class RunLoop:
    """Owns a started command until its report is on disk."""

    def __init__(
        self,
        order: Order,
        folder: int,
        *,
        terminal: Terminal,
        recorder: OutputRecorder,
        redactor: "Redactor | None",
        pipes: Pipes,
    ) -> None:
        self.order = order
        self.recorder = recorder
        self.redactor = redactor
        self.hidden_input = False
        self.private = PrivateOutput() if order.private else None
        self._folder = folder
        self._terminal = terminal
        self._pipes = pipes
        self._hidden = False
        self._streams = EventLoop(DefaultSelector())
        self._keys = InputPipe(os.dup(terminal.master))
        self._whole_screen = WholeScreen()
        self._sources = [] if order.full else [OutputPipe(terminal.master, self._take, pipes.stderr)]
        if pipes.stderr is not None:
            errors = partial(recorder.take, stream=Stream.STDERR)
            self._sources.append(OutputPipe(pipes.stderr, errors, terminal.master))
        if self.private is not None and pipes.private is not None:
            self._sources.append(OutputPipe(pipes.private, self.private.take))
        self._wake, self._woken_by = os.pipe()
        self._gone_at: float | None = None
        self._reap_at = 0.0
        self._alone_since: float | None = None

    def begin(self, command: RunningCommand, connection: socket.socket, began: Instant) -> None:
        """Write down that the command was started, and tell the wizards."""
        self.began = began
        self.child = Child(command, self._woken_by)
        self.ladder = Termination(self.order.grace, self._terminal.foreground, self.child.pid)
        self._deadline = None if self.order.timeout is None else time.monotonic() + self.order.timeout
        here = os.getpid()
        started = StartedRecord(self.child.pid, self.child.start, here, process_start(here) or 0, began.rfc3339())
        with suppress(OSError):
            # A disk that is full by now must not end a command that runs; the claim alone says enough.
            write_started(self._folder, started)
        reach(Point.SUPERVISOR_STARTED_WRITTEN)
        signal.signal(signal.SIGTERM, lambda *_: os.write(self._woken_by, b"T"))
        self._connect_streams()
        if self.order.full:
            send_terminal(connection, self._terminal.master)
        self._board = ControlServer(self._streams, self._folder, connection, self._hear, self._unseen)
        self._board.tell({"news": "started", **asdict(started)})

    def until_the_end(self) -> None:
        """Record the command until it and its output have ended; returns when its report is on disk."""
        while not self._over():
            self._streams.wait(_STOPPING_TICK if self.ladder.climbing else _TICK)
            self._tick(time.monotonic())
        if self.order.full:
            self.recorder.take(NOTHING_KEPT)
        if self.private is not None:
            self.recorder.take(f"[private output, {self.private.length} bytes]\n".encode("ascii"))
        self.recorder.finish()
        report = self._report()
        reach(Point.SUPERVISOR_BEFORE_EXIT_FILE)
        refused = persist(lambda: write_report(self._folder, report))
        reach(Point.SUPERVISOR_EXIT_FILE_WRITTEN)
        let_go_of_target(self.order)
        whole = self.private.whole if self.private is not None else None
        ended = {"news": "ended", "private": None if whole is None else encode_bytes(whole)}
        self._board.close({"news": "given up", "why": given_up(report, refused)} if refused else ended)
        self._terminal.take_foreground_back()

    def _report(self) -> ExitReport:
        if self.child.outcome is None:
            raise AssertionError
        return build_report(
            order=self.order,
            began=self.began,
            outcome=self.child.outcome,
            stopped=self.ladder.stopped,
            recorder=self.recorder,
            redactor=self.redactor,
            private=self.private,
            hidden_input=self.hidden_input,
        )

    def _connect_streams(self) -> None:
        for source in self._sources:
            self._streams.read_from(source)
        self._streams.selector.register(self._wake, EVENT_READ, self._woken)
        if self._pipes.stdin is not None:
            text = (self.order.stdin or "").encode("utf-8", "surrogateescape")
            self._streams.write_to(InputPipe(self._pipes.stdin, close_when_empty=True), text)

    def _over(self) -> bool:
        if self._gone_at is None or self.ladder.climbing:
            return False
        return all(source.ended for source in self._sources) or time.monotonic() >= self._gone_at + _LATE_OUTPUT

    def _tick(self, now: float) -> None:
        if self._deadline is not None and now >= self._deadline and self._gone_at is None:
            self.ladder.begin(now, Stopped(None, "timeout"))
        if self._alone_for(now) and self._gone_at is None:
            self.ladder.begin(now, Stopped(None, "alone"))
        if self.ladder.climbing:
            self.ladder.advance(now, leader_gone=self._gone_at is not None)
        self.recorder.tick(now)
        self._board.tick()
        if self.order.full:
            wake_stopped(self._terminal.foreground())
        else:
            self._notice_hidden_input()
        if now >= self._reap_at:
            self._reap_at = now + _REAP
            reap(self.child.pid)

    def _alone_for(self, now: float) -> bool:
        """Whether no wizard has been connected for as long as the order allows."""
        if self._board.attended:
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = now
        since, most = self._alone_since, self.order.alone
        return since is not None and most is not None and now - since >= most

    def _woken(self) -> None:
        reasons = os.read(self._wake, 64)
        if b"T" in reasons:
            self.ladder.begin(time.monotonic(), Stopped(None, "signal"))
        if b"E" in reasons:
            reach(Point.SUPERVISOR_CHILD_ENDED)
            self._gone_at = time.monotonic()
            self._terminal.close_slave()

    def _take(self, data: bytes) -> None:
        """Record output, and notice when it takes the whole screen, which a pane cannot give."""
        self.recorder.take(data)
        if not self._whole_screen.seen and self._whole_screen.feed(data):
            self._board.tell({"news": "whole screen"})

    def _unseen(self) -> None:
        """The wizard is gone. A program that only it could show is hung up, and what it still writes is dropped."""
        if self.order.full and self._gone_at is None:
            self._streams.read_from(OutputPipe(self._terminal.master, lambda _data: None))
            self.ladder.begin(time.monotonic(), Stopped(None, HANG_UP))

    def _notice_hidden_input(self) -> None:
        hidden = self._gone_at is None and self._terminal.hides_input()
        if hidden != self._hidden:
            self._hidden = hidden
            self.hidden_input = True
            self._board.tell({"news": "hidden", "hidden": hidden})

    def _hear(self, message: dict[str, Any]) -> None:
        match message:
            case {"do": "keys", "data": data}:
                if len(self._keys.waiting) < _MOST_KEYS:
                    self._streams.write_to(self._keys, decode_bytes(data))
            case {"do": "resize", "columns": int(columns), "rows": int(rows)} if 0 < columns < 1 << 16 > rows > 0:
                self._terminal.resize(columns, rows)
            case {"do": "stop", "who": str(who)}:
                self.ladder.begin(time.monotonic(), Stopped(who, "operator"))
            case _:
                pass
