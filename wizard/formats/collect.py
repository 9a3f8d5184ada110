"""The events of a journal sorted by the step they belong to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import ValidationError

from wizard.record.events import (
    Answered,
    Asked,
    CheckAnswered,
    EvidenceAdded,
    Happened,
    Noted,
    RunEnded,
    RunIntent,
    RunSettled,
    RunStarted,
    ScreenWanted,
    SessionOpened,
    StepBegan,
    StepEnded,
    StopRequested,
    ValueCaptured,
    WaitBegan,
    WaitEnded,
    WorldPlayed,
)
from wizard.record.journal import Record
from wizard.session import SessionState, advance, begin
from wizard.session.event_words import event_words
from wizard.session.record_shape import happened_of


@dataclass(slots=True)
class RunEvents:
    """What happened to one run."""

    intent: RunIntent
    started: str = ""
    ended: RunEnded | None = None
    settled: RunSettled | None = None
    stopped_by: str = ""
    screen_wanted: bool = False


@dataclass(slots=True)
class StepEvents:
    """What happened to one step, or to the session where no step was before it."""

    began: str = ""
    ended: str = ""
    state: str = ""
    reason: str = ""
    runs: list[int] = field(default_factory=list)
    checks: list[tuple[str, CheckAnswered]] = field(default_factory=list)
    questions: list[tuple[str, Asked]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Collected:
    """A whole journal, sorted.

    Attributes:
        happened: The events this version knows, in order.
        unknown: Records it does not know, in order.
        steps: By step id; the empty id is the session itself.
        answers: By question number: when, what, and who answered: a user, or `auto`.
        state: The session after the last of them; None where its first record cannot be read.
    """

    happened: list[Happened] = field(default_factory=list)
    unknown: list[Record] = field(default_factory=list)
    steps: dict[str, StepEvents] = field(default_factory=dict)
    runs: dict[int, RunEvents] = field(default_factory=dict)
    answers: dict[int, tuple[str, Answered, str]] = field(default_factory=dict)
    state: SessionState | None = None

    def step(self, step_id: str | None) -> StepEvents:
        """The events of a step; made when there are none yet."""
        return self.steps.setdefault(step_id or "", StepEvents())


def collect(records: Iterable[Record]) -> Collected:
    """Sort the records of a journal. Never raises for what stands in them."""
    found = Collected()
    for record in records:
        try:
            happened = happened_of(record)
        except (ValidationError, RecursionError):
            found.unknown.append(record)
            continue
        found.happened.append(happened)
        found.state = _folded(found.state, happened)
        _of_run(found, happened)
        _of_step(found, happened, found.state.who if found.state is not None else "")
        _remark(found, happened)
    return found


def _folded(state: SessionState | None, happened: Happened) -> SessionState | None:
    """The state after a record; None before the one that opens the session."""
    if state is not None:
        return advance(state, happened)
    return begin(happened) if isinstance(happened.event, SessionOpened) else None


def _of_run(found: Collected, happened: Happened) -> None:
    event = happened.event
    if isinstance(event, RunIntent):
        found.runs[event.run] = RunEvents(event)
        found.step(event.step).runs.append(event.run)
        return
    known = RunStarted | RunEnded | RunSettled | StopRequested | ScreenWanted
    run = found.runs.get(event.run) if isinstance(event, known) else None
    if run is None:
        return
    match event:
        case RunStarted():
            run.started = happened.at
        case RunEnded():
            run.ended = event
        case RunSettled():
            run.settled = event
        case StopRequested():
            run.stopped_by = event.by
        case ScreenWanted():
            run.screen_wanted = True
        case _:
            return


def _of_step(found: Collected, happened: Happened, who: str) -> None:
    event, at = happened.event, happened.at
    match event:
        case StepBegan():
            step = found.step(event.step)
            step.began, step.ended, step.state = step.began or at, "", ""
        case StepEnded():
            step = found.step(event.step)
            step.ended, step.state, step.reason = at, event.state, event.reason
        case CheckAnswered():
            found.step(event.step).checks.append((at, event))
        case Asked():
            found.step(event.step).questions.append((at, event))
        case Answered():
            found.answers[event.question] = (at, event, who)
        case _:
            return


def _remark(found: Collected, happened: Happened) -> None:
    """What is told of a step beside runs, checks and questions."""
    match happened.event:
        case (
            Noted(step=step)
            | EvidenceAdded(step=step)
            | ValueCaptured(step=step)
            | WaitBegan(step=step)
            | WaitEnded(step=step)
            | WorldPlayed(step=step)
        ):
            found.step(step).remarks.append(f"{happened.at} {event_words(happened.event)}")
        case _:
            return
