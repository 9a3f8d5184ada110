"""Redacted output to disk: append, hash, time, sync; and what to do when the disk says no."""

import hashlib
import time
from collections import deque
from typing import Protocol

from wizard.clock import boottime
from wizard.execution.supervisor.ring import LEAST, RETRY, OutputPiece, Ring
from wizard.execution.supervisor.timed_file import TimedFile
from wizard.record.recovery import Gap
from wizard.record.run_layout import Stream


PIECE = 64 * 1024
HEAD = 1 << 30
"""Bytes kept from the start of a run's output."""
RING = 64 << 20
"""Bytes kept of its end, once the head is full or the disk refuses."""

_LEAST_HEAD = 1 << 20
"""Bytes of the start that are kept however short the disk is."""
_LOOK = 4 << 20
"""Bytes between two looks at how much room the disk has, at most."""
_SYNC = 1.0
_LAST_TRIES = 4


class Filter(Protocol):
    """Takes secrets out of a stream of bytes."""

    def feed(self, data: bytes, /) -> bytes: ...

    def finish(self) -> bytes: ...


class OutputRecorder:
    """The files `output` and `timing` of one run. Nothing here ever blocks or fails the command.

    Args:
        folder: File descriptor of the run's folder; stays open as long as this is used.
        head: Bytes to keep from the start; fewer where the disk is short.
        ring: Bytes to keep of the end when not all can be kept; fewer where the disk is short.

    Attributes:
        gap: Where bytes are missing, or None.
        cut: Bytes that the disk refused of the very end, beside the gap.
        unsynced: Whether a sync failed, so that a power cut may have taken some of it.
    """

    def __init__(self, folder: int, *, head: int = HEAD, ring: int = RING) -> None:
        self.gap: Gap | None = None
        self.cut = 0
        self.unsynced = False
        self._folder = folder
        self._file = TimedFile(folder)
        self._filters: dict[Stream, Filter] = {}
        self._head = head
        self._look_at = _LEAST_HEAD
        self._ring = max(1, min(ring, max(LEAST, self._file.spare() // 4)))
        self._hash = hashlib.sha256()
        self._tail: Ring | None = None
        self._held: deque[OutputPiece] = deque()
        self._held_bytes = 0
        self._retry_at = 0.0
        self._dirty_since: float | None = None

    @property
    def length(self) -> int:
        """Bytes of `output` on disk."""
        return self._file.length

    @property
    def sha256(self) -> str:
        """Of the bytes of `output` on disk, in hex."""
        return self._hash.hexdigest()

    @property
    def trouble(self) -> str:
        """The system's words for why a write failed, or empty."""
        return self._file.trouble or (self._tail.trouble if self._tail is not None else "")

    def filter(self, terminal: Filter, stderr: Filter) -> None:
        """From now on take secrets out; each stream holds back ends of its own."""
        self._filters = {Stream.TERMINAL: terminal, Stream.STDERR: stderr}

    def take(self, data: bytes, stream: Stream = Stream.TERMINAL) -> None:
        """Record what the command wrote."""
        self._keep(self._filters[stream].feed(data) if self._filters else data, stream)

    def tick(self, now: float) -> None:
        """Sync once a second, and try again what failed.

        Args:
            now: By the monotonic clock.
        """
        if self._held and now >= self._retry_at:
            self._retry_at = now + RETRY
            self._write_held()
        if self._tail is not None:
            self._tail.tick(now)
        if self._dirty_since is not None and now - self._dirty_since >= _SYNC:
            self._sync()

    def finish(self) -> None:
        """Write what was held back, sync and close; what still cannot be written becomes part of the gap."""
        for stream, end in self._last_ends():
            self._keep(end, stream)
        for _ in range(_LAST_TRIES):
            self._write_held()
            if not self._held:
                break
            time.sleep(RETRY)
        while self._held:
            self._lose_oldest()
        if self._tail is not None:
            self._append(self._tail)
        self._sync()
        self._file.close()

    def _last_ends(self) -> list[tuple[Stream, bytes]]:
        """What the filters held back, each a possible beginning of a secret; side by side they may make one."""
        ends = [(stream, each.finish()) for stream, each in self._filters.items()]
        together = b"".join(end for _, end in ends)
        for stream, each in [*self._filters.items()][:1]:
            clean = each.feed(together) + each.finish()
            if clean != together:
                return [(stream, clean)]
        return ends

    def _append(self, tail: Ring) -> None:
        begin = self.length + (self.gap.lost if self.gap is not None else 0)
        at = self.length
        start, refused = tail.pour(self._insist)
        if start > begin:
            self._lose(at, start - begin)
        if refused and self.gap is None:
            self._lose(self.length, refused)
        elif refused:
            self.cut = refused

    def _insist(self, piece: OutputPiece) -> int:
        """Write a piece, with some patience."""
        written = self._write(piece)
        for _ in range(_LAST_TRIES):
            if written == len(piece.data):
                break
            time.sleep(RETRY)
            written += self._write(OutputPiece(piece.data[written:], piece.when, piece.stream))
        return written

    def _keep(self, data: bytes, stream: Stream) -> None:
        if not data:
            return
        piece = OutputPiece(data, boottime(), stream)
        kept = 0 if self._held else self._put(piece)
        if kept < len(data):
            self._held.append(OutputPiece(data[kept:], piece.when, stream))
            self._held_bytes += len(data) - kept
            while self._held_bytes > self._ring:
                self._lose_oldest()

    def _put(self, piece: OutputPiece) -> int:
        """Write a piece to `output`, or to the ring once that is full.

        Returns:
            How many of its bytes are kept there.
        """
        written = 0
        if self._tail is None:
            room = self._room()
            fits = piece if room >= len(piece.data) else OutputPiece(piece.data[:room], piece.when, piece.stream)
            written = self._write(fits)
            if self.length < self._head:
                return written
            begin = self.length + (self.gap.lost if self.gap is not None else 0)
            self._tail = Ring(self._folder, self._ring, begin, self._file.spare)
        if written < len(piece.data):
            self._tail.take(OutputPiece(piece.data[written:], piece.when, piece.stream))
        return len(piece.data)

    def _room(self) -> int:
        """Bytes that the head still takes. It ends early where the ring could not be written any more."""
        if self.length >= self._look_at:
            beyond = self._file.spare() - 2 * self._ring
            self._look_at = self.length + max(PIECE, min(_LOOK, beyond // 2))
            if beyond < PIECE:
                self._head = self.length
        return self._head - self.length

    def _lose_oldest(self) -> None:
        lost = len(self._held.popleft().data)
        self._held_bytes -= lost
        self._lose(self.length, lost)

    def _lose(self, at: int, lost: int) -> None:
        self.gap = Gap(at, lost) if self.gap is None else Gap(self.gap.at, self.gap.lost + lost)

    def _write_held(self) -> None:
        while self._held:
            piece = self._held.popleft()
            kept = self._put(piece)
            self._held_bytes -= kept
            if kept < len(piece.data):
                self._held.appendleft(OutputPiece(piece.data[kept:], piece.when, piece.stream))
                return

    def _write(self, piece: OutputPiece) -> int:
        """Append to `output`; tells how many bytes of the piece are in the file now."""
        if not piece.data:
            return 0
        written = self._file.write(piece.data, piece.when, piece.stream)
        if written < len(piece.data):
            self._retry_at = time.monotonic() + RETRY
        if written:
            self._hash.update(memoryview(piece.data)[:written])
            if self._dirty_since is None:
                self._dirty_since = time.monotonic()
        return written

    def _sync(self) -> None:
        self._dirty_since = None
        self.unsynced |= not self._file.sync()
