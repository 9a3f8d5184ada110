"""Events of one run: intent, start, end."""

from typing import Literal

from pydantic import Field

from wizard.record.events.base import (
    Circumstance,
    Decision,
    Deed,
    EventPart,
    Evidence,
    FileCited,
    OutputCited,
    TailCited,
)
from wizard.record.recovery import LeftBehind


class FileState(EventPart):
    """A file that a full screen program may change, at one moment.

    Attributes:
        at: Its absolute path.
        sha256: Of its bytes; or `absent`, or `unreadable`.
    """

    at: str
    sha256: str


class RunIntent(Decision):
    """What is about to be started. On disk before the order leaves (promise 1)."""

    kind: Literal["run.intent"] = "run.intent"
    run: int
    step: str
    attempt: int
    undo: bool = False
    words: tuple[str, ...]
    """Redacted. A `shell:` act has bash and its options here, and its text in `script`."""
    script: str = ""
    executable: str
    executable_sha256: str
    cwd: str
    env: tuple[str, ...]
    """Names only."""
    timeout: float | None = None
    repeat: str
    private: bool = False
    stderr_apart: bool = False
    """Standard error is a stream of its own in `timing`."""
    watch: bool = False
    """It runs beside the steps: its step is done when it has started, and its end is nobody's failure."""
    full_screen: bool = False
    """The program has the whole terminal; what is typed and shown there is recorded nowhere."""
    files: tuple[FileState, ...] = ()
    """What the files that the step names were before it; those of the end are in `RunEnded`."""


class RunStarted(Decision):
    """The supervisor owns the command. Pids with start times name processes for good."""

    kind: Literal["run.started"] = "run.started"
    run: int
    pid: int
    pid_start: int
    supervisor: int
    supervisor_start: int


class RunEnded(Decision):
    """How the run ended: `ended` with its status, `not started`, or `unknown`."""

    kind: Literal["run.ended"] = "run.ended"
    run: int
    outcome: Literal["ended", "not started", "unknown"]
    exit: int | None = None
    signal: int | None = None
    started: str = ""
    finished: str = ""
    seconds: float = 0.0
    output: OutputCited | None = None
    tail: tuple[TailCited, ...] = ()
    """Only of an unknown outcome: what else there is of the output, in order."""
    beside: tuple[FileCited, ...] = ()
    """What else its supervisor left: `claim`, `started.json`, `timing`, `exit.json`. Empty in older journals."""
    gap: tuple[int, int] | None = None
    redactions: dict[str, int] = Field(default_factory=dict)
    left_running: tuple[LeftBehind, ...] = ()
    stopped_by: str = ""
    stop_reason: str = ""
    problem: str = ""
    hidden_input: bool = False
    files: tuple[FileState, ...] = ()
    while_away: bool = False
    """No wizard was attached when it ended; the supervisor's exit file told."""
    printed: str = ""
    """Of a watch that nobody had ended: the last lines of its output, behind `…` where there were more."""


class RunSettled(Deed):
    """An unknown outcome was settled, by the probe or by a person's evidence."""

    kind: Literal["run.settled"] = "run.settled"
    run: int
    finished: bool
    by: Literal["probe", "operator"]
    evidence: tuple[Evidence, ...] = ()


class StopRequested(Deed):
    """Somebody asked that the command be stopped."""

    kind: Literal["run.stop-requested"] = "run.stop-requested"
    run: int
    by: str
    due: bool = False
    """The procedure itself ends a watch here; nobody deviated from it."""


class RunQuiet(Circumstance):
    """The command has said nothing for as long as the step calls unusual."""

    kind: Literal["run.quiet"] = "run.quiet"
    run: int
    seconds: float


class InputHidden(Circumstance):
    """The command switched the echo of typed keys off or on; what is typed then is recorded nowhere."""

    kind: Literal["run.input-hidden"] = "run.input-hidden"
    run: int
    hidden: bool


class ScreenWanted(Circumstance):
    """The command switched to the alternate screen, though its step does not give it the terminal."""

    kind: Literal["run.screen-wanted"] = "run.screen-wanted"
    run: int
