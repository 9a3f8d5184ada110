"""Who holds a session, and who holds a target: locks that the kernel frees when their holders die."""

from typing import Protocol

from wizard.record.locks.folder import LOCKS, LocksFolder, locks_folder
from wizard.record.locks.holder import Holder, plain, user_name
from wizard.record.locks.session import SessionLock, holder_of, is_held, where_held
from wizard.record.locks.target import Left, TargetHolder, TargetLock, TargetTaken, look_at_target, target_name


class Lock(Protocol):
    """Something only one process holds at a time."""

    def release(self) -> None:
        """Give it back; twice does nothing."""
        ...


__all__ = [
    "LOCKS",
    "Holder",
    "Left",
    "Lock",
    "LocksFolder",
    "SessionLock",
    "TargetHolder",
    "TargetLock",
    "TargetTaken",
    "holder_of",
    "is_held",
    "locks_folder",
    "look_at_target",
    "plain",
    "target_name",
    "user_name",
    "where_held",
]
