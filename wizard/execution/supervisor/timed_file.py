"""A file of output and the times of its pieces beside it. What the disk refuses is told, not raised."""

import os
import sys
from contextlib import suppress

from wizard.places.plain_file import open_plain
from wizard.record.run_layout import OUTPUT, TIMING, Stream, pack_timing


SPARED = 64 << 20
"""Bytes that output leaves free for the journal and the outcome; on a small file system a quarter of it."""
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND


class TimedFile:
    """`output` and `timing` of a folder, appended to.

    Args:
        folder: File descriptor of the folder; not kept.

    Attributes:
        length: Bytes of `output`.
        trouble: The system's words for why a write or a sync failed last, or empty.

    Raises:
        OSError: They cannot be made; what is there already is nobody's output and is not written over.
    """

    def __init__(self, folder: int) -> None:
        self.length = 0
        self.trouble = ""
        self._timed = 0
        self._output = open_plain(OUTPUT, _APPEND, folder=folder)
        try:
            self._timing = open_plain(TIMING, _APPEND, folder=folder)
        except OSError:
            os.close(self._output)
            raise

    def write(self, data: bytes | memoryview, when: int, stream: Stream) -> int:
        """Append to both, the timing first: whoever sees bytes of `output` knows their stream.

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
        written = len(data) - len(rest)
        self.length += written
        if not written:
            self._forget_time(timed)
        return written

    def sync(self) -> bool:
        """Have both on the disk; tells whether the disk says so."""
        try:
            os.fdatasync(self._output)
            os.fdatasync(self._timing)
        except OSError as problem:
            self.trouble = os.strerror(problem.errno or 0)
            return False
        return True

    def spare(self) -> int:
        """Bytes that output may still take on this file system; the rest is for the journal. Below 0: too few."""
        with suppress(OSError):
            system = os.fstatvfs(self._output)
            if system.f_blocks:
                spared = min(SPARED, system.f_blocks * system.f_frsize // 4)
                return system.f_bavail * system.f_frsize - spared
        return sys.maxsize  # a file system that does not tell

    def close(self) -> None:
        """Let go of both."""
        os.close(self._output)
        os.close(self._timing)

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
