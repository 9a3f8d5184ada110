"""The runner of pretend commands without processes of theirs: the same records, much faster, for tests of whole paths.

It speaks to the platform as `carrier` does, on a thread, and leaves in a run's folder what a supervisor would. What is
no pretend command, a program of the short list or uplevel itself, is a process, without the fence of the kernel.
"""

import asyncio
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from tests.played import done_here
from wizard.clock import Instant, SystemClock, process_start
from wizard.execution.redact import Redactor
from wizard.execution.runner import (
    CheckOrder,
    CheckReply,
    EndedNotice,
    LostNotice,
    Notice,
    Order,
    RefusedNotice,
)
from wizard.execution.supervisor.recorder import OutputRecorder
from wizard.places.private import open_folder
from wizard.platforms.sdk import carrier
from wizard.platforms.sdk.calls import Calls
from wizard.platforms.sdk.invocation import Ran, RunProgram, Save
from wizard.platforms.sdk.process import listen
from wizard.platforms.sdk.sandbox import Sandbox
from wizard.record.events import RunStarted
from wizard.record.recovery import (
    Claim,
    ExitReport,
    StartedRecord,
    read_report,
    take_claim,
    write_report,
    write_started,
)
from wizard.record.run_layout import Stream


_INTERRUPT = 2

Really = Callable[[Order | CheckOrder], "subprocess.CompletedProcess[bytes]"]


class Keyboard:
    """The lines typed at one command, and whether somebody stopped it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._text = ""
        self._taken = 0
        self.stopped_by: str | None = None
        self.line: socket.socket | None = None

    def type(self, data: bytes) -> None:
        with self._changed:
            self._text += data.decode("utf-8", "replace").replace("\r", "\n")
            self._changed.notify_all()

    def stop(self, who: str) -> None:
        with self._changed:
            self.stopped_by = who
            self._changed.notify_all()
            if self.line is not None:
                with suppress(OSError):
                    self.line.shutdown(socket.SHUT_RDWR)

    def hold(self, line: socket.socket) -> bool:
        """Cut a line when the command is stopped; whether it has not been already."""
        with self._changed:
            self.line = line
            return self.stopped_by is None

    def next_line(self) -> str | None:
        """The next line; None when the command was stopped instead."""
        with self._changed:
            self._changed.wait_for(lambda: self.stopped_by is not None or self._text.count("\n") > self._taken)
            if self.stopped_by is not None:
                return None
            self._taken += 1
            return self._text.split("\n")[self._taken - 1]


class Host:
    """Sees to it that calls on one sandbox are answered: by its platform's own process, else by a loop of this one.

    Args:
        sandbox: It.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._lab = sandbox.folder / "lab"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listener: socket.socket | None = None
        self._calls = Calls(sandbox.folder, sandbox.platform, sandbox.store, None)
        self._lock = threading.Lock()

    def answers(self) -> None:
        """See to it that somebody answers, a command in a script of a shell too."""
        self.line().close()

    def line(self) -> socket.socket:
        """A line for one call."""
        with self._lock, suppress(OSError):
            return self._connected()
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="answers calls", daemon=True).start()
            self._listener = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(30)
            return self._connected()

    async def _listen(self) -> "socket.socket | None":
        return listen(self._lab, self._calls)

    def _connected(self) -> socket.socket:
        line, folder = socket.socket(socket.AF_UNIX), os.open(self._lab, os.O_PATH)
        try:
            line.connect(f"/proc/self/fd/{folder}/{carrier.SOCKET}")
        except OSError:
            line.close()
            raise
        finally:
            os.close(folder)
        return line

    def close(self) -> None:
        """End the loop, once no call is open."""
        if self._loop is not None:
            asyncio.run_coroutine_threadsafe(self._calls.all_ended(), self._loop).result(30)
            if self._listener is not None:
                self._loop.call_soon_threadsafe(self._loop.remove_reader, self._listener)
            self._loop.call_soon_threadsafe(self._loop.stop)
            while self._loop.is_running():
                pass
            self._loop.close()
            if self._listener is not None:
                self._listener.close()


@dataclass(slots=True)
class Came:
    """What a command came to: its exit code, None where it was stopped, and what it said."""

    code: int | None
    out: bytes = b""
    err: bytes = b""


