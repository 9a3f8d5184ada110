"""The folder of one session: how it is made, and what in it is refused when it is opened again."""

import errno
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Self, TypedDict

from wizard.errors import UplevelError, UsageProblem
from wizard.places.plain_file import read_all
from wizard.places.private import (
    cannot,
    check_file,
    check_folder,
    make_folder,
    open_folder,
    remove_file,
    sync_folder,
    write_new_file,
)
from wizard.record.journal.reader import no_session, read_head


_MOST_BYTES = 1 << 20
"""No file of a procedure is longer."""


class StoredFile(TypedDict):
    """One file of the procedure as record 0 lists it."""

    path: str
    sha256: str
    bytes: int


def manifest_hash(files: Iterable[Mapping[str, object]]) -> str:
    """The hash over a list of files: sha256 of the lines `<sha256>  <path>` of `sha256sum`, sorted by path.

    Args:
        files: Mappings with `path` and `sha256`.
    """
    lines = sorted((str(file["path"]), str(file["sha256"])) for file in files)
    text = "".join(f"{digest}  {path}\n" for path, digest in lines)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def inside(path: str) -> bool:
    """Whether a path of a manifest stays below the procedure's folder."""
    parts = PurePosixPath(path)
    return bool(path) and "\0" not in path and not parts.is_absolute() and ".." not in parts.parts


