"""The order of writes and syncs that uplevel keeps survives every power loss, and three wrong orders do not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import product

import pytest

from wizard.clock import SystemClock
from wizard.record.journal import Harm, scan_bytes
from wizard.record.journal.line import FIRST_PREV, seal


# A disk is modelled as files that each keep any prefix from their last sync on (cut at 512 bytes or filled
# with zeros), independent of one another, and names that are lost unless their folder was synced.


@dataclass
class Disk:
    """What was written, what of it is certain, and what was acknowledged, at one instant."""

    written: dict[str, bytes] = field(default_factory=dict)
    certain: dict[str, int] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    acknowledged: int = 0

    def add(self, name: str, piece: bytes) -> None:
        self.written[name] = self.written.get(name, b"") + piece

    def sync(self, name: str) -> None:
        self.certain[name] = len(self.written[name])

    def after_power_loss(self) -> Iterator[dict[str, bytes]]:
        """Every state the disk may be found in."""
        choices = [[(name, left) for left in self._left(name)] for name in self.written]
        yield from ({name: left for name, left in state if left is not None} for state in product(*choices))

    def _left(self, name: str) -> Iterator[bytes | None]:
        content, certain = self.written[name], self.certain.get(name, 0)
        if name not in self.named:
            yield None
        for cut in {certain, len(content), *range(certain - certain % 512 + 512, len(content), 512)}:
            yield content[:cut]
            if cut < len(content):
                yield content[:cut] + bytes(len(content) - cut)


def protocol(wrong: str = "") -> Iterator[Disk]:
    """A session of three steps as uplevel writes it, or with one thing done wrong; one disk an instant."""
    disk, prev, seq = Disk(), FIRST_PREV, 0

    def record(kind: str, **data: object) -> None:
        nonlocal prev, seq
        made = seal(kind, data, seq=seq, prev=prev, now=SystemClock().now())
        prev, seq = made.h, seq + 1
        disk.add("journal", made.raw)

    def durable() -> Iterator[Disk]:
        yield disk
        if wrong != "no journal sync":
            disk.sync("journal")
        disk.acknowledged = seq
        yield disk

    disk.add("journal", b"")
    if wrong != "no folder sync":
        disk.named.add("journal")
    record("session.opened")
    yield from durable()
    for run in range(1, 4):
        record("run.intent", run=run)
        yield from durable()
        output, name = f"output of run {run}\n".encode() * 60, f"runs/{run}"
        disk.add(name, output)
        yield disk
        if wrong != "no folder sync":
            disk.named.add(name)
        if wrong != "output synced after the record":
            disk.sync(name)
        record("run.ended", run=run, sha256=sha256(output).hexdigest())
        yield from durable()
        disk.sync(name)


def violations(wrong: str = "") -> tuple[int, int]:
    """How many crash states there are, and how many of them break a promise."""
    states = broken = 0
    for disk in protocol(wrong):
        for found in disk.after_power_loss():
            states += 1
            scanned = scan_bytes(found.get("journal", b""))
            ended = [record.data for record in scanned.records if record.kind == "run.ended"]
            lost = len(scanned.records) < disk.acknowledged
            false = any(sha256(found.get(f"runs/{end['run']}", b"")).hexdigest() != end["sha256"] for end in ended)
            broken += lost or false or scanned.damage.harm is Harm.BROKEN
    return states, broken


def test_no_power_loss_breaks_a_promise() -> None:
    states, broken = violations()
    assert states > 50
    assert broken == 0


@pytest.mark.parametrize("wrong", ["no journal sync", "no folder sync", "output synced after the record"])
def test_the_power_loss_model_catches_a_wrong_protocol(wrong: str) -> None:
    assert violations(wrong)[1] > 0
