"""The conductor: intention in, journal first, then act, events out. It lives in one thread of its own."""

from wizard.engine.messages import (
    Activity,
    AddEvidence,
    AddNote,
    Detach,
    Finished,
    Intention,
    Leave,
    Message,
    RecordTrouble,
    Refused,
    ResizePane,
    StopCommand,
    TypeKeys,
    Update,
)


__all__ = [
    "Activity",
    "AddEvidence",
    "AddNote",
    "Detach",
    "Finished",
    "Intention",
    "Leave",
    "Message",
    "RecordTrouble",
    "Refused",
    "ResizePane",
    "StopCommand",
    "TypeKeys",
    "Update",
]
