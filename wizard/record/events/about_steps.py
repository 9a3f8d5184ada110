"""Events of one step: questions, answers, checks, waits, ends."""

from typing import Literal

from pydantic import Field

from wizard.fields.verdict import Verdict
from wizard.record.events.base import AnswerCited, Decision, Deed, Evidence, Option, QuestionKind


Purpose = Literal["target", "who", "remember", "fence", "already", "before", "expect", "after", "held"]
"""Why a check was made. `held`: an `after` check run again on resume."""

StepEnd = Literal["done", "found done", "skipped", "undone", "not applicable", "failed"]


class StepBegan(Decision):
    """The step is the current one from here on."""

    kind: Literal["step.began"] = "step.began"
    step: str


class Asked(Decision):
    """A question as the person saw it."""

    kind: Literal["asked"] = "asked"
    question: int
    question_kind: QuestionKind = Field(alias="sort")
    step: str | None
    text: str
    options: tuple[Option, ...]
    default: str = ""
    """The option a bare Enter takes; empty where there is none, as on every gate."""
    gate: bool = False
    item: int | None = None
    name: str = ""
    """The name that the answer fills, for `ask`, `choose` and `secret`."""


class Answered(Deed):
    """What the person answered. A secret value is not in it."""

    kind: Literal["answered"] = "answered"
    question: int
    question_kind: QuestionKind = Field(alias="sort")
    step: str | None
    choice: str
    reason: str = ""
    value: str | None = None
    evidence: tuple[Evidence, ...] = ()
    item: int | None = None
    name: str = ""


class CheckAnswered(Decision):
    """The final answer of one check: one record a check, not a poll.

    `got` and `first` are short, redacted texts of the last and the first attempt's answer.
    """

    kind: Literal["check.answered"] = "check.answered"
    step: str | None
    undo: bool = False
    purpose: Purpose
    index: int
    command: str
    wanted: str
    verdict: Verdict
    why: str = ""
    exit: int | None = None
    got: str = ""
    first: str = ""
    attempts: int = 1
    seconds: float = 0.0
    answer: AnswerCited | None = None


class ValueCaptured(Decision):
    """A step gave a name its value."""

    kind: Literal["value.captured"] = "value.captured"
    step: str
    name: str
    value: str | None
    """None for a secret."""


class WaitBegan(Decision):
    """A soak or a `wait` act started; `seconds` are still to pass."""

    kind: Literal["wait.began"] = "wait.began"
    step: str
    wait_kind: Literal["soak", "wait"] = Field(alias="sort")
    seconds: float


class WaitEnded(Decision):
    """The time has passed, or was cut short for a reason."""

    kind: Literal["wait.ended"] = "wait.ended"
    step: str
    wait_kind: Literal["soak", "wait"] = Field(alias="sort")
    cut_short: str = ""


class UndoBegan(Decision):
    """The step is being taken back."""

    kind: Literal["undo.began"] = "undo.began"
    step: str


class WorldPlayed(Decision):
    """In a rehearsal the pretend platform did what a person would have done elsewhere."""

    kind: Literal["world.played"] = "world.played"
    step: str
    item: int
    command: str
    exit: int | None
    answer: AnswerCited | None = None


class StepEnded(Decision):
    """The step is behind us, in this state."""

    kind: Literal["step.ended"] = "step.ended"
    step: str
    state: StepEnd
    reason: str = ""


class Noted(Deed):
    """A remark of the operator."""

    kind: Literal["noted"] = "noted"
    step: str | None
    text: str


class EvidenceAdded(Deed):
    """Evidence that the operator brought of their own accord."""

    kind: Literal["evidence.added"] = "evidence.added"
    step: str | None
    evidence: Evidence
