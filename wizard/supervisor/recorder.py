"""Redacted output to disk: append, hash, time, sync; and what to do when the disk says no."""

import hashlib
import os
import time
from collections import deque
from contextlib import suppress
from typing import Protocol

from wizard.clock import boottime
from wizard.recovery import TIMING, Gap, Stream, pack_timing


PIECE = 64 * 1024
HEAD = 1 << 30
"""Bytes kept from the start of a run's output."""
RING = 64 << 20
"""Bytes kept of its end, in memory, once the head is full or the disk refuses."""

_RETRY = 0.5
_SYNC = 1.0
_LAST_TRIES = 4
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC


class Filter(Protocol):
    """Takes secrets out of a stream of bytes."""

    def feed(self, data: bytes, /) -> bytes: ...

    def finish(self) -> bytes: ...


class Recorder:
    """The files `output` and `timing` of one run. Nothing here ever blocks or fails the command.

    Args:
        folder: File descriptor of the run's folder.
        redactor: What takes the secrets out, or None when there are none.
        stderr: The same for a standard error that is kept apart: each stream holds back ends of its own.
        head: Bytes to keep from the start.
        ring: Bytes to keep of the end when not all can be kept.

    Attributes:
        length: Bytes of `output` on disk.
        gap: Where bytes are missing, or None.
        trouble: The system's words for why a write failed, or empty.
        unsynced: Whether a sync failed, so that a power cut may have taken some of it.
    """

    def __init__(
        self,
        folder: int,
        redactor: Filter | None,
        *,
        stderr: Filter | None = None,
        head: int = HEAD,
        ring: int = RING,
    ) -> None:
        self.length = 0
        self.gap: Gap | None = None
        self.trouble = ""
        self.unsynced = False
        self._output = os.open("output", _APPEND, 0o600, dir_fd=folder)
        self._timing = os.open(TIMING, _APPEND, 0o600, dir_fd=folder)
        self._redactors = {Stream.TERMINAL: redactor, Stream.STDERR: stderr or redactor}
        self._head = head
        self._ring = ring
        self._hash = hashlib.sha256()
        self._held: deque[tuple[bytes, int, Stream]] = deque()
        self._held_bytes = 0
        self._full = False
        self._timed = 0
        self._retry_at = 0.0
        self._dirty_since: float | None = None

    @property
    def sha256(self) -> str:
        """Of the bytes of `output` on disk, in hex."""
        return self._hash.hexdigest()

    def take(self, data: bytes, stream: Stream = Stream.TERMINAL) -> None:
        """Record what the command wrote."""
        redactor = self._redactors[stream]
        self._keep(data if redactor is None else redactor.feed(data), stream)

    def tick(self, now: float) -> None:
        """Sync once a second, and try again what failed.

        Args:
            now: By the monotonic clock.
        """
        if self._held and not self._full and now >= self._retry_at:
            self._retry_at = now + _RETRY
            self._write_held()
        if self._dirty_since is not None and now - self._dirty_since >= _SYNC:
            self._sync()

    def finish(self) -> None:
        """Write what was held back, sync and close; what still cannot be written becomes part of the gap."""
        for stream, redactor in self._redactors.items():
            if redactor is not None:
                self._keep(redactor.finish(), stream)
        self._full = False
        for _ in range(_LAST_TRIES):
            self._write_held()
            if not self._held:
                break
            time.sleep(_RETRY)
        while self._held:
            self._lose_oldest()
        self._sync()
        os.close(self._output)
        os.close(self._timing)

    def _keep(self, data: bytes, stream: Stream) -> None:
        if not data:
            return
        now = boottime()
        if not self._held and not self._full:
            room = self._head - self.length
            written = self._write(data[:room] if room < len(data) else data, now, stream)
            self._full = self.length >= self._head
            data = data[written:]
        if data:
            self._hold(data, now, stream)

    def _hold(self, data: bytes, now: int, stream: Stream) -> None:
        self._held.append((data, now, stream))
        self._held_bytes += len(data)
        while self._held_bytes > self._ring:
            self._lose_oldest()

    def _lose_oldest(self) -> None:
        lost = len(self._held.popleft()[0])
        self._held_bytes -= lost
        self.gap = Gap(self.length, lost) if self.gap is None else Gap(self.gap.at, self.gap.lost + lost)

    def _write_held(self) -> None:
        while self._held:
            data, when, stream = self._held.popleft()
            written = self._write(data, when, stream)
            self._held_bytes -= written
            if written < len(data):
                self._held.appendleft((data[written:], when, stream))
                return

    def _write(self, data: bytes, when: int, stream: Stream) -> int:
        """Append to both files, the timing first: whoever sees bytes of `output` knows their stream.

        Returns:
            How many bytes of `data` are in the file now.
        """
        rest = memoryview(data)
        timed = self._timed
        self._note_time(when, stream)
        try:
            while rest:
                rest = rest[os.write(self._output, rest) :]
        except OSError as problem:
            self.trouble = os.strerror(problem.errno or 0)
            self._retry_at = time.monotonic() + _RETRY
        written = len(data) - len(rest)
        if written:
            self.length += written
            self._hash.update(memoryview(data)[:written])
            if self._dirty_since is None:
                self._dirty_since = time.monotonic()
        else:
            self._forget_time(timed)
        return written

    def _note_time(self, when: int, stream: Stream) -> None:
        """The record of the piece that comes next."""
        record = pack_timing(self.length, stream, when)
        with suppress(OSError):
            if os.write(self._timing, record) == len(record):
                self._timed += len(record)
            else:
                os.ftruncate(self._timing, self._timed)

    def _forget_time(self, before: int) -> None:
        """Take the last record back: nothing of its piece was written."""
        with suppress(OSError):
            os.ftruncate(self._timing, before)
        self._timed = before

    def _sync(self) -> None:
        self._dirty_since = None
        for file in (self._output, self._timing):
            try:
                os.fdatasync(file)
            except OSError as problem:
                self.unsynced = True
                self.trouble = os.strerror(problem.errno or 0)