@dataclass(frozen=True, slots=True)
class SessionFolder:
    """The folder of one session and the names in it.

    Attributes:
        path: The folder; its name is the session's id.
    """

    path: Path

    @property
    def session_id(self) -> str:
        return self.path.name

    @property
    def journal(self) -> Path:
        return self.path / "journal.jsonl"

    @property
    def procedure(self) -> Path:
        return self.path / "procedure"

    @property
    def runs(self) -> Path:
        return self.path / "runs"

    @property
    def checks_output(self) -> Path:
        return self.path / "checks" / "output"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def evidence(self) -> Path:
        return self.path / "evidence"

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def holder(self) -> Path:
        return self.path / "holder.json"

    @property
    def reserve(self) -> Path:
        return self.path / "reserve"

    @classmethod
    def create(cls, sessions_dir: Path, session_id: str) -> Self:
        """Make the folder of a new session, or leave nothing behind.

        Args:
            sessions_dir: An existing folder of this user's.
            session_id: The new session's ULID.

        Raises:
            RecordProblem: It cannot be made (full disk, name taken, a folder nobody may trust).
        """
        os.close(open_folder(sessions_dir))
        folder = cls(sessions_dir / session_id)
        make_folder(folder.path)
        try:
            for part in folder._parts():
                make_folder(part)
        except UplevelError:
            folder.discard()
            raise
        return folder

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the folder of a session that is there, to go on with it.

        Raises:
            UsageProblem: There is no such folder, or no journal in it.
            RecordProblem: Something in it is a link, a FIFO, somebody else's, or writable by others.
        """
        folder = cls(path)
        if not os.path.lexists(path):
            raise no_session(path)
        os.close(open_folder(path))
        if not os.path.lexists(folder.journal):
            raise no_session(path)
        try:
            folder._check_members()
        except OSError as problem:
            raise cannot("look into", path, problem) from problem
        return folder

    def _parts(self) -> tuple[Path, ...]:
        return self.procedure, self.runs, self.checks_output.parent, self.checkpoints

    def _check_members(self) -> None:
        """Refuse whatever somebody else may have planted; sockets are expected in the runs only."""
        for file in (self.journal, self.lock, self.holder, self.reserve, self.checks_output):
            if os.path.lexists(file):
                check_file(file, os.lstat(file))
        for part in (*self._parts(), self.evidence):
            if os.path.lexists(part):
                check_folder(part, os.lstat(part))
                _check_below(part, sockets=part == self.runs)

    def run(self, number: int) -> Path:
        """The folder of run `number`, as `runs/0007`; it may not exist yet."""
        return self.runs / f"{number:04d}"

    def run_folder(self, number: int) -> Path:
        """Make the folder of run `number`; one that is there is checked and given back.

        Raises:
            RecordProblem: It cannot be made or trusted.
        """
        folder = self.run(number)
        if os.path.lexists(folder):
            os.close(open_folder(folder))
        else:
            make_folder(folder)
        return folder

    def store_procedure(self, files: Mapping[str, bytes]) -> list[StoredFile]:
        """Keep the exact files of the procedure.

        Args:
            files: Their bytes by path relative to the procedure's folder.

        Returns:
            What record 0 says of them: `files` as it is, `manifest` as `manifest_hash` of it.

        Raises:
            UsageProblem: A path leads out of the folder.
            RecordProblem: A file cannot be written; nothing of the session is left behind.
        """
        for path in files:
            if not inside(path):
                raise UsageProblem(f"The file {path} is not below the procedure's own folder.")
        try:
            for path, content in files.items():
                self._store(self.procedure / path, content)
        except UplevelError:
            self.discard()
            raise
        return [
            StoredFile(path=path, sha256=sha256(content).hexdigest(), bytes=len(content))
            for path, content in sorted(files.items())
        ]

    def stored(self, path: str) -> bytes:
        """The session's copy of a file of the procedure, by its path as record 0 has it.

        Raises:
            OSError: It leads out of the folder, or is no plain file of a procedure's size that can be read.
        """
        if not inside(path):
            raise OSError(errno.EINVAL, "It is not below the procedure's own folder", path)
        return read_all(self.procedure / path, _MOST_BYTES)

    def _store(self, target: Path, content: bytes) -> None:
        for above in reversed(target.relative_to(self.procedure).parents[:-1]):
            if not (self.procedure / above).is_dir():
                make_folder(self.procedure / above)
        write_new_file(target, content)
        sync_folder(target.parent)

    def store_checkpoint(self, count: int, text: bytes, signature: bytes) -> str:
        """Keep a signed head as `checkpoints/000042.head` and `.sig`, which `ssh-keygen -Y verify` reads as they stand.

        Args:
            count: How many records the head covers.
            text: The signed text.
            signature: The armoured signature.

        Returns:
            The signature's name below `checkpoints`, for the record that cites it.

        Raises:
            RecordProblem: It cannot be written.
        """
        name = f"{count:06d}.sig"
        for path, content in ((f"{count:06d}.head", text), (name, signature)):
            remove_file(self.checkpoints / path)
            write_new_file(self.checkpoints / path, content)
        sync_folder(self.checkpoints)
        return name

    def keep_evidence(self, content: bytes) -> None:
        """Keep a copy of a file that a person brought, as `evidence/SHA256`.

        Raises:
            RecordProblem: It cannot be written.
        """
        if not os.path.lexists(self.evidence):
            make_folder(self.evidence)
        path = self.evidence / sha256(content).hexdigest()
        if not os.path.lexists(path):
            write_new_file(path, content)
            sync_folder(self.evidence)

    def discard(self) -> None:
        """Remove a session that never began; one whose journal has a first record is left alone."""
        if read_head(self.journal) is None:
            with suppress(OSError):  # what cannot be removed is no session either
                self._remove()

    def _remove(self) -> None:
        for top, folders, files in os.walk(self.path, topdown=False):
            for name in files:
                Path(top, name).unlink(missing_ok=True)
            for name in folders:
                below = Path(top, name)
                below.unlink() if below.is_symlink() else below.rmdir()
        if self.path.is_dir():
            self.path.rmdir()


def _check_below(part: Path, *, sockets: bool) -> None:
    with os.scandir(part) as entries:
        for entry in entries:
            found = entry.stat(follow_symlinks=False)
            path = Path(entry.path)
            if stat.S_ISDIR(found.st_mode):
                check_folder(path, found)
                _check_below(path, sockets=sockets)
            elif not (sockets and stat.S_ISSOCK(found.st_mode)):
                check_file(path, found)
