"""The runner of pretend commands without processes: the same records, a hundred times faster, for tests of whole paths.

It plays commands on the sandbox's world and leaves in a run's folder what a supervisor would. What is no pretend
command, a program of the short list or uplevel itself, is a process, without the fence of the kernel.
"""

import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

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
from wizard.rehearsal import tools, tunnel_client
from wizard.rehearsal.invocation import ERR, OUT, TUNNEL_ENDED, Chunk, InvocationResult, Tunnel
from wizard.rehearsal.sandbox import Sandbox


_INTERRUPT = 2
_LOOK_AGAIN = 0.05
"""Seconds between two looks of a command that follows what happens."""


Really = Callable[[Order | CheckOrder], "subprocess.CompletedProcess[bytes]"]


class _Keyboard:
    """The lines typed at one command, and whether somebody stopped it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._text = ""
        self.stopped_by: str | None = None

    def type(self, data: bytes) -> None:
        with self._changed:
            self._text += data.decode("utf-8", "replace").replace("\r", "\n")
            self._changed.notify_all()

    def stop(self, who: str) -> None:
        with self._changed:
            self.stopped_by = who
            self._changed.notify_all()

    def lines(self) -> list[str]:
        """The whole lines typed so far."""
        return self._text.split("\n")[:-1]

    def wait_for_stop(self) -> None:
        """Wait until somebody stops the command."""
        with self._changed:
            self._changed.wait_for(lambda: self.stopped_by is not None)

    def wait_for_more_than(self, count: int) -> bool:
        """Wait for a further line.

        Returns:
            False when the command was stopped instead.
        """
        with self._changed:
            self._changed.wait_for(lambda: self.stopped_by is not None or len(self.lines()) > count)
        return self.stopped_by is None

    def wait_for_a_stop(self) -> bool:
        """Wait a moment, as a command does that follows what happens.

        Returns:
            False when it was stopped meanwhile.
        """
        with self._changed:
            self._changed.wait_for(lambda: self.stopped_by is not None, _LOOK_AGAIN)
        return self.stopped_by is None


class InProcessRunner:
    """Implements `Runner` on one sandbox.

    Args:
        sandbox: Whose world the commands act on.
        really: Runs what is no pretend command from its start to its end.
    """

    def __init__(self, sandbox: Sandbox, really: "Really | None" = None) -> None:
        self._sandbox = sandbox
        self._really = really or run_process
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="rehearsal")
        self._keyboards: dict[int, _Keyboard] = {}

    def start(self, order: Order, notify: Callable[[Notice], None]) -> None:
        """See `Runner`. Only pretend commands are started."""
        self._keyboards[order.run] = _Keyboard()
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
        words = _pretend(ask.argv)
        if words is None:
            done = self._really(ask)
            return CheckReply(exit=done.returncode, stdout=done.stdout, stderr=done.stderr)
        answer = self._sandbox.play(words, environment=ask.env, cwd=ask.cwd)
        if answer.way is not None:
            return self._behind(answer.way, ask)
        if answer.code is None:
            return CheckReply(problem=f"{' '.join(words)} does not end by itself.")
        return CheckReply(exit=answer.exit, stdout=answer.stdout.encode(), stderr=answer.stderr.encode())

    def _behind(self, way: Tunnel, ask: CheckOrder) -> CheckReply:
        """A check whose command runs behind a way of its own."""
        try:
            done = self._behind_way(way, ask)
        except tunnel_client.TunnelRefused as refused:
            return CheckReply(exit=1, stdout=b"", stderr=f"{refused}\n".encode())
        self._sandbox.play(_pretend(ask.argv) or [], environment=ask.env, cursor=f"{TUNNEL_ENDED}{done.returncode}")
        return CheckReply(exit=done.returncode, stdout=done.stdout, stderr=done.stderr)

    def _behind_way(self, way: Tunnel, order: Order | CheckOrder) -> "subprocess.CompletedProcess[bytes]":
        """The command of a way, run as long as that is open.

        Raises:
            RefusedNotice: The lab opens none.
        """
        line, port = tunnel_client.ask(self._sandbox.world().facts, way.request)
        with line:
            given = {name: value.replace("{port}", str(port)) for name, value in way.environment.items()}
            env = {**order.env, **given}
            program = self._sandbox.resolve(way.command[0])
            words = (str(program or way.command[0]), *way.command[1:])
            return self._really(replace(order, argv=words, env=env))

    def cancel_checks(self) -> None:
        """See `Runner`."""

    def close(self) -> None:
        """See `Runner`."""
        for keyboard in self._keyboards.values():
            keyboard.stop("the end of the rehearsal")
        self._pool.shutdown()

    def _run(self, order: Order, notify: Callable[[Notice], None]) -> None:
        words = _pretend(order.argv)
        folder = open_folder(order.folder)
        try:
            if not take_claim(folder, Claim.of_this_process()):
                notify(RefusedNotice(order.run, "The run was claimed by somebody else."))
            else:
                notify(self._played(order, words, folder, notify))
        finally:
            os.close(folder)
            self._keyboards.pop(order.run, None)

    def _played(
        self, order: Order, words: Sequence[str] | None, folder: int, notify: Callable[[Notice], None]
    ) -> EndedNotice:
        began = SystemClock().now()
        redactor = Redactor(order.secrets) if order.secrets else None
        recorder = OutputRecorder(folder)
        if redactor is not None:
            recorder.filter(redactor, redactor.beside())
        me, my_start = os.getpid(), process_start(os.getpid()) or 0
        write_started(folder, StartedRecord(me, my_start, me, my_start, began.rfc3339()))
        notify(RunStarted(run=order.run, pid=me, pid_start=my_start, supervisor=me, supervisor_start=my_start))
        answer = self._to_the_end(order, words, recorder)
        if order.private:
            recorder.take(f"[private output, {len(answer.stdout.encode())} bytes]\n".encode("ascii"))
        recorder.finish()
        report = _report(answer, began, recorder, self._keyboards[order.run].stopped_by)
        write_report(folder, report)
        return EndedNotice(order.run, report, answer.stdout if order.private else None)

    def _to_the_end(self, order: Order, words: Sequence[str] | None, recorder: OutputRecorder) -> InvocationResult:
        """Play the command, with more lines each time it waits for one."""
        if words is None:
            done = self._really(order)
            written = ((OUT, done.stdout), (ERR, done.stderr))
            pieces = [Chunk(stream, text.decode("utf-8", "replace"), 0) for stream, text in written]
            _take(recorder, order, pieces)
            return InvocationResult(pieces, done.returncode, self._sandbox.world(), 0)
        keyboard = self._keyboards[order.run]
        said, cursor = 0, ""
        while True:
            typed = keyboard.lines() if order.stdin is None else order.stdin.splitlines()
            closed = order.stdin is not None
            answer = self._sandbox.play(
                words, typed, environment=order.env, closed=closed, cwd=order.cwd, cursor=cursor
            )
            _take(recorder, order, answer.pieces[said:])
            if answer.way is not None:
                pieces, code = self._held(answer.way, order, keyboard)
                _take(recorder, order, pieces)
                if code is None:
                    return answer
                said, cursor = len(answer.pieces), f"{TUNNEL_ENDED}{code}"
                continue
            if answer.cursor is not None:
                cursor = answer.cursor
                if keyboard.wait_for_a_stop():
                    continue
                return answer
            said = len(answer.pieces)
            if order.alone is not None:  # what is watched goes on
                keyboard.wait_for_stop()
                return InvocationResult(answer.pieces, None, answer.world, answer.seconds)
            if answer.code is not None or not keyboard.wait_for_more_than(len(typed)):
                return answer

    def _held(self, way: Tunnel, order: Order, keyboard: _Keyboard) -> tuple[list[Chunk], int | None]:
        """Hold a way until its command has ended, somebody stops it, or it is cut.

        Returns:
            What was printed meanwhile, and the exit code; None where somebody stopped it.
        """
        try:
            if way.command:
                done = self._behind_way(way, order)
                texts = ((OUT, done.stdout), (ERR, done.stderr))
                return [Chunk(stream, text.decode("utf-8", "replace"), 0) for stream, text in texts], done.returncode
            line, port = tunnel_client.ask(self._sandbox.world().facts, way.request)
        except tunnel_client.TunnelRefused as refused:
            return [Chunk(ERR, f"{refused}\n", 0)], 1
        with line:
            line.setblocking(False)
            while keyboard.wait_for_a_stop():
                try:
                    if line.recv(1) == b"":
                        return [], 1
                except BlockingIOError:
                    continue
        return [Chunk(OUT, way.told.replace("{port}", str(port)), 0)], None


def _take(recorder: OutputRecorder, order: Order, pieces: Sequence[Chunk]) -> None:
    for piece in pieces:
        if piece.stream != OUT or not order.private:
            apart = order.stderr_apart and piece.stream == ERR
            recorder.take(piece.text.encode(), Stream.STDERR if apart else Stream.TERMINAL)


def _pretend(argv: Sequence[str]) -> list[str] | None:
    """The words of a pretend command, its bare name first; None for anything else."""
    name = Path(argv[0]).name
    return [name, *argv[1:]] if name in tools.TOOLS else None


def run_process(order: Order | CheckOrder) -> "subprocess.CompletedProcess[bytes]":
    """A process from its start to its end; nothing can be typed at it."""
    given = order.stdin.encode() if isinstance(order, Order) and order.stdin is not None else b""
    return subprocess.run(
        order.argv, env=dict(order.env), cwd=order.cwd, input=given, capture_output=True, timeout=30, check=False
    )


def _report(answer: InvocationResult, began: Instant, recorder: OutputRecorder, stopped_by: str | None) -> ExitReport:
    now = SystemClock().now()
    stopped = answer.code is None
    return ExitReport(
        exit=answer.code,
        signal=_INTERRUPT if stopped else None,
        started=began.rfc3339(),
        finished=now.rfc3339(),
        seconds=round(now.seconds_since(began), 6),
        length=recorder.length,
        sha256=recorder.sha256,
        stopped_by=stopped_by if stopped else None,
        stop_reason="operator" if stopped else None,
    )
