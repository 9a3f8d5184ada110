"""What `compare redis` asks of two servers. It reads only."""

import hashlib
import heapq
import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from wizard.data.compare.redis import Portrait, Sample, bucket_of
from wizard.data.compare.redis_link import RedisConnection, value_of


_BATCH = 500
_READ: dict[bytes, tuple[str, tuple[int | str, ...]]] = {
    b"string": ("GET", ()),
    b"hash": ("HGETALL", ()),
    b"list": ("LRANGE", (0, -1)),
    b"set": ("SMEMBERS", ()),
    b"zset": ("ZRANGE", (0, -1, "WITHSCORES")),
}
"""How a value of each kind is read whole: the command, and its words behind the key."""


@dataclass(slots=True)
class _Seen:
    """What one walk over a server's keys found."""

    buckets: Counter[str] = field(default_factory=Counter)
    near: int = 0
    matched: int = 0
    chosen: list[bytes] = field(default_factory=list)


def portraits(old: RedisConnection, new: RedisConnection, *, match: str, sample: int) -> tuple[Portrait, Portrait]:
    """Ask both servers.

    Args:
        old: The one that serves.
        new: The one that will.
        match: Pattern of the keys.
        sample: How many of the old server's keys are looked at closely.

    Raises:
        NotReached: One of them cannot be asked.
    """
    facts = old.facts(), new.facts()
    start = time.monotonic()
    before, after = _walk(old, match, sample, start), _walk(new, match, 0, start)
    keys = before.chosen
    samples = _samples(old, keys, start), _samples(new, keys, start)
    # Versions write one value in different ways; those that look different are read by their kind.
    unlike = [key for key in keys if key in samples[0] and key in samples[1]]
    unlike = [key for key in unlike if samples[0][key].value != samples[1][key].value]
    for link, taken in zip((old, new), samples, strict=True):
        for key, value in _values(link, unlike):
            taken[key] = Sample(value, taken[key].left)
    found = zip(facts, (before, after), samples, strict=True)
    one, two = (Portrait(fact, walk.matched, dict(walk.buckets), walk.near, taken) for fact, walk, taken in found)
    return one, two


def _batches(keys: Iterable[bytes]) -> Iterable[list[bytes]]:
    rest = iter(keys)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _left(millis: Any, start: float) -> float | None:
    """Seconds a key has left, counted from the common moment, of a PTTL that was answered now."""
    return None if millis == -1 else millis / 1000 + (time.monotonic() - start)


def _digest(key: bytes) -> bytes:
    return hashlib.blake2b(key, digest_size=16).digest()


def _walk(link: RedisConnection, match: str, sample: int, start: float) -> _Seen:
    """Count a server's keys; a key that comes twice is counted once. The sample is the same at each call."""
    seen, known = _Seen(), set[bytes]()
    least: list[tuple[bytes, bytes]] = []
    for keys in link.scan(match):
        fresh = {digest: key for key in keys if (digest := _digest(key)) not in known}
        known.update(fresh)
        for millis in link.ask([("PTTL", key) for key in fresh.values()]):
            if link.is_error(millis) or millis == -2:
                continue
            bucket, near = bucket_of(_left(millis, start))
            seen.buckets[bucket] += 1
            seen.near += near
            seen.matched += 1
        least = heapq.nsmallest(sample, [*least, *fresh.items()])
    seen.chosen = [key for _digest_, key in least]
    return seen


def _samples(link: RedisConnection, keys: list[bytes], start: float) -> dict[bytes, Sample]:
    found = {}
    for batch in _batches(keys):
        payloads = link.ask([("DUMP", key) for key in batch])
        lives = link.ask([("PTTL", key) for key in batch])
        for key, payload, millis in zip(batch, payloads, lives, strict=True):
            if isinstance(payload, bytes) and millis != -2:
                found[key] = Sample(_digest(value_of(payload)), _left(millis, start))
    return found


def _values(link: RedisConnection, keys: list[bytes]) -> Iterable[tuple[bytes, bytes]]:
    """Digests of what stands in the keys, read by their kind; of kinds that cannot be read so, none."""
    for batch in _batches(keys):
        kinds = link.ask([("TYPE", key) for key in batch])
        known = [(key, kind) for key, kind in zip(batch, kinds, strict=True) if kind in _READ]
        asked = [(_READ[kind][0], key, *_READ[kind][1]) for key, kind in known]
        for (key, kind), value in zip(known, link.ask(asked), strict=True):
            if not link.is_error(value):
                yield key, _digest(kind + json.dumps(_plain(value)).encode())


def _plain(value: Any) -> Any:
    """The same for the same value: what has no order is sorted."""
    match value:
        case bytes():
            return value.hex()
        case dict():
            return sorted([_plain(name), _plain(each)] for name, each in value.items())
        case set() | frozenset():
            return sorted(_plain(each) for each in value)
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return str(value)
