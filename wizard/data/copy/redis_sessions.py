"""Sessions carried from one Redis to another by SCAN, DUMP, PTTL and RESTORE, which managed servers allow too."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from wizard.data.compare.redis_link import RedisConnection, ServerFacts, value_of
from wizard.data.copy.ledger import Ledger, Put
from wizard.data.copy.tally import Tally, What


_BATCH = 250
_CLOSE = 500
"""Milliseconds by which an end may differ and be told as the same."""
_SURE = 20
"""So few keys are removed without asking how many there are in all."""
_ABSOLUTE_SINCE = (5, 0)


@dataclass(frozen=True, slots=True)
class _One:
    """A key on its way.

    Attributes:
        key: Its name.
        mark: The ledger's digest of it.
        payload: Its DUMP.
        source: The ledger's digest of its value.
        expires: Milliseconds by the target's clock; 0 for never.
    """

    key: bytes
    mark: bytes
    payload: bytes
    source: bytes
    expires: int


class Copier:
    """One copy.

    Args:
        old: The source. It is only read.
        new: The target.
        facts: Of the target.
        ledger: What earlier copies put there.
        match: Pattern of the keys.
        told: Called with the pass and the keys it has seen, each batch.
        clock: Seconds that only go forward.
    """

    def __init__(
        self,
        old: RedisConnection,
        new: RedisConnection,
        *,
        facts: ServerFacts,
        ledger: Ledger,
        match: str,
        told: Callable[[str, int], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._old, self._new = old, new
        self._absolute = facts.series >= _ABSOLUTE_SINCE
        self._ledger, self._match, self._told, self._clock = ledger, match, told, clock
        self._ahead = self._clock_ahead()

    def bulk(self) -> Tally:
        """Put everything into the target, whatever stands there."""
        tally, start = Tally("bulk"), self._clock()
        self._walk(tally, look=False)
        tally.seconds = round(self._clock() - start, 3)
        return tally

    def delta(self) -> Tally:
        """Put what is new or changed, and take away what an earlier copy had put and the source has no more."""
        tally, start = Tally("delta"), self._clock()
        self._remove(tally, self._walk(tally, look=True))
        tally.seconds = round(self._clock() - start, 3)
        return tally

    def _clock_ahead(self) -> float:
        """Milliseconds from our clock to the target's: ends are told to it in its own time."""
        best = (float("inf"), 0.0)
        for _ in range(3):
            before = self._clock()
            seconds, micros = self._new.one("TIME")
            after = self._clock()
            best = min(best, (after - before, seconds * 1000 + micros / 1000 - (before + after) * 500))
        return best[1]

    def _walk(self, tally: Tally, *, look: bool) -> set[bytes]:
        """Carry what the source has; the ledger's digests of the keys that were seen. One that comes twice is one."""
        seen = set[bytes]()
        for found in self._old.scan(self._match):
            fresh = {mark: key for key in found if (mark := self._ledger.digest(key)) not in seen}
            seen.update(fresh)
            for keys in _batches(fresh.values()):
                self._carry(keys, tally, look=look)
            self._told(tally.name, len(seen))
        return seen

    def _carry(self, keys: list[bytes], tally: Tally, *, look: bool) -> None:
        """Carry one batch. The lives are read last, right before they are written."""
        payloads = self._old.ask([("DUMP", key) for key in keys])
        there = self._look(keys) if look else [(None, 0)] * len(keys)
        lives = self._lives(self._old, keys)
        ready: list[tuple[_One, What]] = []
        for key, payload, life, (has, until) in zip(keys, payloads, lives, there, strict=True):
            if self._old.is_error(payload):
                tally.add("failed", key, f"{self._old.name} refuses to give it: {self._old.said(payload)}")
            elif payload is None or life is None:
                tally.add("ended")
            else:
                one = _One(key, self._ledger.digest(key), payload, self._ledger.digest(value_of(payload)), life)
                what = self._judge(one, has, until) if look else "copied"
                if what in {"copied", "refreshed"}:
                    ready.append((one, what))
                else:
                    tally.add(what, key, _GONE if what == "gone" else "")
        if ready:
            self._put(ready, tally)

    def _look(self, keys: list[bytes]) -> list[tuple[bytes | None, int | None]]:
        payloads = self._new.ask([("DUMP", key) for key in keys])
        lives = self._lives(self._new, keys)
        return [
            (payload if isinstance(payload, bytes) else None, life)
            for payload, life in zip(payloads, lives, strict=True)
        ]

    def _lives(self, link: RedisConnection, keys: list[bytes]) -> list[int | None]:
        """When keys end, by the target's clock: 0 for never, None for a key that is not there."""
        before = self._clock()
        lefts = link.ask([("PTTL", key) for key in keys])
        now = (before + self._clock()) * 500 + self._ahead
        return [_end(left, now) for left in lefts]

    def _judge(self, one: _One, has: bytes | None, until: int | None) -> What:
        """What to do with a key that the source has, by what the target has."""
        put = self._ledger.get(one.mark)
        # The source has not changed since we put it: then any difference is the target's own.
        ours = put is not None and put.source == one.source and _near(put.expires, one.expires)
        if has is None or until is None:
            return "gone" if put is not None and ours and put.target is not None else "copied"
        has_put = put is not None and put.target == self._ledger.digest(has)
        same = value_of(has) == value_of(one.payload) or (has_put and put is not None and put.source == one.source)
        if same and _near(until, one.expires):
            return "unchanged"
        touched = put is not None and put.target is not None and not (has_put and _near(put.expires, until))
        return "kept" if ours and touched else "refreshed"

    def _put(self, ones: list[tuple[_One, What]], tally: Tally) -> None:
        """Write down what is to be put, put it, and look whether it is there."""
        self._ledger.write({one.mark: Put(one.source, None, one.expires) for one, _ in ones})
        answers = self._new.ask([words for one, _ in ones for words in (self._restore(one), ("DUMP", one.key))])
        came: dict[bytes, Put | None] = {}
        for (one, what), said, has in zip(ones, answers[::2], answers[1::2], strict=True):
            if self._new.is_error(said):
                came[one.mark] = None
                tally.add("failed", one.key, f"{self._new.name} refuses it: {self._new.said(said)}")
            elif isinstance(has, bytes):
                came[one.mark] = Put(one.source, self._ledger.digest(has), one.expires)
                tally.add(what)
            elif one.expires and one.expires <= self._now() + _CLOSE:
                came[one.mark] = None
                tally.add("ended")
            else:
                came[one.mark] = None
                tally.add("failed", one.key, f"{self._new.name} threw it out at once: is there memory for it?")
        self._ledger.write(came)

    def _now(self) -> float:
        return self._clock() * 1000 + self._ahead

    def _restore(self, one: _One) -> tuple[bytes | str | int, ...]:
        if not one.expires:
            return "RESTORE", one.key, 0, one.payload, "REPLACE"
        if self._absolute:
            return "RESTORE", one.key, one.expires, one.payload, "REPLACE", "ABSTTL"
        # 0 would be never.
        return "RESTORE", one.key, max(1, int(one.expires - self._now())), one.payload, "REPLACE"

    def _remove(self, tally: Tally, seen: set[bytes]) -> None:
        """Take out of the target what is ours there and nobody's in the source: logged out since."""
        ours = [
            key
            for keys in self._new.scan(self._match)
            for key in keys
            if (mark := self._ledger.digest(key)) not in seen and self._ledger.get(mark) is not None
        ]
        if len(ours) > max(_SURE, len(self._ledger) // 2):
            tally.held_back = len(ours)
            return
        for keys in _batches(dict.fromkeys(ours)):
            self._remove_batch(keys, tally)

    def _remove_batch(self, keys: list[bytes], tally: Tally) -> None:
        back = self._lives(self._old, keys)
        there = self._look(keys)
        going, marks = [], {}
        for key, again, (has, until) in zip(keys, back, there, strict=True):
            mark = self._ledger.digest(key)
            put = self._ledger.get(mark)
            if again is not None or put is None or has is None or until is None:
                continue
            if put.target in {None, self._ledger.digest(has)} and _near(put.expires, until):
                going.append(key)
                marks[key] = mark
            else:
                tally.add("kept")
        forgotten: dict[bytes, Put | None] = {}
        for key, said in zip(going, self._new.ask([("DEL", key) for key in going]), strict=True):
            if self._new.is_error(said):
                tally.add("failed", key, f"{self._new.name} refuses to remove it: {self._new.said(said)}")
            else:
                forgotten[marks[key]] = None
                tally.add("removed")
        self._ledger.write(forgotten)


_GONE = "an earlier copy had put it there: thrown out for lack of memory, or logged out there (--afresh puts it back)"


def _batches(keys: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(keys)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _end(left: Any, now: float) -> int | None:
    if not isinstance(left, int) or left == -2:
        return None
    return 0 if left == -1 else max(1, round(now + left))


def _near(one: int, other: int) -> bool:
    return abs(one - other) <= _CLOSE if one and other else one == other
