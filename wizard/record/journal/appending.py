"""A file that only grows: whole pieces or nothing, and no trust in a disk that once said no."""

import errno
import os
from hashlib import sha256
from pathlib import Path

from wizard.errors import RecordProblem, UplevelError
from wizard.places.private import cannot, open_file, sync_folder


_MOST_BYTES = 1 << 30
_NOT_CONFIRMED = "the disk did not confirm what was written"
_IN_PART = "a piece was written in part and could not be taken back"
_CURES = dict.fromkeys((_NOT_CONFIRMED, _IN_PART), "See to the disk first; a resume reads the record from it again.")
"""What to do about a dead file. What another program did to it no disk can mend."""


class AppendFile:
    """An open file to which whole pieces are added.

    A piece that could only be written in part is taken back before anything else, because a later piece would be glued
    to it. After a failed sync nobody knows what is on the disk, so the file is dead: it takes nothing more. So is a
    file that another program changed: before each piece its size, its change time and its last piece are compared with
    what was left, and where only the change time differs (a backup, a chmod) all of it.

    Args:
        path: The file.
        flags: O_CREAT and O_EXCL as wanted.

    Raises:
        FileExistsError: O_EXCL was asked for and the name is taken.
        RecordProblem: It cannot be opened or trusted.
    """

    def __init__(self, path: Path, flags: int = 0) -> None:
        self.path = path
        self.dead = ""
        self._file = open_file(path, os.O_RDWR | os.O_APPEND | flags)
        self._last = b""
        self._note(self.read_from_disk())
        if flags & os.O_CREAT:
            try:
                sync_folder(path.parent)
            except UplevelError:
                self.close()
                raise

    def add(self, piece: bytes) -> None:
        """Write a piece at the end, whole or not at all; it is durable only after `sync`.

        Raises:
            RecordProblem: It could not be written; the file is as it was before, or dead.
        """
        self.require_alive()
        self._require_untouched()
        try:
            written = os.write(self._file, piece)
        except OSError as problem:
            self._take_back()
            raise cannot("write to", self.path, problem) from problem
        if written != len(piece):
            self._take_back()
            raise cannot("write to", self.path, OSError(errno.ENOSPC, ""))
        self.size += written
        self._hash.update(piece)
        self._last = piece
        self._changed = os.fstat(self._file).st_ctime_ns

    def sync(self) -> None:
        """Wait until everything that was added is on the disk.

        Raises:
            RecordProblem: The disk said no; the file is dead from now on.
        """
        self.require_alive()
        try:
            os.fdatasync(self._file)
        except OSError as problem:
            self.dead = _NOT_CONFIRMED
            raise cannot("sync", self.path, problem) from problem

    def require_alive(self) -> None:
        """See that the file still takes pieces.

        Raises:
            RecordProblem: It is closed, or died of a disk error.
        """
        if self.dead:
            raise RecordProblem(f"Nothing more is written to {self.path}: {self.dead}.", _CURES.get(self.dead, ""))

    def _require_untouched(self) -> None:
        found = os.fstat(self._file)
        if found.st_nlink == 0:
            self.dead = "it was deleted by another program"
        elif found.st_size != self.size:
            self.dead = f"another program changed it ({self.size} bytes expected, {found.st_size} found)"
        elif found.st_ctime_ns != self._changed or self._ends_otherwise():
            self.require_whole()
            self._changed = found.st_ctime_ns
        self.require_alive()

    def _ends_otherwise(self) -> bool:
        return os.pread(self._file, len(self._last), self.size - len(self._last)) != self._last

    def require_whole(self) -> None:
        """See that every byte of the file is as it was left.

        Raises:
            RecordProblem: It is not, or it cannot be read; the file is dead from now on.
        """
        self.require_alive()
        content = self.read_from_disk()
        if len(content) != self.size or sha256(content).digest() != self._hash.digest():
            self.dead = "another program changed what stands in it"
        self.require_alive()

    def _note(self, content: bytes) -> None:
        """From now on the file is expected to hold this."""
        self.size = len(content)
        self._hash = sha256(content)
        self._last = self._last if content.endswith(self._last) else b""
        self._changed = os.fstat(self._file).st_ctime_ns

    def expect(self, content: bytes) -> None:
        """See that the file holds this, which is what is known of it.

        Raises:
            RecordProblem: It does not; the file is dead from now on.
        """
        self.size, self._hash = len(content), sha256(content)
        self.require_whole()

    def _take_back(self) -> None:
        try:
            os.ftruncate(self._file, self.size)
            self._changed = os.fstat(self._file).st_ctime_ns
        except OSError:
            self.dead = _IN_PART

    def read_from_disk(self) -> bytes:
        """Everything in the file, read past the system's cache as far as the system lets us.

        Raises:
            RecordProblem: It cannot be read.
        """
        if os.fstat(self._file).st_size > _MOST_BYTES:
            raise cannot("read", self.path, OSError(errno.EFBIG, ""))
        try:
            os.posix_fadvise(self._file, 0, 0, os.POSIX_FADV_DONTNEED)
            pieces, offset = [], 0
            while piece := os.pread(self._file, 1 << 20, offset):
                pieces.append(piece)
                offset += len(piece)
        except OSError as problem:
            raise cannot("read", self.path, problem) from problem
        return b"".join(pieces)

    def start_over_from(self, size: int, rest: bytes) -> None:
        """Cut the file to what is known to be on the disk, write what must follow, sync, and take pieces again.

        Args:
            size: How many bytes are to stay.
            rest: What must follow them.

        Raises:
            RecordProblem: The disk said no; the file stays dead.
        """
        try:
            os.ftruncate(self._file, size)
            os.fdatasync(self._file)
        except OSError as problem:
            raise cannot("cut", self.path, problem) from problem
        self._note(self.read_from_disk())
        before, self.dead = self.dead, ""
        try:
            if rest:
                self.add(rest)
            self.sync()
        except RecordProblem:
            self.dead = self.dead or before
            raise

    def close(self) -> None:
        """Close the file; closing twice does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
            self.dead = self.dead or "it is closed"
