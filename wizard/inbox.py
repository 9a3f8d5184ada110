"""A queue that can be waited on for a while; any thread, and a signal's handler, may put into it."""

import queue
from typing import TypeVar


_T = TypeVar("_T")


class Inbox(queue.SimpleQueue[_T]):
    """A `SimpleQueue` with one reader, whose `get` comes back when its time is over.

    The one of CPython may wait for ever where the time is short, or the machine busy: its lock is free after an item
    was read without waiting, it takes that for an arrival, and what is left of the time can be negative by then. Who
    finds the queue empty at first has the lock.
    """

    def get(self, block: bool = True, timeout: float | None = None) -> _T:
        """The next item.

        Args:
            block: Wait for it.
            timeout: Seconds to wait; None waits as long as it takes.

        Raises:
            queue.Empty: There is none, or none came in time.
        """
        try:
            return super().get(block=False)
        except queue.Empty:
            if not block:
                raise
        return super().get(timeout=timeout)
