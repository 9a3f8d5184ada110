"""Everything that can happen: a closed union, each event a decision or a circumstance.

Decisions make the session's state (`wizard.session` folds them); circumstances change nothing and are kept for
the auditor. The shapes here are stored in journals: fields may be added with a default, never renamed, removed or
given another meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args

from pydantic import Field, TypeAdapter, ValidationError

from wizard.record.events.about_operators import (
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
from wizard.record.events.about_runs import (
    FileState,
    InputHidden,
    RunEnded,
    RunIntent,
    RunQuiet,
    RunSettled,
    RunStarted,
    ScreenWanted,
    StopRequested,
)
from wizard.record.events.about_session import (
    ActorNamed,
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
    WorldCounted,
)
from wizard.record.events.about_steps import (
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
from wizard.record.events.base import (
    AnswerCited,
    Circumstance,
    Decision,
    Deed,
    Evidence,
    FileCited,
    Operator,
    Option,
    OutputCited,
    QuestionKind,
    SourceFileCited,
    TailCited,
)
from wizard.record.modes import Mode


Event = (
    SessionOpened
    | ActorNamed
    | WorldCounted
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


_MODELS: Mapping[str, type[Event]] = {model.model_fields["kind"].default: model for model in get_args(Event)}


@cache
def _any_kind() -> TypeAdapter[Event]:
    return TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def read_event(kind: str, data: Mapping[str, Any]) -> Event:
    """The event of one record.

    Raises:
        pydantic.ValidationError: The kind is unknown to this version, or its data have another shape.
    """
    model = _MODELS.get(kind)
    validate = _any_kind().validate_python if model is None else model.model_validate
    return validate({**data, "kind": kind}, by_name=False, by_alias=True)


def has_its_shape(kind: str, data: Mapping[str, Any]) -> bool | None:
    """Whether the data of a record are as the kind has them: no float for a count, no text for a number.

    Returns:
        None where this version cannot tell: it does not know the kind, or one of its fields.
    """
    try:
        event = read_event(kind, data)
    except ValidationError as problem:
        kinds = {error["type"] for error in problem.errors(include_input=False, include_url=False)}
        return None if kinds & {"union_tag_invalid", "union_tag_not_found", "extra_forbidden"} else False
    except RecursionError:
        return False
    return _is_part(data, event_data(event))


def _is_part(data: Any, whole: Any) -> bool:
    """Whether plain values are the same; fields of a later version may be missing."""
    if isinstance(data, dict) and isinstance(whole, dict):
        return all(name in whole and _is_part(value, whole[name]) for name, value in data.items())
    if isinstance(data, list) and isinstance(whole, list):
        return len(data) == len(whole) and all(_is_part(*pair) for pair in zip(data, whole, strict=True))
    return type(data) is type(whole) and bool(data == whole)


def event_data(event: Event) -> dict[str, Any]:
    """The event's own fields as plain JSON values, without its kind."""
    return event.model_dump(mode="json", exclude={"kind"})


def is_decision(event: Event) -> bool:
    """Whether the event changes the state of the session."""
    return isinstance(event, Decision)


__all__ = [
    "ActorNamed",
    "AnswerCited",
    "Answered",
    "Asked",
    "CheckAnswered",
    "CheckpointSigned",
    "CheckpointUnsigned",
    "Circumstance",
    "ClockStepped",
    "Decision",
    "Deed",
    "Event",
    "Evidence",
    "EvidenceAdded",
    "FileCited",
    "FileState",
    "FrontEndAttached",
    "FrontEndDetached",
    "HandedOver",
    "Happened",
    "HolderCited",
    "InputHidden",
    "JournalRecovered",
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
    "SourceFileCited",
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
    "WorldCounted",
    "WorldPlayed",
    "event_data",
    "has_its_shape",
    "is_decision",
    "read_event",
]
