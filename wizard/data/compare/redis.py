"""Two Redis servers compared: keys, how long they live, a sample of values, memory, policy, version, persistence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from shlex import quote

from wizard.data.compare.redis_link import ServerFacts, show_key


EDGES = {"under a minute": 60.0, "under an hour": 3600.0, "under a day": 86400.0, "under 30 days": 2592000.0}
"""The buckets of remaining lives, in seconds; above the last is `longer`, and what has no end is `no expiry`."""
CARRIED = "session:*"
"""The keys that `uplevel copy redis-sessions` carries unless it is told others."""
_CARRIED_PREFIX = b"session:"
TOLERANCE = 2.0
"""Seconds by which two lives may differ and be told as the same."""
_HEADROOM = 0.2
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One key of the sample.

    Attributes:
        value: A digest that is the same for the same value.
        left: Seconds it has left at the moment both servers are compared at; None for ever.
    """

    value: bytes
    left: float | None


@dataclass(frozen=True, slots=True)
class Portrait:
    """What is compared of one server.

    Attributes:
        facts: What it tells of itself.
        matched: Keys of the pattern.
        buckets: How many of them have how long to live.
        near: Those so near to the edge of a bucket that they may stand on either side of it.
        samples: The keys that were looked at closely; of the new server those of the old one that it has.
    """

    facts: ServerFacts
    matched: int
    buckets: Mapping[str, int]
    near: int
    samples: Mapping[bytes, Sample]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One line of the comparison.

    Attributes:
        what: What is compared.
        old: What the old server has, in words.
        new: The same of the new one.
        differences: What differs, each with what to do; empty when nothing does.
        notes: Worth knowing, and no difference.
    """

    what: str
    old: str
    new: str
    differences: tuple[str, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())


def bucket_of(left: float | None) -> tuple[str, bool]:
    """The bucket of a remaining life in seconds, and whether it lies near an edge."""
    if left is None:
        return "no expiry", False
    near = any(abs(left - edge) <= TOLERANCE for edge in (0.0, *EDGES.values()))
    return next((name for name, edge in EDGES.items() if left < edge), "longer"), near


def compare_servers(
    old: Portrait, new: Portrait, *, drift: int = 0, present_only: bool = False, match: str = CARRIED
) -> list[ComparisonRow]:
    """Compare two servers.

    Args:
        old: The one that serves.
        new: The one that will, or does.
        drift: How many keys may be missing, more, or different, for what happened since the copy.
        present_only: Only ask whether the keys of the old server are in the new one: for the time after the switch,
            when the apps have gone on to write there.
        match: The pattern of the keys that were compared.

    Returns:
        A line for each thing that is compared.
    """
    rows = [_version(old.facts, new.facts), _memory(old.facts, new.facts), _policy(old.facts, new.facts)]
    rows.append(_persistence(old.facts, new.facts))
    if not present_only:
        rows += [_keys(old, new, drift, match), *_lives(old, new, drift, match)]
    rows.append(_samples(old, new, drift, match, present_only=present_only))
    return rows


def _version(old: ServerFacts, new: ServerFacts) -> ComparisonRow:
    found = []
    if old.run_id and old.run_id == new.run_id:
        found.append("both addresses lead to one and the same server: look at what the two variables hold")
    if new.series < old.series:
        found.append("the new server is older than the old one and cannot read its values: create it with a newer plan")
    if new.role != "master":
        found.append("the new server is a replica: use the address of the one that takes writes")
    return ComparisonRow("version", old.version, new.version, tuple(found))


def _memory(old: ServerFacts, new: ServerFacts) -> ComparisonRow:
    found, notes = [], []
    if new.limit and new.limit < old.used:
        found.append("the new server's maxmemory is less than the old one uses: take a larger plan")
    elif new.limit and new.limit < old.used * (1 + _HEADROOM):
        notes.append("the new server would have less than a fifth of its memory to spare: consider a larger plan")
    before, after = (f"{size(each.used)} of {size(each.limit) if each.limit else 'no limit'}" for each in (old, new))
    return ComparisonRow("memory", before, after, tuple(found), tuple(notes))


def _policy(old: ServerFacts, new: ServerFacts) -> ComparisonRow:
    cure = 'set it at creation: cf create-service redis ... -c \'{"maxmemory_policy": "' + old.policy + "\"}'"
    found = (f"at the limit the new server does {new.policy}, not {old.policy}: {cure}",)
    return ComparisonRow("eviction", old.policy, new.policy, found if old.policy != new.policy else ())


def _persistence(old: ServerFacts, new: ServerFacts) -> ComparisonRow:
    notes = []
    if old.appends and not new.appends:
        notes.append("the old server keeps an append-only file and the new one does not: a restart there loses more")
    if not new.snapshot_ok:
        notes.append("the new server could not write its last snapshot: look at its disk")
    before, after = ("append-only file" if each.appends else "no append-only file" for each in (old, new))
    return ComparisonRow("persistence", before, after, (), tuple(notes))


def copy_again(match: str) -> str:
    """What to do about keys of a pattern that are not as they were: a copy that carries them."""
    if match == CARRIED:
        return "run uplevel copy redis-sessions once more"
    return f"run uplevel copy redis-sessions with --match {quote(match)}; without it, it carries {CARRIED} alone"


def _keys(old: Portrait, new: Portrait, drift: int, match: str) -> ComparisonRow:
    apart = new.matched - old.matched
    found, notes = [], []
    if apart < -drift:
        found.append(f"{_keys_told(-apart)} fewer in the new server: {copy_again(match)}")
    elif apart > drift:
        found.append(f"{_keys_told(apart)} more in the new server: is it in use, or was it filled from elsewhere?")
    if old.facts.other_keys:
        notes.append(
            f"the old server has {old.facts.other_keys} keys in databases that the address does not name: "
            "compare and copy them by addresses that end in /1, /2 and so on"
        )
    return ComparisonRow("keys", f"{old.matched:,}", f"{new.matched:,}", tuple(found), tuple(notes))


def _keys_told(count: int) -> str:
    return "1 key" if count == 1 else f"{count:,} keys"


def _lives(old: Portrait, new: Portrait, drift: int, match: str) -> Iterator[ComparisonRow]:
    allowed = drift + old.near + new.near
    for name in ("no expiry", *EDGES, "longer"):
        before, after = old.buckets.get(name, 0), new.buckets.get(name, 0)
        found: tuple[str, ...] = ()
        if abs(after - before) > allowed:
            found = (f"{after:,} keys live that long in the new server, not {before:,}: {copy_again(match)}",)
        if before or after:
            yield ComparisonRow(name, f"{before:,}", f"{after:,}", found)


def _samples(old: Portrait, new: Portrait, drift: int, match: str, *, present_only: bool) -> ComparisonRow:
    missing, other, lives = [], [], []
    # What ends within the tolerance may have ended in the one and not yet in the other.
    looked = {key: one for key, one in old.samples.items() if one.left is None or one.left > TOLERANCE}
    for key, before in looked.items():
        after = new.samples.get(key)
        if after is None:
            missing.append(key)
        elif present_only:
            continue
        elif after.value != before.value:
            other.append(key)
        elif not _as_long(before.left, after.left):
            lives.append(key)
    apart = (
        (missing, "are not in the new server", ""),
        (other, "have another value in the new server", "; what was written there since a copy is left as it is"),
        (lives, "live longer or shorter there", ""),
    )
    found = [_named(keys, what, _cure(keys, match) + more) for keys, what, more in apart]
    wrong = len(missing) + len(other) + len(lives)
    what = "keys there" if present_only else "sample"
    same = f"{len(looked) - wrong:,} the same" if not present_only else f"{len(looked) - wrong:,} there"
    notes = () if looked else ("the old server has no key to look at",)
    differences = tuple(told for told in found if told) if wrong > drift else ()
    return ComparisonRow(what, f"{len(looked):,} keys", same, differences, notes)


def _cure(keys: list[bytes], match: str) -> str:
    """Of keys that every copy carries the pattern of the comparison need not be told."""
    return copy_again(CARRIED if all(key.startswith(_CARRIED_PREFIX) for key in keys) else match)


def _named(keys: list[bytes], what: str, cure: str) -> str:
    if not keys:
        return ""
    some = ", ".join(show_key(key) for key in sorted(keys)[:_NAMED])
    more = f" and {len(keys) - _NAMED:,} more" if len(keys) > _NAMED else ""
    return f"{len(keys):,} of the sampled keys {what} ({some}{more}): {cure}"


def _as_long(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is after
    return abs(before - after) <= TOLERANCE


def size(count: int) -> str:
    """Bytes in a unit that is read at a glance."""
    amount, units = float(count), ["B", "KiB", "MiB", "GiB"]
    while amount >= 1024 and len(units) > 1:
        amount, units = amount / 1024, units[1:]
    return f"{amount:.0f} {units[0]}" if units[0] == "B" or amount >= 100 else f"{amount:.1f} {units[0]}"
