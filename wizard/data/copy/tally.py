"""What a copy did, pass by pass."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from wizard.data.compare.redis_link import show_key


What = Literal["copied", "refreshed", "unchanged", "removed", "ended", "kept", "gone", "failed"]
WORDS: dict[What, str] = {
    "copied": "put into the new server",
    "refreshed": "had changed in the old server",
    "unchanged": "as they should be",
    "removed": "gone from the old server, so taken out of the new one",
    "ended": "ended in the old server while it was read",
    "kept": "written in the new server by somebody else, and left so",
    "gone": "put there by an earlier copy, gone from the new server since",
    "failed": "could not be put into the new server",
}
_NAMED = 10


@dataclass(slots=True)
class Tally:
    """The counts of one pass.

    Attributes:
        name: `bulk` or `delta`.
        counts: By what happened.
        named: Reasons of failures and losses, each with the first keys, in part.
        seconds: How long it took.
        held_back: Keys that would have been removed, if they were not suspiciously many.
    """

    name: str
    counts: Counter[What] = field(default_factory=Counter)
    named: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0.0
    held_back: int = 0

    def add(self, what: What, key: bytes = b"", why: str = "") -> None:
        """Count one key; with a reason it is named too, for the first few."""
        self.counts[what] += 1
        if why and len(keys := self.named.setdefault(why, [])) < _NAMED:
            keys.append(show_key(key))

    @property
    def whole(self) -> bool:
        """Whether everything that was there to be carried over is there."""
        return not (self.counts["failed"] or self.counts["gone"] or self.held_back)

    def json(self) -> dict[str, Any]:
        """For machines."""
        counts: dict[str, int] = {what: self.counts[what] for what in WORDS}
        named = [{"why": why, "keys": keys} for why, keys in self.named.items()]
        return {"pass": self.name, **counts, "held_back": self.held_back, "named": named, "seconds": self.seconds}
