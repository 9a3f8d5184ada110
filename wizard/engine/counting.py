"""What the pretend platform of a rehearsal counted, for the record."""

from wizard.engine.kit import Kit
from wizard.events import WorldCounted


def count_world(kit: Kit) -> None:
    """Record what the world counted so far; nothing in a live session.

    Raises:
        RecordProblem: It cannot be recorded.
    """
    found = kit.ground.counted()
    if found is not None:
        now, counts = found
        kit.recorder.record(WorldCounted(now=now, counts=dict(counts)))
