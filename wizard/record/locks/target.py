"""The lock of one target: held by a session's wizard, and by the supervisors of its commands, across users.

It is a lock of an open file description (F_OFD_SETLK), because that is what a supervisor can inherit: it is free when
the last process that has the description is gone. It is taken for writing, which proves that nobody else has it, and
then kept for reading, so that a wizard that takes its session up again can hold it beside a supervisor of the same
session. Turning one into the other is one step of the kernel's; a `flock` would be given up in between.
"""

import fcntl
import hashlib
import json
import os
import re
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self

from wizard.clock import boot_id
from wizard.errors import RecordProblem, UplevelError
from wizard.record.locks.folder import LocksFolder
from wizard.record.locks.holder import Holder, plain


Left = Literal["", "paused", "handed over"]
_SIZE = 4096
"""Bytes of what a lock's file says, always written as one piece."""
_LONGEST = 200
_SESSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,39}")
_PATIENCE = 0.5
"""Seconds in which a supervisor that has just ended its command goes."""


@dataclass(frozen=True, slots=True)
class TargetHolder:
    """What the file of a target's lock says of who holds it, or left a session unfinished there.

    Attributes:
        holder: The wizard's process.
        uid: Its user.
        session: The session's id.
        procedure: The procedure's title.
        step: The step it is at, as people read it.
        target: The target, as people read it.
        left: How it was left; empty while it is open (or its wizard was killed).
    """

    holder: Holder
    uid: int
    session: str
    procedure: str
    step: str
    target: str
    left: Left = ""

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Self:
        """The holder that a JSON object names.

        Raises:
            ValueError, KeyError, TypeError, ArithmeticError: It names none.
        """
        left: Left = "paused" if found["left"] == "paused" else "handed over" if found["left"] else ""
        words = {name: plain(found[name])[:_LONGEST] for name in ("session", "procedure", "step", "target")}
        if not _SESSION.fullmatch(words["session"]):  # it becomes part of a path
            raise ValueError("no session has such a name")
        return cls(Holder.read(found["holder"]), int(found["uid"]), **words, left=left)

    @property
    def ours(self) -> bool:
        """Whether it is a session of this user."""
        return self.uid == os.getuid()

    @property
    def here(self) -> bool:
        """Whether it was on this machine, since it was started last."""
        return self.holder.boot_id == boot_id()

    @property
    def lives_here(self) -> bool:
        """Whether its wizard is there."""
        return self.holder.lives_here


class TargetTaken(Exception):
    """Somebody else holds the target.

    Args:
        holder: Who, or None where its file does not say.
    """

    def __init__(self, holder: TargetHolder | None) -> None:
        super().__init__("the target is taken")
        self.holder = holder


class TargetLock:
    """A target that is held. It ends with `release`, or when the last process that has its descriptor is gone.

    Args:
        descriptor: The open file description that has the lock.
        holder: What its file says.
        before: What it said before.
    """

    def __init__(self, descriptor: int, holder: TargetHolder, before: TargetHolder | None) -> None:
        self.descriptor = descriptor
        self.before = before
        self._holder = holder

    @classmethod
    def take(
        cls, folder: LocksFolder, name: str, holder: TargetHolder, runs: Callable[[], bool] = lambda: False
    ) -> Self:
        """Take a target's lock, or say who has it.

        Args:
            folder: Where locks lie.
            name: The lock's name, by `target_name`.
            holder: Who takes it.
            runs: Whether a supervisor of the same session lives; it has the lock, and we hold it beside it.

        Raises:
            TargetTaken: Somebody else has it.
            RecordProblem: The lock cannot be had at all.
        """
        descriptor = folder.open_lock(f"{name}.lock")
        try:
            before = _read(descriptor)
            _win(descriptor, runs)
            _require_in_place(folder, name, descriptor)
            lock = cls(descriptor, holder, before)
            lock.tell(holder)
        except OSError as problem:
            os.close(descriptor)
            raise RecordProblem(
                f"The target cannot be locked in {folder.path}: {problem.strerror}.",
                "Its file system may not know such locks; keep them on a local disk (`locks` in the settings).",
            ) from problem
        except (TargetTaken, UplevelError):
            os.close(descriptor)
            raise
        return lock

    def tell(self, holder: TargetHolder) -> None:
        """Say anew who holds it, and where they are."""
        self._holder = holder
        _write(self.descriptor, holder)

    def at_step(self, step: str) -> None:
        """Say at which step we are."""
        if self.descriptor >= 0 and step != self._holder.step:
            self.tell(replace(self._holder, step=step))

    def release(self, left: Left | None) -> None:
        """Give it back, as far as it is ours: a supervisor that runs a command keeps it. Twice does nothing.

        Args:
            left: How the session was left; None when it is closed, so that nothing of it waits here.
        """
        if self.descriptor < 0:
            return
        try:
            _write(self.descriptor, None if left is None else replace(self._holder, left=left))
        finally:
            os.close(self.descriptor)  # never unlocked: that would take it from a supervisor too
            self.descriptor = -1


