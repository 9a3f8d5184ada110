"""Bytes to and from the command, none of which ever block the supervisor."""

import os
import select
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector

from wizard.execution.supervisor.recorder import PIECE


_COALESCE = 0.004
"""Seconds to wait for more after the first bytes: a terminal hands over 4 KiB at a time, and small pieces cost."""
_MOST_PRIVATE = 1 << 20


class OutputPipe:
    """A descriptor the command writes to.

    Args:
        file: Non-blocking descriptor; closed by `close`.
        take: Gets each piece.
        beside: Another stream of the same command: a piece ends where that one speaks, so that the order is kept.
    """

    def __init__(self, file: int, take: Callable[[bytes], None], beside: int | None = None) -> None:
        self.file = file
        self.ended = False
        self._take = take
        self._poll = select.poll()
        self._poll.register(file, select.POLLIN)
        if beside is not None:
            self._poll.register(beside, select.POLLIN)

    def read(self) -> None:
        """Pass on what is there, up to one piece; notices the end."""
        piece = bytearray()
        deadline = 0.0
        while len(piece) < PIECE:
            try:
                part = os.read(self.file, PIECE)
            except BlockingIOError:
                now = time.monotonic()
                deadline = deadline or now + _COALESCE
                if not piece or now >= deadline or not self._more((deadline - now) * 1000):
                    break
                continue
            except OSError:
                part = b""  # a terminal nobody holds any more answers EIO
            if not part:
                self.ended = True
                break
            piece += part
        if piece:
            self._take(bytes(piece))

    def _more(self, milliseconds: float) -> bool:
        """Wait for more; whether it comes, and nothing came on the stream beside."""
        ready = self._poll.poll(milliseconds)
        for file, event in ready:
            if file != self.file:
                if event & select.POLLIN:
                    return False
                self._poll.unregister(file)  # it has ended
        return bool(ready)


class InputPipe:
    """A descriptor the command reads from; what it does not take at once waits here.

    Args:
        file: Non-blocking descriptor, used for nothing else.
        close_when_empty: Close it once everything was taken, as an end of file.
    """

    def __init__(self, file: int, *, close_when_empty: bool = False) -> None:
        self.file = file
        self.waiting = bytearray()
        self.closed = False
        self._close_when_empty = close_when_empty

    def write(self) -> bool:
        """Hand over what is taken now; tells whether nothing waits any more."""
        try:
            while self.waiting:
                del self.waiting[: os.write(self.file, self.waiting)]
        except BlockingIOError:
            return False
        except OSError:
            self.waiting.clear()
        return True

    def finish(self) -> None:
        """Close it if it is meant to end."""
        if self._close_when_empty and not self.closed:
            self.closed = True
            os.close(self.file)


class PrivateOutput:
    """Standard output that is kept in memory for the wizard and never written down."""

    def __init__(self) -> None:
        self.length = 0
        self._kept = bytearray()

    def take(self, data: bytes) -> None:
        self.length += len(data)
        self._kept += data[: _MOST_PRIVATE - len(self._kept)]

    @property
    def whole(self) -> bytes | None:
        """All of it, or None when it was more than 1 MiB: half a secret is none."""
        return bytes(self._kept) if self.length == len(self._kept) else None


class EventLoop:
    """What the main loop waits for, each with what to do then."""

    def __init__(self, selector: BaseSelector) -> None:
        self.selector = selector

    def wait(self, seconds: float) -> None:
        """Wait for at most so long and do what became due."""
        for key, _events in self.selector.select(seconds):
            key.data()

    def read_from(self, source: OutputPipe) -> None:
        """Watch a source until it ends."""

        def ready() -> None:
            source.read()
            if source.ended:
                self.forget(source.file)

        self.selector.register(source.file, EVENT_READ, ready)

    def write_to(self, sink: InputPipe, data: bytes) -> None:
        """Give the command bytes to read, now or when it takes them."""
        if sink.closed:
            return
        sink.waiting += data
        if sink.write():
            sink.finish()
        elif sink.file not in self.selector.get_map():
            self.selector.register(sink.file, EVENT_WRITE, partial(self._write_more, sink))

    def _write_more(self, sink: InputPipe) -> None:
        if sink.write():
            self.forget(sink.file)
            sink.finish()

    def forget(self, file: int) -> None:
        """Stop watching."""
        with suppress(KeyError, ValueError):
            self.selector.unregister(file)
