"""What goes into the engine and what comes out of it. Front ends know nothing else of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wizard.errors import ExitCode
from wizard.record.events import Evidence, Happened
from wizard.session import Answer, SessionState


@dataclass(frozen=True, slots=True)
class TypeKeys:
    """Bytes for the terminal of the running command, or of a watch.

    Attributes:
        data: What was typed.
        run: The watch's run; None for the running command.
    """

    data: bytes
    run: int | None = None


@dataclass(frozen=True, slots=True)
class ResizePane:
    """A live pane's new size in cells.

    Attributes:
        columns: Its width.
        rows: Its height.
        run: The watch whose pane it is; None for that of the running command.
    """

    columns: int
    rows: int
    run: int | None = None


@dataclass(frozen=True, slots=True)
class StopCommand:
    """Stop the running command, or a watch: INT, TERM, grace, KILL.

    Attributes:
        run: The watch's run; None for the running command.
    """

    run: int | None = None


@dataclass(frozen=True, slots=True)
class AddNote:
    """A remark for the record."""

    text: str


@dataclass(frozen=True, slots=True)
class AddEvidence:
    """Evidence brought without being asked."""

    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Leave:
    """Pause the session and leave it; a running command goes on in its supervisor."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Leave the session to somebody else, with a note; a running command goes on in its supervisor."""

    note: str


@dataclass(frozen=True, slots=True)
class Detach:
    """The front end is dying (a signal, a closed terminal): record it, leave everything as it is."""

    cause: str


Intention = Answer | TypeKeys | ResizePane | StopCommand | AddNote | AddEvidence | Leave | HandOver | Detach
"""What a front end may submit. An `Answer` to the open question is one of them."""


@dataclass(frozen=True, slots=True)
class Activity:
    """What the engine is doing between events; shown, never recorded.

    Attributes:
        kind: Thinking of nothing else: asking, checking, running, waiting, taking over.
        text: The command of a check, the title of a wait.
        attempt: Which attempt of a polled check this is, from 1.
        left: Seconds until a wait or a poll's deadline ends, as of now; None where there is none.
        run: Number of the running run.
    """

    kind: Literal["asking", "checking", "running", "waiting", "closing", "taking over"]
    text: str = ""
    attempt: int = 1
    left: float | None = None
    run: int | None = None


@dataclass(frozen=True, slots=True)
class RunHealth:
    """Signs of life of a running command, as of now; told about twice a second, never recorded.

    Attributes:
        run: Number of the run.
        connected: The wizard has a line to the command's supervisor.
        exists: The command's process is there.
        size: Bytes of output so far.
        silent: Seconds since the output last grew.
        percent: How far the command says it is, 0 to 100; None where it does not say.
        usual: Seconds the step's command usually takes; None where that is not known.
        slow: It takes noticeably longer than usual.
        seconds: How long it has been running.
        still: It was running already when this session was resumed.
    """

    run: int
    connected: bool
    exists: bool
    size: int = 0
    silent: float = 0.0
    percent: float | None = None
    usual: float | None = None
    slow: bool = False
    seconds: float = 0.0
    still: bool = False

    @property
    def alive(self) -> bool:
        """Whether the command is known to be running."""
        return self.connected and self.exists


@dataclass(frozen=True, slots=True)
class UsualTimes:
    """How long things usually take; arrives some time after the start.

    Attributes:
        seconds: Of the commands of steps, by step id.
        session: Of a whole session, from its beginning to its end; None where none was completed.
    """

    seconds: Mapping[str, float]
    session: float | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """One event, durable by now, and the state after it."""

    happened: Happened
    state: SessionState


@dataclass(frozen=True, slots=True)
class ScreenLent:
    """A full screen program waits to be shown on the real terminal; until its run has ended, that is its own.

    Attributes:
        run: Number of the run.
        terminal: Our end of the program's terminal, a descriptor for `wizard.lending`, which closes it.
    """

    run: int
    terminal: int


@dataclass(frozen=True, slots=True)
class ObserveOther:
    """Whoever waits for the target wants to see what is done there meanwhile; their question stays open.

    Attributes:
        folder: The session that holds it.
    """

    folder: Path


@dataclass(frozen=True, slots=True)
class IntentionRefused:
    """An intention did not fit; nothing changed."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be known that changes nothing."""

    sentence: str


@dataclass(frozen=True, slots=True)
class RecordTrouble:
    """The record cannot be written; no new act starts until it can."""

    sentence: str


@dataclass(frozen=True, slots=True)
class SessionFinished:
    """The engine's thread is over; the last message of every engine.

    Attributes:
        code: What the process should exit with.
        sentence: What to tell the person: where the session is, how to go on.
        folder: The session's folder.
        head: The hash of the record's last line, for the ticket.
        records: How many records there are.
    """

    code: ExitCode
    sentence: str
    folder: Path
    head: str = ""
    records: int = 0


Message = (
    Update
    | Activity
    | RunHealth
    | UsualTimes
    | ScreenLent
    | ObserveOther
    | IntentionRefused
    | Remark
    | RecordTrouble
    | SessionFinished
)
"""What the engine emits, in order, from its own thread."""
