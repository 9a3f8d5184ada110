"""What may happen next: a closed union of actions. The engine carries them out; the plan only names them."""

from dataclasses import dataclass
from typing import Literal

from wizard.record.events import Asked, Purpose, StepEnd


Scope = Literal["target", "who", "remember"]


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Take a `target`, `who` or `remember` value from the world."""

    scope: Scope
    name: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Take the target's lock, or find out who has it."""


@dataclass(frozen=True, slots=True)
class RequestTakeOver:
    """Ask whoever holds the target for it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Yield:
    """Give the target to the one who asked for it, and leave."""


@dataclass(frozen=True, slots=True)
class CloseOther:
    """Close another, unfinished session on the same target."""

    session: str
    reason: str


@dataclass(frozen=True, slots=True)
class BeginStep:
    """Make a step the current one."""

    step: str


@dataclass(frozen=True, slots=True)
class BeginUndo:
    """Start taking a finished step back."""

    step: str


@dataclass(frozen=True, slots=True)
class EndStep:
    """Put the step behind us."""

    step: str
    state: StepEnd
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunCheck:
    """Make one check of a step (or of its undo), of the fence, or of what held when the last step ended."""

    step: str | None
    purpose: Purpose
    index: int
    undo: bool = False


@dataclass(frozen=True, slots=True)
class JudgeOutput:
    """Judge the output of the act that just ended."""

    step: str
    undo: bool = False


@dataclass(frozen=True, slots=True)
class CaptureValue:
    """Take a value from the run's output, or from the operator's answer."""

    step: str
    name: str
    given: str | None = None


@dataclass(frozen=True, slots=True)
class AskQuestion:
    """Put a question to the operator."""

    question: Asked


@dataclass(frozen=True, slots=True)
class AwaitAnswer:
    """A question is open."""

    question: Asked


@dataclass(frozen=True, slots=True)
class StartRun:
    """Write the intent, then start the act's command."""

    step: str
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Follow:
    """A command runs; wait for its end."""

    run: int


@dataclass(frozen=True, slots=True)
class EndWatch:
    """A watch has run as long as it should; have it stopped.

    Attributes:
        run: Its run.
        by: What ends it, in the words of the record: `step migrate`, `the end of the session`.
    """

    run: int
    by: str


@dataclass(frozen=True, slots=True)
class StartWait:
    """Begin a soak or a wait of so many seconds."""

    step: str
    kind: Literal["soak", "wait"]
    seconds: float


@dataclass(frozen=True, slots=True)
class ContinueWait:
    """A wait is under way; so many seconds are left (not above zero: it is over), or it is cut short for a reason."""

    step: str
    kind: Literal["soak", "wait"]
    left: float
    cut_short: str = ""


@dataclass(frozen=True, slots=True)
class SimulateItem:
    """In a rehearsal, let the world do what the ticked item stands for."""

    step: str
    item: int


@dataclass(frozen=True, slots=True)
class Settle:
    """The probe settled an unknown outcome."""

    run: int
    finished: bool


@dataclass(frozen=True, slots=True)
class EndPhase:
    """All steps of a phase are behind us."""

    phase: int
    title: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Leave the session for later."""


@dataclass(frozen=True, slots=True)
class Close:
    """Write the closing record."""

    state: Literal["completed", "stopped", "failed"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The session is closed or paused; nothing follows."""


Action = (
    Evaluate
    | Hold
    | RequestTakeOver
    | Yield
    | CloseOther
    | BeginStep
    | BeginUndo
    | EndStep
    | RunCheck
    | JudgeOutput
    | CaptureValue
    | AskQuestion
    | AwaitAnswer
    | StartRun
    | Follow
    | EndWatch
    | StartWait
    | ContinueWait
    | SimulateItem
    | Settle
    | EndPhase
    | Pause
    | Close
    | Nothing
)