def look_at_target(folder: LocksFolder, name: str) -> tuple[bool, TargetHolder | None]:
    """Whether a target is held now, and what its lock's file says; nothing is taken for that.

    Raises:
        RecordProblem: The folder or the file cannot be used.
    """
    descriptor = folder.open_lock(f"{name}.lock")
    try:
        return _is_held(descriptor), _read(descriptor)
    finally:
        os.close(descriptor)


def target_name(identity: object) -> str:
    """The name of a target's lock: a hash, so that no value of it becomes part of a path."""
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:40]


def _win(descriptor: int, runs: Callable[[], bool]) -> None:
    if not _won(descriptor, runs):
        raise TargetTaken(_who_has(descriptor))


def _won(descriptor: int, runs: Callable[[], bool]) -> bool:
    """Take the lock from nobody, or hold it beside our own supervisor."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        if _set(descriptor, fcntl.F_WRLCK):
            _set(descriptor, fcntl.F_RDLCK)
            return True
        if not runs():
            return False
        # It has had the lock all the time if it still lives once we have it too: then nobody came between.
        if _set(descriptor, fcntl.F_RDLCK):
            if runs():
                return True
            _set(descriptor, fcntl.F_UNLCK)
        if time.monotonic() > deadline:
            return False
        time.sleep(_PATIENCE / 50)


def _who_has(descriptor: int) -> TargetHolder | None:
    """Who says to have it; whoever took it just now gets a moment to say so."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        found = _read(descriptor)
        if (found is not None and not found.left) or time.monotonic() > deadline:
            return found
        time.sleep(_PATIENCE / 50)


def _require_in_place(folder: LocksFolder, name: str, descriptor: int) -> None:
    ours, found = os.fstat(descriptor), (folder.path / f"{name}.lock").stat(follow_symlinks=False)
    if (ours.st_dev, ours.st_ino) != (found.st_dev, found.st_ino):
        raise RecordProblem(f"The lock {name} in {folder.path} was replaced while it was taken.", "Try again.")


def _lock(kind: int) -> bytes:
    return struct.pack("hhqqi4x", kind, os.SEEK_SET, 0, 0, 0)


def _set(descriptor: int, kind: int) -> bool:
    try:
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, _lock(kind))
    except (BlockingIOError, PermissionError):
        return False
    return True


def _is_held(descriptor: int) -> bool:
    found = fcntl.fcntl(descriptor, fcntl.F_OFD_GETLK, _lock(fcntl.F_WRLCK))
    return bool(struct.unpack("hhqqi4x", found)[0] != fcntl.F_UNLCK)


def _short(holder: TargetHolder) -> TargetHolder:
    words = {name: getattr(holder, name)[:_LONGEST] for name in ("procedure", "step", "target")}
    return replace(holder, **words)


def _write(descriptor: int, holder: TargetHolder | None) -> None:
    # As UTF-8, for one character of a title may be twelve bytes of escapes, and all of it must stay within the piece.
    text = "" if holder is None else json.dumps(asdict(_short(holder)), ensure_ascii=False)
    os.pwrite(descriptor, text.encode("utf-8", "replace")[:_SIZE].ljust(_SIZE), 0)


def _read(descriptor: int) -> TargetHolder | None:
    try:
        return TargetHolder.read(json.loads(os.pread(descriptor, _SIZE, 0)))
    except (OSError, ValueError, KeyError, TypeError, ArithmeticError, RecursionError):
        return None
