"""Everything that can happen: a closed union, each event a decision or a circumstance.

Decisions make the session's state (`wizard.session` folds them); circumstances change nothing and are kept for
the auditor. The shapes here are stored in journals: fields may be added with a default, never renamed, removed or
given another meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from wizard.events.about_operators import (
    HandedOver,
    HolderCited,
    OtherClosed,
    TakenOver,
    TakeOverAsked,
    TakeOverEnded,
    TakeOverOutcome,
    TakeOverWanted,
    TargetBusy,
    TargetHeld,
    UnfinishedCited,
    UnfinishedFound,
)
from wizard.events.about_runs import (
    FileState,
    InputHidden,
    LeftRunning,
    RunEnded,
    RunIntent,
    RunQuiet,
    RunSettled,
    RunStarted,
    ScreenWanted,
    StopRequested,
)
from wizard.events.about_session import (
    CheckpointSigned,
    CheckpointUnsigned,
    ClockStepped,
    FrontEndAttached,
    FrontEndDetached,
    JournalRecovered,
    PhaseEnded,
    ProcedureCited,
    RecordMoved,
    RehearsalCited,
    Resized,
    SessionClosed,
    SessionOpened,
    SessionPaused,
    SessionResumed,
    ValueRemembered,
)
from wizard.events.about_steps import (
    Answered,
    Asked,
    CheckAnswered,
    EvidenceAdded,
    Noted,
    Purpose,
    StepBegan,
    StepEnd,
    StepEnded,
    UndoBegan,
    ValueCaptured,
    WaitBegan,
    WaitEnded,
    WorldPlayed,
)
from wizard.events.base import (
    AnswerCited,
    Circumstance,
    Decision,
    Evidence,
    Mode,
    Operator,
    Option,
    OutputCited,
    QuestionKind,
    SourceFile,
    TailCited,
    Word,
)


Event = (
    SessionOpened
    | ValueRemembered
    | PhaseEnded
    | SessionPaused
    | SessionResumed
    | SessionClosed
    | JournalRecovered
    | RecordMoved
    | CheckpointSigned
    | CheckpointUnsigned
    | FrontEndAttached
    | FrontEndDetached
    | Resized
    | ClockStepped
    | TargetHeld
    | TargetBusy
    | UnfinishedFound
    | OtherClosed
    | TakeOverAsked
    | TakeOverEnded
    | TakeOverWanted
    | TakenOver
    | HandedOver
    | StepBegan
    | Asked
    | Answered
    | CheckAnswered
    | ValueCaptured
    | WaitBegan
    | WaitEnded
    | WorldPlayed
    | StepEnded
    | UndoBegan
    | Noted
    | EvidenceAdded
    | RunIntent
    | RunStarted
    | RunEnded
    | RunSettled
    | StopRequested
    | RunQuiet
    | InputHidden
    | ScreenWanted
)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event with its place in the record.

    Attributes:
        seq: Number of the record.
        at: Wall clock, RFC 3339 UTC with microseconds.
        boottime: CLOCK_BOOTTIME in nanoseconds.
        boot_id: The boot that `boottime` belongs to.
        event: What happened.
    """

    seq: int
    at: str
    boottime: int
    boot_id: str
    event: Event


@cache
def _adapter() -> TypeAdapter[Event]:
    return TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def read_event(kind: str, data: Mapping[str, Any]) -> Event:
    """The event of one record.

    Raises:
        pydantic.ValidationError: The kind is unknown to this version, or its data have another shape.
    """
    return _adapter().validate_python({**data, "kind": kind})


def event_data(event: Event) -> dict[str, Any]:
    """The event's own fields as plain JSON values, without its kind."""
    return event.model_dump(mode="json", exclude={"kind"})


def is_decision(event: Event) -> bool:
    """Whether the event changes the state of the session."""
    return isinstance(event, Decision)


__all__ = [
    "AnswerCited",
    "Answered",
    "Asked",
    "CheckAnswered",
    "CheckpointSigned",
    "CheckpointUnsigned",
    "Circumstance",
    "ClockStepped",
    "Decision",
    "Event",
    "Evidence",
    "EvidenceAdded",
    "FileState",
    "FrontEndAttached",
    "FrontEndDetached",
    "HandedOver",
    "Happened",
    "HolderCited",
    "InputHidden",
    "JournalRecovered",
    "LeftRunning",
    "Mode",
    "Noted",
    "Operator",
    "Option",
    "OtherClosed",
    "OutputCited",
    "PhaseEnded",
    "ProcedureCited",
    "Purpose",
    "QuestionKind",
    "RecordMoved",
    "RehearsalCited",
    "Resized",
    "RunEnded",
    "RunIntent",
    "RunQuiet",
    "RunSettled",
    "RunStarted",
    "ScreenWanted",
    "SessionClosed",
    "SessionOpened",
    "SessionPaused",
    "SessionResumed",
    "SourceFile",
    "StepBegan",
    "StepEnd",
    "StepEnded",
    "StopRequested",
    "TailCited",
    "TakeOverAsked",
    "TakeOverEnded",
    "TakeOverOutcome",
    "TakeOverWanted",
    "TakenOver",
    "TargetBusy",
    "TargetHeld",
    "UndoBegan",
    "UnfinishedCited",
    "UnfinishedFound",
    "ValueCaptured",
    "ValueRemembered",
    "WaitBegan",
    "WaitEnded",
    "Word",
    "WorldPlayed",
    "event_data",
    "is_decision",
    "read_event",
]
