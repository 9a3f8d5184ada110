"""Events of the session as a whole."""

from typing import Literal

from pydantic import Field

from wizard.record.events.base import Circumstance, Decision, Deed, EventPart, Operator, SourceFileCited
from wizard.record.modes import Mode


class ProcedureCited(EventPart):
    """Which procedure this session runs."""

    name: str
    title: str
    version: str
    source: str = ""
    builtin: bool
    main: str
    """Path of the main file within the session's own copy."""


class RehearsalCited(EventPart):
    """Which pretend platform a rehearsal plays on; `servers` are the offerings whose instances were real servers."""

    world: str
    seed: int
    drill: str = ""
    exam: bool = False
    servers: tuple[str, ...] = ()
    speed: float = 30.0
    """Pretend seconds that pass in one second on the screen."""


class SessionOpened(Decision):
    """Record 0. `parameters` holds no secret; `secrets` names those that were asked for."""

    kind: Literal["session.opened"] = "session.opened"
    format: Literal[1] = 1
    session: str
    mode: Mode
    procedure: ProcedureCited
    manifest: str
    files: tuple[SourceFileCited, ...]
    nonce: str
    uplevel: str
    python: str
    system: str
    operator: Operator
    ticket: str = ""
    parameters: dict[str, str] = Field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    ports: dict[str, str] = Field(default_factory=dict)
    """The local ports that were free, by the names of the procedure."""
    today: str
    trust: str
    """What the start page said of the file when it was accepted (wizard.model.trust)."""
    rehearsal: RehearsalCited | None = None


class ValueRemembered(Decision):
    """A value of the world: `target` and `remember` are taken when a session is opened, `who` at each resume too."""

    kind: Literal["value.remembered"] = "value.remembered"
    scope: Literal["target", "who", "remember"]
    name: str
    value: str | None
    """None for a secret."""


class PhaseEnded(Decision):
    """All steps of a phase are behind us; `head` is the chain's head just before, for the ticket."""

    kind: Literal["phase.ended"] = "phase.ended"
    phase: int
    title: str
    head: str


class ActorNamed(Decision):
    """Somebody who decides from here on, by a number that decisions carry.

    A record of its own, so that it can be withheld: its hash stays in the chain, and the salt keeps a guess from being
    compared with it.
    """

    kind: Literal["actor.named"] = "actor.named"
    number: int
    actor_kind: Literal["person", "auto"] = Field(alias="sort")
    salt: str
    user: str = ""
    real_user: str = ""
    """Who became `user` by sudo."""
    host: str = ""
    tty: str = ""
    source: str = ""
    front_end: str = ""
    key: str = ""
    """Fingerprint of the key that signed this session last; empty where none did."""


class SessionPaused(Deed):
    """The operator left; nothing new starts until somebody resumes."""

    kind: Literal["session.paused"] = "session.paused"
    step: str | None
    running: bool = False
    """A command goes on in its supervisor."""


class SessionResumed(Decision):
    """Somebody took the session up again."""

    kind: Literal["session.resumed"] = "session.resumed"
    operator: Operator
    uplevel: str
    restarted: bool = False
    """The machine was restarted since the record before; what it ran then ended with it."""


class SessionClosed(Decision):
    """The closing record; `count` is the number of records before it."""

    kind: Literal["session.closed"] = "session.closed"
    state: Literal["completed", "stopped", "failed"]
    count: int
    reason: str = ""


class JournalRecovered(Decision):
    """A torn tail was cut off and kept aside."""

    kind: Literal["journal.recovered"] = "journal.recovered"
    good_seq: int
    lost_bytes: int
    kept_as: str


class RecordMoved(Decision):
    """The record is kept in another folder from here on. Nothing writes this; a journal that has it can be read."""

    kind: Literal["record.moved"] = "record.moved"
    came_from: str
    folder: str
    why: str


class CheckpointSigned(Decision):
    """The head was signed; the signature lies in `checkpoints/`."""

    kind: Literal["checkpoint.signed"] = "checkpoint.signed"
    purpose: Literal["open", "phase", "close"]
    count: int
    head: str
    namespace: str
    key: str
    file: str


class CheckpointUnsigned(Circumstance):
    """The head could not be signed, and why."""

    kind: Literal["checkpoint.unsigned"] = "checkpoint.unsigned"
    purpose: Literal["open", "phase", "close"]
    why: str


class WorldCounted(Circumstance):
    """What the pretend platform of a rehearsal counted so far: its own time in seconds, and what its visitors met."""

    kind: Literal["world.counted"] = "world.counted"
    now: int
    counts: dict[str, float] = Field(default_factory=dict)


class FrontEndAttached(Circumstance):
    """A front end shows the session."""

    kind: Literal["front-end.attached"] = "front-end.attached"
    front_end: Literal["textual", "plain", "none"]
    auto: bool = False
    pid: int
    columns: int = 0
    rows: int = 0


class FrontEndDetached(Circumstance):
    """A front end left, and why: paused, finished, a signal, an error."""

    kind: Literal["front-end.detached"] = "front-end.detached"
    cause: str


class Resized(Circumstance):
    """The operator's terminal changed its size."""

    kind: Literal["front-end.resized"] = "front-end.resized"
    columns: int
    rows: int


class ClockStepped(Circumstance):
    """The wall clock disagrees with the boot clock by this many seconds."""

    kind: Literal["clock.stepped"] = "clock.stepped"
    seconds: float