class InProcessRunner:
    """Implements `Runner` on one sandbox.

    Args:
        sandbox: Whose world the commands act on.
        really: Runs what is no pretend command from its start to its end.
    """

    processes = False

    def __init__(self, sandbox: Sandbox, really: "Really | None" = None) -> None:
        self._sandbox = sandbox
        self._host = Host(sandbox)
        self._really = really or run_process
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="rehearsal")
        self._keyboards: dict[int, Keyboard] = {}

    def start(self, order: Order, notify: Callable[[Notice], None]) -> None:
        """See `Runner`. Only pretend commands are started."""
        self._keyboards[order.run] = Keyboard()
        self._pool.submit(self._run, order, notify)

    def reattach(self, folder: Path, run: int, notify: Callable[[Notice], None]) -> None:
        """See `Runner`. Nothing outlives this process, so a run has ended or is lost."""
        opened = open_folder(folder)
        try:
            report = read_report(opened)
        finally:
            os.close(opened)
        notify(LostNotice(run) if report is None else EndedNotice(run, report))

    def connected(self, run: int) -> bool:
        """See `Runner`."""
        return run in self._keyboards

    def send_keys(self, run: int, data: bytes) -> None:
        """See `Runner`."""
        if run in self._keyboards:
            self._keyboards[run].type(data)

    def resize(self, run: int, columns: int, rows: int) -> None:
        """See `Runner`."""

    def stop(self, run: int, who: str) -> None:
        """See `Runner`. A command that is neither watched nor waits for a line has ended before it can be stopped."""
        if run in self._keyboards:
            self._keyboards[run].stop(who)

    def check(self, ask: CheckOrder) -> CheckReply:
        """See `Runner`."""
        if not self._pretend(ask):
            done = self._outside(ask)
            return CheckReply(exit=done.returncode, stdout=done.stdout, stderr=done.stderr)
        keyboard = Keyboard()
        timer = threading.Timer(ask.timeout, keyboard.stop, ["its time"])
        timer.start()
        came = Came(None)
        for stream, text in self._carried(ask, came, keyboard, iter(())):
            if stream == carrier.OUT:
                came.out += text
            else:
                came.err += text
        timer.cancel()
        return CheckReply(exit=came.code, stdout=came.out, stderr=came.err, timed_out=came.code is None)

    def cancel_checks(self) -> None:
        """See `Runner`."""

    def close(self) -> None:
        """See `Runner`."""
        for keyboard in list(self._keyboards.values()):
            keyboard.stop("the end of the rehearsal")
        self._pool.shutdown()
        self._host.close()

    def _pretend(self, order: Order | CheckOrder) -> bool:
        return Path(order.argv[0]).name in self._sandbox.platform.tools

    def _run(self, order: Order, notify: Callable[[Notice], None]) -> None:
        folder = open_folder(order.folder)
        try:
            if not take_claim(folder, Claim.of_this_process()):
                notify(RefusedNotice(order.run, "The run was claimed by somebody else."))
            else:
                notify(self._played(order, folder, notify))
        finally:
            os.close(folder)
            self._keyboards.pop(order.run, None)

    def _played(self, order: Order, folder: int, notify: Callable[[Notice], None]) -> EndedNotice:
        began = SystemClock().now()
        redactor = Redactor(order.secrets) if order.secrets else None
        recorder = OutputRecorder(folder)
        if redactor is not None:
            recorder.filter(redactor, redactor.beside())
        me, my_start = os.getpid(), process_start(os.getpid()) or 0
        write_started(folder, StartedRecord(me, my_start, me, my_start, began.rfc3339()))
        notify(RunStarted(run=order.run, pid=me, pid_start=my_start, supervisor=me, supervisor_start=my_start))
        keyboard = self._keyboards[order.run]
        came = self._to_the_end(order, keyboard, recorder)
        if order.private:
            recorder.take(f"[private output, {len(came.out)} bytes]\n".encode("ascii"))
        recorder.finish()
        report = _report(came.code, began, recorder, keyboard.stopped_by)
        write_report(folder, report)
        return EndedNotice(order.run, report, came.out.decode() if order.private else None)

    def _to_the_end(self, order: Order, keyboard: Keyboard, recorder: OutputRecorder) -> Came:
        came = Came(None)
        given = None if order.stdin is None else iter(order.stdin.splitlines())
        for stream, text in self._said(order, came, keyboard, given):
            if stream == carrier.OUT and order.private:
                came.out += text
            else:
                apart = order.stderr_apart and stream == carrier.ERR
                recorder.take(text, Stream.STDERR if apart else Stream.TERMINAL)
        if (
            came.code is not None
            and order.alone is not None
            and keyboard.stopped_by is None
            and not self._pretend(order)
        ):
            return came
        return came

    def _said(
        self, order: Order, came: Came, keyboard: Keyboard, given: Iterator[str] | None
    ) -> Iterator[tuple[int, bytes]]:
        if self._pretend(order):
            yield from self._carried(order, came, keyboard, given)
            return
        done = self._outside(order)
        came.code = done.returncode
        yield carrier.OUT, done.stdout
        yield carrier.ERR, done.stderr

    def _carried(
        self, order: Order | CheckOrder, came: Came, keyboard: Keyboard, given: Iterator[str] | None
    ) -> Iterator[tuple[int, bytes]]:
        """Carry a pretend command to its end, or until it is stopped; gives what it says."""
        with self._host.line() as line, suppress(OSError):
            if not keyboard.hold(line):
                return
            words = [os.fsencode(word) for word in (Path(order.argv[0]).name, order.cwd, *order.argv[1:])]
            variables = [os.fsencode(f"{name}={value}") for name, value in order.env.items()]
            carrier.send(line, carrier.CALL, b"\0".join([str(len(words)).encode(), *words, *variables]))
            while True:
                kind, data = carrier.receive(line)
                match kind:
                    case carrier.OUT | carrier.ERR:
                        yield kind, data
                    case carrier.ASK:
                        yield carrier.OUT, data
                        typed = keyboard.next_line() if given is None else next(given, None)
                        if typed is None and given is None:
                            return
                        carrier.send(line, kind, b"" if typed is None else os.fsencode(f"{typed}\n"))
                    case carrier.SAVE:
                        carrier.send(line, kind, str(_saved(data)).encode())
                    case carrier.CAPTURE:
                        carrier.send(line, kind, _captured(data))
                    case carrier.RUN:
                        done = self._really_behind(order, data)
                        yield carrier.OUT, done.stdout
                        yield carrier.ERR, done.stderr
                        carrier.send(line, kind, bytes([done.returncode]))
                    case carrier.END:
                        came.code = int(data)
                        return
                    case _:  # what takes its time on the screen takes none here
                        pass

    def _really_behind(self, order: Order | CheckOrder, data: bytes) -> "subprocess.CompletedProcess[bytes]":
        """The command behind a tunnel."""
        run = _program(data)
        words = (str(self._sandbox.resolve(run.words[0]) or run.words[0]), *run.words[1:])
        return self._outside(replace(order, argv=words, env=dict(run.environment)))

    def _outside(self, order: Order | CheckOrder) -> "subprocess.CompletedProcess[bytes]":
        self._host.answers()
        return self._really(order)


