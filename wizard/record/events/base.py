"""What every event has in common, and the small records that several of them carry."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class EventPart(BaseModel):
    """A frozen piece of an event. Inputs are hidden in errors, because they may hold a value nobody may see."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_by_name=True,
        serialize_by_alias=True,
        defer_build=True,
    )


class Decision(EventPart):
    """An event that changes the state of the session; on disk before anybody sees it."""


class Deed(Decision):
    """A decision of somebody: `actor` is the number of the record that says who; 0 in older journals."""

    actor: int = 0


class Circumstance(EventPart):
    """An event that an auditor may want and that changes no state."""


class Operator(EventPart):
    """Who sits at the terminal, and from where (NIST 800-53 AU-3)."""

    user: str
    uid: int
    host: str
    tty: str = ""
    source: str = ""
    """Address of the SSH client, where there is one."""
    sudo_user: str = ""


class SourceFileCited(EventPart):
    """One file of the procedure as the session stored it."""

    path: str
    sha256: str
    bytes: int


class OutputCited(EventPart):
    """A run's whole output file, redacted, as it stands in the run's folder."""

    sha256: str
    len: int


class FileCited(EventPart):
    """A file beside an output in the folder of its run, as it stood when the run had ended."""

    name: str
    sha256: str
    len: int


class TailCited(EventPart):
    """A segment of the end of a long output that its supervisor could not append: `tail.BEGIN/output` of the run."""

    begin: int
    """Which byte of all that was printed is its first."""
    sha256: str
    len: int


class AnswerCited(EventPart):
    """A stretch of `checks/output`."""

    offset: int
    len: int
    sha256: str


class Evidence(EventPart):
    """What a person brings as proof: a text, an address, or a file by its hash."""

    kind: Literal["text", "url", "file"] = Field(alias="sort")
    text: str
    sha256: str = ""
    bytes: int = 0
    """Of a file: how long it is."""
    kept: bool = False
    """A copy of the file stands in the session as `evidence/SHA256`."""


class Option(EventPart):
    """One way to answer a question.

    Attributes:
        id: The word that the journal keeps.
        label: The words that a person reads.
        needs: What must come with it: nothing, a reason, the exact text `expects`, a value, or evidence.
        expects: The text to be typed where `needs` is `typed`; the kind of evidence where one is asked for.
    """

    id: str
    label: str
    needs: Literal["nothing", "reason", "typed", "value", "secret", "evidence"] = "nothing"
    expects: str = ""


QuestionKind = Literal[
    "go",
    "confirm",
    "type",
    "item",
    "ask",
    "choose",
    "secret",
    "soak",
    "found done",
    "no answer",
    "before",
    "fence",
    "needs",
    "failed",
    "unknown",
    "value",
    "undo",
    "undo failed",
    "held",
    "recovered",
    "busy",
    "unfinished",
    "take over",
    "handed over",
]
