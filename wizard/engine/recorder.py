"""The one place where events become durable, change the state, and are told to the front end; in this order."""

from collections.abc import Callable

from pydantic import ValidationError

from wizard.engine.messages import Message, Update
from wizard.engine.record_limits import require_record_size, truncate_fields
from wizard.engine.vault import Vault
from wizard.errors import UsageProblem
from wizard.record.events import (
    ClockStepped,
    Deed,
    Event,
    FrontEndDetached,
    Happened,
    RunSettled,
    StopRequested,
    event_data,
    is_decision,
)
from wizard.record.journal import Journal, clock_step
from wizard.session import SessionState, advance, begin
from wizard.session.record_shape import happened_of


class Recorder:
    """Journal, state and emitter of one session. Belongs to the engine's thread once that runs.

    Args:
        journal: Where events go.
        vault: What must not get there.
        state: The state so far; None before record 0.

    Attributes:
        actor: The number of whoever decides now; 0 while nobody is named.
        emit: Told each event after it is durable.
    """

    def __init__(self, journal: Journal, vault: Vault, state: SessionState | None = None) -> None:
        self.journal = journal
        self.actor = 0
        self.emit: Callable[[Message], None] = lambda _message: None
        self._vault = vault
        self._state = state

    @property
    def state(self) -> SessionState:
        """The state after the last record."""
        if self._state is None:
            raise ValueError("nothing is recorded yet")
        return self._state

    def record(self, event: Event) -> Happened:
        """Write an event, then fold it, then tell it. What was told is on the disk if it is a decision.

        Raises:
            RecordProblem: It could not be written; then nothing changed and nobody was told.
        """
        event = self._by_somebody(event)
        data = truncate_fields(self._vault.redact_data(event_data(event)))
        durable = is_decision(event) or isinstance(event, FrontEndDetached)
        happened = happened_of(self.journal.append(event.kind, data, durable=durable))
        self._state = begin(happened) if self._state is None else advance(self._state, happened)
        self.emit(Update(happened, self._state))
        self._watch_the_clock(event)
        return happened

    def _by_somebody(self, event: Event) -> Event:
        """The event with the number of whoever decides now, where it is somebody's deed and not the procedure's own."""
        own = (isinstance(event, StopRequested) and event.due) or (
            isinstance(event, RunSettled) and event.by == "probe"
        )
        if not isinstance(event, Deed) or own or not self.actor:
            return event
        return event.model_copy(update={"actor": self.actor})

    def require_record_size(self, event: Event) -> None:
        """See that an event made of what a person brought goes into the record.

        Raises:
            UsageProblem: It is too long.
        """
        require_record_size(self._vault.redact_data(event_data(event)))

    def _watch_the_clock(self, event: Event) -> None:
        """Record that the wall clock was set since the record before."""
        if isinstance(event, ClockStepped) or len(self.journal.records) < 2:
            return
        step = clock_step(self.journal.records[-2], self.journal.records[-1])
        if step is not None:
            self.record(ClockStepped(seconds=round(step, 3)))


def events_of(journal: Journal) -> list[Happened]:
    """The events of a journal.

    Raises:
        UsageProblem: This version does not know one of them.
    """
    events = []
    for record in journal.records:
        try:
            events.append(happened_of(record))
        except ValidationError as problem:
            raise UsageProblem(
                f"Record {record.seq} of this session ({record.kind}) is not known to this version of uplevel.",
                "Resume it with the version that wrote it.",
            ) from problem
    return events
