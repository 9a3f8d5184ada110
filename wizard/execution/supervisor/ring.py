"""The last bytes of an output that is too long to be kept, on disk while the disk takes them, else in memory."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path

from wizard.clock import boottime
from wizard.execution.supervisor.timed_file import TimedFile
from wizard.places.plain_file import open_plain
from wizard.record.output import OutputFile
from wizard.record.run_layout import OUTPUT, TIMING, Stream, Timing, segment_name


LEAST = 256 << 10
"""Bytes of the end that are kept however short the disk is."""
RETRY = 0.5
"""Seconds until a disk that refused is asked again."""
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class OutputPiece:
    """What was printed at once: the bytes, CLOCK_BOOTTIME in nanoseconds, the stream."""

    data: bytes
    when: int
    stream: Stream


Write = Callable[[OutputPiece], int]
"""Takes a piece; tells how many of its bytes were written."""


class Ring:
    """Keeps the end of a stream of bytes.

    On disk it is made of segments of half its size (`wizard.record.run_layout`), at most four of them for a moment.

    Args:
        folder: File descriptor of the run's folder; stays open as long as this is used.
        size: Bytes to keep.
        begin: Which byte of all that was printed comes first.
        spare: Tells how many bytes the disk still has for output.

    Attributes:
        trouble: The system's words for why the disk refused, or empty.
    """

    def __init__(self, folder: int, size: int, begin: int, spare: Callable[[], int]) -> None:
        self.trouble = ""
        self._folder = folder
        self._size = size
        self._each = max(1, size // 2)
        self._begin = self._end = begin
        self._spare = spare
        self._segments: deque[tuple[str, TimedFile]] = deque()
        self._held: deque[OutputPiece] = deque()
        self._held_bytes = 0
        self._retry_at = 0.0

    def take(self, piece: OutputPiece) -> None:
        """Keep a piece, and let go of what is too old now."""
        self._end += len(piece.data)
        self._held.append(piece)
        self._held_bytes += len(piece.data)
        self.tick(time.monotonic())
        self._trim()

    def tick(self, now: float) -> None:
        """Write what is held in memory, if the disk takes it by now."""
        if now < self._retry_at:
            return
        while self._held:
            file = self._room()
            if file is None or not self._write_some(file):
                self._retry_at = now + RETRY
                return

    def pour(self, write: Write) -> tuple[int, int]:
        """Hand over what is kept, oldest first; a segment goes when it was taken whole.

        Returns:
            Which byte of all that was printed was the first to be handed over, and how many of the last were refused.
            Segments with refused bytes in them stay where they are.
        """
        on_disk = self._end - self._begin - self._held_bytes
        most = min(self._size, max(LEAST, self._spare() + on_disk))
        start = at = max(self._begin, self._end - most)
        while self._segments:
            name, file = self._segments[0]
            for piece in self._pieces(name, file.length, at - self._begin):
                written = write(piece)
                at += written
                if written < len(piece.data):
                    return start, self._end - at
            self._drop()
        for piece in self._held:
            data = piece.data[max(0, at - self._begin) :]
            self._begin += len(piece.data)
            written = write(OutputPiece(data, piece.when, piece.stream)) if data else 0
            at += written
            if written < len(data):
                break
        return start, self._end - at

    def _room(self) -> TimedFile | None:
        """The segment that grows, a new one if that is full; None when the disk has no room for one."""
        if self._segments and self._segments[-1][1].length < self._each:
            return self._segments[-1][1]
        if self._spare() < self._each:
            self.trouble = "No space left for output"
            return None
        name = segment_name(self._end - self._held_bytes)
        try:
            os.mkdir(name, 0o700, dir_fd=self._folder)
            inside = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._folder)
            try:
                self._segments.append((name, TimedFile(inside)))
            finally:
                os.close(inside)
        except OSError as problem:
            self.trouble = os.strerror(problem.errno or 0)
            return None
        return self._segments[-1][1]

    def _write_some(self, file: TimedFile) -> bool:
        """Write the oldest held piece, or what of it fits into the segment; whether the disk took that."""
        piece = self._held.popleft()
        part = piece.data[: self._each - file.length]
        written = file.write(part, piece.when, piece.stream)
        self._held_bytes -= written
        if written < len(piece.data):
            self._held.appendleft(OutputPiece(piece.data[written:], piece.when, piece.stream))
        self.trouble = file.trouble or self.trouble
        return written == len(part)

    def _trim(self) -> None:
        while self._segments and self._end - self._begin - self._segments[0][1].length >= self._size:
            self._drop()
        while not self._segments and self._held_bytes > self._size:
            lost = len(self._held.popleft().data)
            self._held_bytes -= lost
            self._begin += lost

    def _drop(self) -> None:
        """Remove the oldest segment."""
        name, file = self._segments.popleft()
        self._begin += file.length
        file.close()
        with suppress(OSError):
            os.unlink(f"{name}/{OUTPUT}", dir_fd=self._folder)
            os.unlink(f"{name}/{TIMING}", dir_fd=self._folder)
            os.rmdir(name, dir_fd=self._folder)

    def _pieces(self, name: str, length: int, skip: int) -> Iterator[OutputPiece]:
        """The pieces of a segment, without its first bytes; none of one that somebody removed."""
        try:
            file = open_plain(f"{name}/{OUTPUT}", folder=self._folder)
        except OSError as problem:
            self.trouble = os.strerror(problem.errno or 0)
            return
        at = skip
        try:
            times = OutputFile(Path(f"/proc/self/fd/{self._folder}/{name}/{OUTPUT}")).pieces()
            for one, after in pairwise(chain([_edge(0)], times, [_edge(length)])):
                while at < after.offset:
                    data = os.pread(file, min(_READ, after.offset - at), at)
                    if not data:
                        return
                    at += len(data)
                    yield OutputPiece(data, one.boottime, Stream(one.stream))
        finally:
            os.close(file)


def _edge(offset: int) -> Timing:
    """What holds where the disk refused a time."""
    return Timing(offset, Stream.TERMINAL, boottime())
