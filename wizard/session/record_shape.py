"""What a record tells, and whether it can come next: whoever may write the file can put any record there."""

from collections.abc import Collection, Iterable

from wizard.errors import EvidenceBroken
from wizard.record.events import Happened, RunIntent, SessionOpened, read_event
from wizard.record.journal import Record
from wizard.session.fold import advance, begin
from wizard.session.state import SessionState


def happened_of(record: Record) -> Happened:
    """The event of one record of the journal.

    Raises:
        pydantic.ValidationError: This version does not know it.
    """
    return Happened(record.seq, record.at, record.boottime, record.boot_id, read_event(record.kind, record.data))


def fold_what_fits(events: Iterable[Happened]) -> SessionState:
    """The state after all events of a session, each of which must be one that can come there.

    Raises:
        EvidenceBroken: There are none, or one cannot come there.
    """
    state = None
    for happened in events:
        state = follow(state, happened)
    if state is None:
        raise EvidenceBroken("The record has no beginning.")
    return state


def follow(state: SessionState | None, happened: Happened) -> SessionState:
    """The state after an event that must be one that can come there.

    Args:
        state: The state before it; None before the first.
        happened: The event.

    Raises:
        EvidenceBroken: It cannot.
    """
    event = happened.event
    if isinstance(event, SessionOpened) is not (state is None):
        raise _unfit(happened, "is not how a session begins" if state is None else "opens it for the second time")
    if state is None:
        return begin(happened)
    run = getattr(event, "run", None)
    if run is not None and (run in state.runs) is isinstance(event, RunIntent):
        again = run in state.runs
        raise _unfit(happened, f"orders run {run} for the second time" if again else f"is about an unknown run, {run}")
    return advance(state, happened)


def require_known_step(happened: Happened, steps: Collection[str]) -> None:
    """See that an event is about a step that its procedure has, if it is about one.

    Raises:
        EvidenceBroken: It is not.
    """
    step = getattr(happened.event, "step", None)
    if step is not None and step not in steps:
        raise _unfit(happened, f"is about a step that the procedure does not have, {step}")


def _unfit(happened: Happened, why: str) -> EvidenceBroken:
    return EvidenceBroken(
        f"Record {happened.seq} ({happened.event.kind}) {why}, which no session writes.",
        "The record can only be read: `uplevel verify` tells whether it is whole.",
    )
