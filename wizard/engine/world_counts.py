"""What the pretend platform of a rehearsal counted, for the record."""

from wizard.engine.session_context import SessionContext
from wizard.record.events import WorldCounted


def count_world(context: SessionContext) -> None:
    """Record what the world counted so far; nothing in a live session.

    Raises:
        RecordProblem: It cannot be recorded.
    """
    found = context.environment.counted()
    if found is not None:
        now, counts = found
        context.recorder.record(WorldCounted(now=now, counts=dict(counts)))
