"""The folder of target locks: this user's own, or one that the users of a machine share."""

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from wizard.errors import RecordProblem, UplevelError, UsageProblem
from wizard.places import state_dir
from wizard.places.private import cannot, make_folder
from wizard.settings import GivenSetting, Setting


def _path(given: GivenSetting) -> Path | None:
    text = given.text()
    return Path(text) if text else None


LOCKS = Setting("locks", _path, None)
"""A folder that the users of this machine share, for the locks of targets; None for one's own."""

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_GUARD = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


@dataclass(frozen=True, slots=True)
class LocksFolder:
    """Where the locks of targets lie.

    Attributes:
        path: The folder.
        shared: Other users lock there too, so that what lies there may be theirs.
    """

    path: Path
    shared: bool

    def open(self) -> int:
        """A descriptor of the folder, which the caller closes.

        Raises:
            RecordProblem: It is not there, or whoever may write to it could take our locks away.
        """
        try:
            folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as problem:
            raise self._unusable(problem) from problem
        why, cure = self._wrong(os.fstat(folder))
        if why:
            os.close(folder)
            raise RecordProblem(f"uplevel does not keep locks in {self.path}: {why}.", cure)
        return folder

    def open_lock(self, name: str) -> int:
        """A descriptor of one lock's file, made when it is not there; the caller closes it.

        Raises:
            RecordProblem: It cannot be had, or something else was put in its place.
        """
        folder = self.open()
        try:
            file = self._open_below(folder, name)
        except OSError as problem:
            raise self._refused(folder, name, problem) from problem
        finally:
            os.close(folder)
        found = os.fstat(file)
        if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
            return file
        os.close(file)
        raise RecordProblem(
            f"{self.path / name} is no lock of uplevel: it is no plain file, or it has a second name elsewhere.",
            "Whoever put it there takes it away; then try again.",
        )

    def _open_below(self, folder: int, name: str) -> int:
        # Without O_CREAT first: the kernel refuses that on another user's file in a sticky folder (protected_regular).
        try:
            return os.open(name, os.O_RDWR | _GUARD, dir_fd=folder)
        except FileNotFoundError:
            pass
        mode = 0o666 if self.shared else 0o600
        try:
            file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | _GUARD, mode=mode, dir_fd=folder)
        except FileExistsError:  # another one made it just now
            return os.open(name, os.O_RDWR | _GUARD, dir_fd=folder)
        os.fchmod(file, mode)
        return file

    def _refused(self, folder: int, name: str, problem: OSError) -> UplevelError:
        path = self.path / name
        if problem.errno in {errno.ELOOP, errno.ENXIO, errno.EISDIR}:
            return RecordProblem(
                f"{path} is no lock of uplevel: it is a link, a folder, a FIFO or a socket.",
                "Whoever put it there takes it away; then try again.",
            )
        if problem.errno == errno.EACCES:
            try:
                owner = os.stat(name, dir_fd=folder, follow_symlinks=False).st_uid
            except OSError:
                return cannot("open", path, problem)
            return RecordProblem(
                f"{path} belongs to user {owner}, and nobody else may write to it, so uplevel cannot lock it.",
                "Whoever made it, or the machine's administrator, takes it away; then try again.",
            )
        return cannot("open", path, problem)

    def _wrong(self, found: os.stat_result) -> tuple[str, str]:
        if found.st_uid not in {0, os.geteuid()}:
            return f"it belongs to user {found.st_uid}, neither to root nor to you", ""
        if found.st_mode & _OTHERS_WRITE and not found.st_mode & stat.S_ISVTX:
            cure = f"chmod +t {self.path}" if self.shared else f"chmod go-w {self.path}"
            return "others may write to it and take away what is not theirs (it is not sticky)", cure
        return "", ""

    def _unusable(self, problem: OSError) -> UplevelError:
        if problem.errno in {errno.ELOOP, errno.ENOTDIR}:
            return RecordProblem(f"uplevel does not keep locks in {self.path}: it is a link or no folder.")
        if problem.errno == errno.ENOENT:
            return RecordProblem(
                f"There is no folder {self.path} for the locks of targets.",
                f"Whoever looks after this machine makes it: install -d -m 1777 {self.path}",
            )
        return cannot("open the folder", self.path, problem)


def locks_folder(shared: Path | None) -> LocksFolder:
    """The folder of target locks.

    Args:
        shared: The one that the settings name; None for this user's own, which is made where it is missing.

    Raises:
        UsageProblem: The path in the settings is relative.
        RecordProblem: The own folder cannot be made.
    """
    if shared is None:
        own = state_dir() / "locks"
        make_folder(own, exist_ok=True)
        return LocksFolder(own, shared=False)
    if not shared.is_absolute():
        raise UsageProblem(f"The folder of locks in the settings is not a whole path: {shared}.", "Begin it with /.")
    return LocksFolder(shared, shared=True)
