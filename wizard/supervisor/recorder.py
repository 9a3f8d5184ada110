"""Redacted output to disk: append, hash, time, sync; and what to do when the disk says no."""

import hashlib
import os
import time
from collections import deque
from contextlib import suppress
from typing import Protocol

from wizard.clock import boottime
from wizard.recovery import TIMING, Gap, Stream, pack_timing, whole_records


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
        head: Bytes to keep from the start.
        ring: Bytes to keep of the end when not all can be kept.

    Attributes:
        length: Bytes of `output` on disk.
        gap: Where bytes are missing, or None.
        trouble: The system's words for why a write failed, or empty.
        unsynced: Whether a sync failed, so that a power cut may have taken some of it.
    """

    def __init__(self, folder: int, redactor: Filter | None, *, head: int = HEAD, ring: int = RING) -> None:
        self.length = 0
        self.gap: Gap | None = None
        self.trouble = ""
        self.unsynced = False
        self._output = os.open("output", _APPEND, 0o600, dir_fd=folder)
        self._timing = os.open(TIMING, _APPEND, 0o600, dir_fd=folder)
        self._redactor = redactor
        self._head = head
        self._ring = ring
        self._hash = hashlib.sha256()
        self._held: deque[tuple[bytes, int]] = deque()
        self._held_bytes = 0
        self._full = False
        self._retry_at = 0.0
        self._dirty_since: float | None = None

    @property
    def sha256(self) -> str:
        """Of the bytes of `output` on disk, in hex."""
        return self._hash.hexdigest()

    def take(self, data: bytes) -> None:
        """Record what the command wrote."""
        self._keep(data if self._redactor is None else self._redactor.feed(data))

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
        if self._redactor is not None:
            self._keep(self._redactor.finish())
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

    def _keep(self, data: bytes) -> None:
        if not data:
            return
        now = boottime()
        if not self._held and not self._full:
            room = self._head - self.length
            written = self._write(data[:room] if room < len(data) else data, now)
            self._full = self.length >= self._head
            data = data[written:]
        if data:
            self._hold(data, now)

    def _hold(self, data: bytes, now: int) -> None:
        self._held.append((data, now))
        self._held_bytes += len(data)
        while self._held_bytes > self._ring:
            self._lose_oldest()

    def _lose_oldest(self) -> None:
        lost = len(self._held.popleft()[0])
        self._held_bytes -= lost
        self.gap = Gap(self.length, lost) if self.gap is None else Gap(self.gap.at, self.gap.lost + lost)

    def _write_held(self) -> None:
        while self._held:
            data, when = self._held.popleft()
            written = self._write(data, when)
            self._held_bytes -= written
            if written < len(data):
                self._held.appendleft((data[written:], when))
                return

    def _write(self, data: bytes, when: int) -> int:
        """Append to both files.

        Returns:
            How many bytes of `data` are in the file now.
        """
        begin = self.length
        rest = memoryview(data)
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
            self._note_time(begin, when)
            if self._dirty_since is None:
                self._dirty_since = time.monotonic()
        return written

    def _note_time(self, offset: int, when: int) -> None:
        """Where a piece begins and when it came."""
        record = pack_timing(offset, Stream.TERMINAL, when)
        with suppress(OSError):
            if os.write(self._timing, record) != len(record):
                size = os.fstat(self._timing).st_size
                os.ftruncate(self._timing, whole_records(size))

    def _sync(self) -> None:
        self._dirty_since = None
        for file in (self._output, self._timing):
            try:
                os.fdatasync(file)
            except OSError as problem:
                self.unsynced = True
                self.trouble = os.strerror(problem.errno or 0)
