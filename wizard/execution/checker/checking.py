"""One check: start it through sh, read both streams, stop its whole tree in time."""

import os
import signal
import time
from dataclasses import replace
from selectors import EVENT_READ, DefaultSelector

from wizard.execution.checker.question import MOST_OUTPUT, CheckOrder, CheckReply
from wizard.execution.supervisor.child import Child
from wizard.execution.supervisor.processes import descendants, reap, send
from wizard.execution.supervisor.spawn import CannotStart, Ends, spawn
from wizard.execution.supervisor.streams import EventLoop, OutputPipe


_PLAIN = {"COLUMNS": "200", "PAGER": "cat", "NO_COLOR": "1", "CF_COLOR": "false", "TERM": "dumb"}
_LATE_OUTPUT = 0.5
_TICK = 0.2
_KILLS = 100
_BETWEEN_KILLS = 0.02


class Checking:
    """One command without a terminal, from start to end.

    Args:
        order: What to run.
        wizard: Descriptor the wizard writes to; anything that arrives, or its end, calls the check off.
    """

    def __init__(self, order: CheckOrder, wizard: int) -> None:
        self._order = replace(order, env=dict(order.env) | _PLAIN)
        self._streams = EventLoop(DefaultSelector())
        self._kept = (bytearray(), bytearray())
        self._sources: list[OutputPipe] = []
        self._wizard = wizard
        self._wake, self._woken_by = os.pipe()
        self._gone_at: float | None = None
        self._called_off = False

    def run(self) -> CheckReply:
        """The answer; nothing of the command is left running."""
        try:
            child = self._start()
        except CannotStart as problem:
            self._close()
            return CheckReply(problem=problem.sentence)
        self._streams.selector.register(self._wake, EVENT_READ, self._ended)
        self._streams.selector.register(self._wizard, EVENT_READ, self._call_off)
        deadline = time.monotonic() + self._order.timeout
        while not self._over() and time.monotonic() < deadline:
            self._streams.wait(min(_TICK, max(0.0, deadline - time.monotonic())))
        timed_out = self._gone_at is None and not self._called_off
        self._sweep(child)
        reply = self._reply(child, timed_out=timed_out)
        self._close()
        return reply

    def _start(self) -> Child:
        nothing = os.open(os.devnull, os.O_RDONLY)
        out, child_out = os.pipe()
        err, child_err = os.pipe()
        try:
            command = spawn(self._order, Ends(nothing, child_out, child_err), terminal=None)
        except CannotStart:
            os.close(out)
            os.close(err)
            raise
        finally:
            for file in (nothing, child_out, child_err):
                os.close(file)
        for file, kept in zip((out, err), self._kept, strict=True):
            os.set_blocking(file, False)
            self._sources.append(OutputPipe(file, Capped(kept).take))
            self._streams.read_from(self._sources[-1])
        return Child(command, self._woken_by)

    def _over(self) -> bool:
        if self._called_off:
            return True
        if self._gone_at is None:
            return False
        return all(source.ended for source in self._sources) or time.monotonic() >= self._gone_at + _LATE_OUTPUT

    def _ended(self) -> None:
        os.read(self._wake, 64)
        self._gone_at = time.monotonic()

    def _call_off(self) -> None:
        self._called_off = True
        self._streams.forget(self._wizard)

    def _sweep(self, child: Child) -> None:
        """Kill whatever is left of its tree, and take the statuses."""
        for _ in range(_KILLS):
            tree = descendants()
            if not tree and self._gone_at is not None:
                break
            send(tree, signal.SIGKILL)
            self._streams.wait(_BETWEEN_KILLS)
        reap(child.pid)

    def _reply(self, child: Child, *, timed_out: bool) -> CheckReply:
        outcome = child.outcome
        return CheckReply(
            exit=outcome.exit if outcome else None,
            signal=outcome.signal if outcome else None,
            stdout=bytes(self._kept[0]),
            stderr=bytes(self._kept[1]),
            timed_out=timed_out,
            problem="The check was called off." if self._called_off else None,
        )

    def _close(self) -> None:
        for source in self._sources:
            os.close(source.file)
        os.close(self._wake)
        os.close(self._woken_by)
        self._streams.selector.close()


class Capped:
    """Keeps the first mebibyte of a stream."""

    def __init__(self, kept: bytearray) -> None:
        self._kept = kept

    def take(self, piece: bytes) -> None:
        """Keep what there is room for."""
        self._kept += piece[: MOST_OUTPUT - len(self._kept)]
