"""What a session is at one moment: a value made from events and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from wizard.clock import Instant, parse_rfc3339
from wizard.fields.verdict import Verdict
from wizard.record.events import (
    Asked,
    CheckAnswered,
    HandedOver,
    Happened,
    Operator,
    Purpose,
    RunEnded,
    RunIntent,
    RunStarted,
    SessionOpened,
    TakeOverAsked,
    TakeOverEnded,
    TakeOverWanted,
    TargetBusy,
    UnfinishedCited,
)


class Stage(StrEnum):
    """How far a step is in its order."""

    WAITING = "waiting"
    """Not begun."""
    LOOKING = "looking"
    """Begun; the world is looked at, then the operator is asked."""
    CLEARED = "cleared"
    """The operator said go; gates follow, then a last look, then the act."""
    RUNNING = "running"
    UNKNOWN = "unknown"
    """The act's outcome is unknown and not settled."""
    PROVING = "proving"
    """The act is over; `expect` and `after` are judged."""
    ENDED = "ended"


class Mark(StrEnum):
    """The state of a step, in the words that every front end shows."""

    TO_DO = "to do"
    NOW = "now"
    RUNNING = "running"
    DONE = "done"
    DONE_BY_HAND = "done by hand"
    FOUND_DONE = "found done"
    ACCEPTED = "accepted"
    NEEDS_YOU = "needs you"
    WAITING = "waiting"
    """Time has to pass; nobody is needed for that."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    UNDONE = "undone"
    NOT_APPLICABLE = "does not apply"


Ending = Literal["done", "done by hand", "found done", "accepted", "skipped", "undone", "not applicable", "failed"]
"""How a step ended, folded from what led to it. The record's own word tells less: it says `done` also of a step whose
proof said no and that a person took as it is."""

PROVEN: frozenset[Ending | None] = frozenset({"done", "done by hand", "found done"})
"""The ends of a step whose effect is known to be there."""

PROOF: frozenset[Purpose] = frozenset({"expect", "after", "remember"})
"""The checks that prove an act; all others are made before it."""

CheckKey = tuple[Purpose, int]
Override = tuple[Purpose, int, Verdict]


@dataclass(frozen=True, slots=True)
class When:
    """The place of a record in time and order."""

    seq: int
    at: str
    boottime: int
    boot_id: str
    age: float = 0.0
    """Seconds since record 0, added up from record to record, so that setting the wall clock within a boot adds
    nothing, and only the way from one boot to the next is told by it."""

    @classmethod
    def of(cls, happened: Happened, earlier: "When | None" = None) -> "When":
        """The place of one record behind another."""
        place = cls(happened.seq, happened.at, happened.boottime, happened.boot_id)
        return place if earlier is None else replace(place, age=earlier.age_at(place))

    def age_at(self, later: "When | Instant") -> float:
        """The age of a later moment; time that seems to run backwards does not count."""
        if later.boot_id == self.boot_id:
            return self.age + max(0.0, (later.boottime - self.boottime) / 1e9)
        moment = later.instant() if isinstance(later, When) else later
        return self.age + max(0.0, moment.seconds_since(self.instant()))

    def instant(self) -> Instant:
        """The same moment on both clocks."""
        return Instant(parse_rfc3339(self.at), self.boottime, self.boot_id)


@dataclass(frozen=True, slots=True)
class RunState:
    """One run: its intent, and how far it came."""

    intent: RunIntent
    asked_at: When
    started: RunStarted | None = None
    ended: RunEnded | None = None
    settled: bool | None = None
    """How an unknown outcome was settled: it finished, or it did not happen."""
    stop_requested: bool = False
    stopped_by: str = ""
    """Who or what asked for the stop."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wait in progress."""

    kind: str
    seconds: float
    began: When
    cut_short: str = ""
    """Why a person ends it before its time; empty while nobody does."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Somebody went on although a check, or a step that is needed, said otherwise.

    Attributes:
        by: Who.
        reason: Why.
        said: What the checks said, in their own sentences.
    """

    by: str
    reason: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class StepState:
    """One step, or the undo of one."""

    id: str
    stage: Stage = Stage.WAITING
    end: Ending | None = None
    ended_at: When | None = None
    reason: str = ""
    check_results: Mapping[CheckKey, CheckAnswered] = field(default_factory=dict)
    """The latest answer of each check that still counts."""
    checked_at: Mapping[CheckKey, When] = field(default_factory=dict)
    """When each check was answered last."""
    passed: frozenset[str] = frozenset()
    """Gates passed since the step was last looked at: go, by hand, confirm, type, soak. `by hand` is the go of an
    operator who does it themselves."""
    overridden: frozenset[Override] = frozenset()
    """Answers that a person overrode. Another answer of the same check is not covered: a missing answer is not a no."""
    overridden_needs: bool = False
    accepted: Acceptance | None = None
    """Who took it as it is, and why; the last one, where several did."""
    ticked: frozenset[int] = frozenset()
    played: frozenset[int] = frozenset()
    failed_items: frozenset[int] = frozenset()
    """Items that the pretend platform tried and failed at; they are asked for again."""
    captured: frozenset[str] = frozenset()
    given: str | None = None
    """The value answered to an `ask` or `choose`, until it is captured."""
    attempt: int = 0
    run: int | None = None
    has_effect: bool = False
    """Something was done, by a command or by hand, and has not been taken back."""
    changed_nothing: bool = False
    """The probe, asked after the act, said that its effect is not there."""
    by_hand: bool = False
    found_done: bool = False
    found: str = ""
    """What the probe said of a step that was found done."""
    probing: bool = False
    """The probe was chosen to settle an unknown outcome."""
    leaving: str | None = None
    """The reason with which the step is being skipped."""
    waiting: Waiting | None = None
    waited: bool = False

    @property
    def doing_by_hand(self) -> bool:
        """Whether the operator said that they do it themselves."""
        return "by hand" in self.passed

    @property
    def unproven(self) -> tuple[CheckAnswered, ...]:
        """The proofs of the act that did not say yes, as they stand now."""
        return tuple(
            look for (purpose, _), look in self.check_results.items() if purpose in PROOF and look.verdict != "yes"
        )


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something that did not go as the procedure has it (promise 8).

    Attributes:
        at: When.
        step: At which step, or None.
        what: What was done instead.
        reason: Why, in the words of whoever did it.
        by: Who: a user, or `auto`.
        said: What the checks had said, in their own sentences; empty where none said no.
    """

    at: When
    step: str | None
    what: str
    reason: str
    by: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class SessionState:
    """The whole session. `steps` holds an entry for each step that something happened to."""

    opened: SessionOpened
    opened_at: When
    last: When
    values: Mapping[str, str]
    """Everything a `${name}` may stand for, secrets left out."""
    secret_names: frozenset[str] = frozenset()
    remembered: frozenset[str] = frozenset()
    steps: Mapping[str, StepState] = field(default_factory=dict)
    undo: StepState | None = None
    undo_requested: bool = False
    current: str | None = None
    question: Asked | None = None
    questions: int = 0
    runs: Mapping[int, RunState] = field(default_factory=dict)
    phases_ended: Mapping[int, int] = field(default_factory=dict)
    """The phases that ended, each with the number of the record that says so."""
    deviations: tuple[Deviation, ...] = ()
    paused: bool = False
    pausing: bool = False
    stopping: str | None = None
    closed: Literal["completed", "stopped", "failed"] | None = None
    recovered: bool = False
    """A torn tail was cut off, and the operator has not acknowledged it yet."""
    resuming: bool = False
    """Resumed; what was true when the last step ended has not been checked again yet."""
    undo_reason: str = ""
    """Why the undo was asked for, until it begins."""
    auto: bool = False
    """A rehearsal that plays by itself; no person answers its questions."""
    was_auto: bool = False
    """It played by itself, at least for a while."""
    operator: Operator | None = None
    """Who took the session up last; None while the one who opened it is at it."""
    resume_checks: Mapping[CheckKey, CheckAnswered] = field(default_factory=dict)
    value_problem: CheckAnswered | None = None
    """The target or remembered value that could not be had."""
    lock: str = ""
    """The name of the target's lock, once the session held it."""
    holds: bool = False
    """The session holds its target, as far as the record tells: its wizard may be gone."""
    busy: TargetBusy | None = None
    """Who holds the target instead."""
    taking: str | None = None
    """The reason with which the target is to be asked for."""
    asked_over: TakeOverAsked | None = None
    refused_over: TakeOverEnded | None = None
    """What came of asking last."""
    wanted: TakeOverWanted | None = None
    """Who asks this session for its target."""
    giving: bool = False
    unfinished: tuple[UnfinishedCited, ...] = ()
    """Other sessions on the target that are not over, and about which nothing is decided yet."""
    closing_other: tuple[str, str] | None = None
    """The one of them that is to be closed, and why."""
    other_problem: str = ""
    going_on: str = ""
    """The session that is gone on with instead of this one."""
    handed: HandedOver | None = None
    """The session was handed over, and nobody accepted it yet."""
    handed_by: str = ""
    person: str = ""
    """Who accepted the session, where the account alone does not tell."""

    def step(self, step_id: str) -> StepState:
        """The state of a step, fresh when nothing happened to it yet."""
        return self.steps.get(step_id) or StepState(step_id)

    @property
    def current_operator(self) -> Operator:
        """Who is at the session now."""
        return self.operator or self.opened.operator

    @property
    def placed(self) -> bool:
        """Whether anything of the target was kept: from there on another place is never taken for it."""
        return bool(self.steps or self.lock) or any(name.startswith("remember.") for name in self.remembered)

    @property
    def who(self) -> str:
        """Who decides now: a user, or `auto`."""
        return "auto" if self.auto else self.person or self.current_operator.user

    @property
    def open_run(self) -> RunState | None:
        """The act's run that was intended and has not ended. A watch runs beside the steps and is never it."""
        newest = max((number for number, run in self.runs.items() if not run.intent.watch), default=0)
        return self.runs[newest] if newest and self.runs[newest].ended is None else None

    @property
    def starting(self) -> RunState | None:
        """The watch that the step before us is starting; its step goes on as soon as that is known."""
        actor = self.undo or self.step(self.current or "")
        run = self.runs.get(actor.run or 0)
        if run is None or actor.stage is not Stage.RUNNING or not run.intent.watch:
            return None
        return run if run.started is None and run.ended is None else None

    @property
    def watches(self) -> tuple[RunState, ...]:
        """The watches that were intended and have not ended, oldest first."""
        return tuple(run for _, run in sorted(self.runs.items()) if run.intent.watch and run.ended is None)


def mark(state: SessionState, step_id: str) -> Mark:
    """The state of a step in the words of the screens."""
    step = state.step(step_id)
    if step.end is not None and state.current != step_id:
        return {
            "done": Mark.DONE,
            "done by hand": Mark.DONE_BY_HAND,
            "accepted": Mark.ACCEPTED,
            "found done": Mark.FOUND_DONE,
            "skipped": Mark.SKIPPED,
            "undone": Mark.UNDONE,
            "not applicable": Mark.NOT_APPLICABLE,
            "failed": Mark.FAILED,
        }[step.end]
    if state.current != step_id:
        return Mark.TO_DO
    if step.stage is Stage.UNKNOWN:
        return Mark.UNKNOWN
    if step.stage is Stage.RUNNING:
        return Mark.RUNNING
    if state.question is None or state.question.step != step_id:
        return Mark.NOW
    if state.question.question_kind == "soak":
        return Mark.WAITING
    return Mark.FAILED if state.question.question_kind in {"failed", "undo failed"} else Mark.NEEDS_YOU
