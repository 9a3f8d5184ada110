"""The conductor: intention in, journal first, then act, events out. It lives in one thread of its own."""

from wizard.engine.engine import Engine
from wizard.engine.messages import (
    Activity,
    AddEvidence,
    AddNote,
    Detach,
    HandOver,
    Intention,
    IntentionRefused,
    Leave,
    Message,
    ObserveOther,
    RecordTrouble,
    Remark,
    ResizePane,
    RunHealth,
    ScreenLent,
    SessionFinished,
    StopCommand,
    TypeKeys,
    Update,
    UsualTimes,
)
from wizard.engine.opening import News, open_session, resume_session
from wizard.engine.preparing import prepare, require_ticket, with_values
from wizard.engine.request import Field, Preparation, Request


__all__ = [
    "Activity",
    "AddEvidence",
    "AddNote",
    "Detach",
    "Engine",
    "Field",
    "HandOver",
    "Intention",
    "IntentionRefused",
    "Leave",
    "Message",
    "News",
    "ObserveOther",
    "Preparation",
    "RecordTrouble",
    "Remark",
    "Request",
    "ResizePane",
    "RunHealth",
    "ScreenLent",
    "SessionFinished",
    "StopCommand",
    "TypeKeys",
    "Update",
    "UsualTimes",
    "open_session",
    "prepare",
    "require_ticket",
    "resume_session",
    "with_values",
]
