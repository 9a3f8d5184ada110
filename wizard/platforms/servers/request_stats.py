"""What became of the requests of visitors, counted; and how long none of those that write was taken."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any


_MOST_REASONS = 50
_LONGEST_REASON = 200


class RequestStats:
    """Counts of one kind of request; a thread counts, others may read.

    Args:
        clock: Seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._last: float | None = None
        self._longest = 0.0

    def acknowledge(self) -> None:
        """A write was taken."""
        with self._lock:
            now = self._clock()
            self._longest = max(self._longest, now - (now if self._last is None else self._last))
            self._last = now
            self._counts["acknowledged"] += 1

    def refuse(self, reason: str) -> None:
        """A request came to nothing, or nobody can say what became of it."""
        with self._lock:
            reason = (reason.splitlines() or [""])[0][:_LONGEST_REASON]
            known = reason in self._refused or len(self._refused) < _MOST_REASONS
            self._refused[reason if known else "other reasons"] += 1

    def turn_away(self) -> None:
        """A visitor saw the maintenance page."""
        self._count("turned_away")

    def find(self) -> None:
        """A session was read and is there."""
        self._count("found")

    def log_out(self) -> None:
        """A session that was acknowledged and should be there is not."""
        self._count("logged_out")

    def told(self) -> dict[str, Any]:
        """The counts by name, as they go into a report: every attempt came to one of four ends."""
        with self._lock:
            ends = ("acknowledged", "found", "logged_out")
            counted = {name: self._counts[name] for name in ends}
            return {
                "attempted": sum(counted.values()) + self._refused.total(),
                **counted,
                "refused": dict(sorted(self._refused.items())),
                "turned_away": self._counts["turned_away"],
                "longest_gap": round(self._longest, 3),
            }

    def _count(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1