def _saved(data: bytes) -> int:
    folder, name, alone, text = data.split(b"\0", 3)
    reply = done_here(Save(Path(os.fsdecode(folder), os.fsdecode(name)), text.decode(), bool(alone)))
    assert isinstance(reply, int)
    return reply


def _captured(data: bytes) -> bytes:
    reply = done_here(_program(data))
    assert isinstance(reply, Ran)
    return bytes([reply.code]) + reply.said.encode()


def _program(data: bytes) -> RunProgram:
    count, cwd, *parts = (os.fsdecode(part) for part in data.split(b"\0"))
    words, variables = parts[: int(count)], parts[int(count) :]
    return RunProgram(words, Path(cwd), dict(variable.split("=", 1) for variable in variables))


def run_process(order: Order | CheckOrder) -> "subprocess.CompletedProcess[bytes]":
    """A process from its start to its end; nothing can be typed at it."""
    given = order.stdin.encode() if isinstance(order, Order) and order.stdin is not None else b""
    return subprocess.run(
        order.argv, env=dict(order.env), cwd=order.cwd, input=given, capture_output=True, timeout=30, check=False
    )


def _report(code: int | None, began: Instant, recorder: OutputRecorder, stopped_by: str | None) -> ExitReport:
    now = SystemClock().now()
    stopped = code is None
    return ExitReport(
        exit=code,
        signal=_INTERRUPT if stopped else None,
        started=began.rfc3339(),
        finished=now.rfc3339(),
        seconds=round(now.seconds_since(began), 6),
        length=recorder.length,
        sha256=recorder.sha256,
        stopped_by=stopped_by if stopped else None,
        stop_reason="operator" if stopped else None,
    )
