"""fold(events) -> state. Total: any order of known events gives a state, never an exception."""

from collections.abc import Iterable
from dataclasses import replace

from wizard.record.events import (
    ActorNamed,
    Answered,
    Asked,
    CheckAnswered,
    CheckpointSigned,
    Circumstance,
    Event,
    EvidenceAdded,
    FrontEndAttached,
    HandedOver,
    Happened,
    JournalRecovered,
    Noted,
    Operator,
    OtherClosed,
    PhaseEnded,
    RecordMoved,
    RunEnded,
    RunIntent,
    RunSettled,
    RunStarted,
    SessionClosed,
    SessionOpened,
    SessionPaused,
    SessionResumed,
    StepBegan,
    StepEnd,
    StepEnded,
    StopRequested,
    TakenOver,
    TakeOverAsked,
    TakeOverEnded,
    TakeOverWanted,
    TargetBusy,
    TargetHeld,
    UndoBegan,
    UnfinishedFound,
    ValueCaptured,
    ValueRemembered,
    WaitBegan,
    WaitEnded,
    WorldPlayed,
)
from wizard.session.answer_effects import fold_answer
from wizard.session.change import change_actor, change_step, deviate, sentences
from wizard.session.fold_operators import fold_operators, left_alone
from wizard.session.fold_runs import fold_run
from wizard.session.state import PROVEN, Ending, SessionState, Stage, StepState, Waiting, When


TORN = "the end of the record was torn"


def kept_aside(event: JournalRecovered) -> str:
    """What became of an end that was torn."""
    return f"{event.lost_bytes} bytes are kept aside as {event.kept_as}"


def begin(happened: Happened) -> SessionState:
    """The state after record 0.

    Raises:
        ValueError: The first event is not `session.opened`.
    """
    event = happened.event
    if not isinstance(event, SessionOpened):
        raise ValueError(f"a journal opens with session.opened, not {event.kind}")
    when = When.of(happened)
    values = {**event.parameters, **event.ports, "today": event.today, "session": event.session}
    return SessionState(opened=event, opened_at=when, last=when, values=values, secret_names=frozenset(event.secrets))


def fold(events: Iterable[Happened]) -> SessionState:
    """The state after all these events.

    Raises:
        ValueError: There are none, or the first is not `session.opened`.
    """
    iterator = iter(events)
    first = next(iterator, None)
    if first is None:
        raise ValueError("a journal without records has no state")
    state = begin(first)
    for happened in iterator:
        state = advance(state, happened)
    return state


def advance(state: SessionState, happened: Happened) -> SessionState:
    """The state after one more event. Circumstances move nothing but the place in the record."""
    event = happened.event
    when = When.of(happened, state.last)
    state = replace(state, last=when, resuming=state.resuming and not _goes_on(event))
    match event:
        case FrontEndAttached():  # moves nothing; it only tells whether a person decides from here on
            return replace(state, auto=event.auto, was_auto=state.was_auto or event.auto)
        case (
            Circumstance()
            | Noted()
            | EvidenceAdded()
            | CheckpointSigned()
            | RecordMoved()
            | SessionOpened()
            | ActorNamed()
        ):
            return state
        case Answered():
            return fold_answer(replace(state, question=None), event, when)
        case Asked():
            return replace(state, question=event, questions=max(state.questions, event.question))
        case RunIntent() | RunStarted() | RunEnded() | RunSettled() | StopRequested():
            return fold_run(state, event, when)
        case CheckAnswered():
            return _check(state, event, when)
        case StepBegan() | StepEnded() | UndoBegan() | WaitBegan() | WaitEnded() | WorldPlayed() | ValueCaptured():
            return _step(state, event, when)
        case (
            TargetHeld()
            | TargetBusy()
            | UnfinishedFound()
            | OtherClosed()
            | TakeOverAsked()
            | TakeOverEnded()
            | TakeOverWanted()
            | TakenOver()
            | HandedOver()
        ):
            return fold_operators(state, event, when)
        case (
            ValueRemembered() | PhaseEnded() | SessionPaused() | SessionResumed() | SessionClosed() | JournalRecovered()
        ):
            return _session(state, event, when)


_LOOKING_BACK = {"held", "secret", "value", "recovered", "busy", "unfinished", "take over", "handed over"}
"""Questions that leave the look back after a resume as it is."""


def _goes_on(event: Event) -> bool:
    """Whether the event shows that the look back after a resume is over."""
    match event:
        case StepBegan() | RunIntent() | UndoBegan():
            return True
        case Asked():
            return event.question_kind not in _LOOKING_BACK
        case CheckAnswered():
            return event.purpose != "held" and event.step is not None
        case _:
            return False


def _session(
    state: SessionState,
    event: ValueRemembered | PhaseEnded | SessionPaused | SessionResumed | SessionClosed | JournalRecovered,
    when: When,
) -> SessionState:
    match event:
        case ValueRemembered():
            state = _another_account(state, event, when)
            values = state.values if event.value is None else {**state.values, event.name: event.value}
            secret = {event.name} if event.value is None else set()
            return replace(
                state,
                values=values,
                secret_names=state.secret_names | secret,
                remembered=state.remembered | {f"{event.scope}.{event.name}"},
                value_problem=None,
            )
        case PhaseEnded():
            return replace(state, phases_ended={**state.phases_ended, event.phase: when.seq})
        case SessionPaused():
            return left_alone(replace(state, paused=True, pausing=False, question=None))
        case SessionResumed():
            # Whose account of the platform it is may have changed with whoever sits there.
            place = frozenset(name for name in state.remembered if not name.startswith("who."))
            handed_by = state.who if state.handed is not None else ""
            state = replace(left_alone(state), remembered=place, person="", handed_by=handed_by)
            return _resume(_taken_over(state, event, when))
        case SessionClosed():
            return replace(state, closed=event.state, question=None, current=None)
        case JournalRecovered():
            state = deviate(state, when, None, TORN, kept_aside(event))
            return replace(state, recovered=True)


def _another_account(state: SessionState, event: ValueRemembered, when: When) -> SessionState:
    before = state.values.get(event.name)
    if event.scope != "who" or before is None or before == event.value:
        return state
    return deviate(state, when, state.current, "another account", f"{event.name} was {before} and is {event.value}")


def _taken_over(state: SessionState, event: SessionResumed, when: When) -> SessionState:
    before, now = state.operator or state.opened.operator, event.operator
    if (before.user, before.sudo_user) != (now.user, now.sudo_user):
        told = f"{_person(now)} went on with what {_person(before)} had left"
        state = deviate(state, when, state.current, "taken over", told)
    return replace(state, operator=now)


def _person(operator: Operator) -> str:
    user = f"{operator.sudo_user} as {operator.user}" if operator.sudo_user else operator.user
    return f"{user} on {operator.host}"


def _resume(state: SessionState) -> SessionState:
    state = replace(
        state, paused=False, pausing=False, question=None, resuming=True, resume_checks={}, value_problem=None
    )
    actor = state.undo or (state.step(state.current) if state.current else None)
    if actor is None or actor.stage in {Stage.RUNNING, Stage.UNKNOWN}:
        return state
    if actor.stage is Stage.PROVING:
        return change_actor(state, check_results={k: v for k, v in actor.check_results.items() if k[0] == "expect"})
    return change_actor(
        state, stage=Stage.LOOKING, check_results={}, passed=actor.passed & {"soak"}, overridden=frozenset()
    )


def _step(
    state: SessionState,
    event: StepBegan | StepEnded | UndoBegan | WaitBegan | WaitEnded | WorldPlayed | ValueCaptured,
    when: When,
) -> SessionState:
    match event:
        case StepBegan():
            earlier = state.step(event.step)
            state = _without(state, earlier.captured)
            fresh = StepState(
                event.step, stage=Stage.LOOKING, attempt=earlier.attempt, run=earlier.run, has_effect=earlier.has_effect
            )
            return replace(state, current=event.step, steps={**state.steps, event.step: fresh})
        case UndoBegan():
            undo = StepState(event.step, stage=Stage.LOOKING, reason=state.undo_reason)
            return replace(state, undo=undo, undo_requested=False, undo_reason="")
        case StepEnded():
            return _ended(state, event, when)
        case WaitBegan():
            return change_actor(state, waiting=Waiting(event.wait_kind, event.seconds, when))
        case WaitEnded():
            return _waited(replace(state, question=None), event, when)
        case WorldPlayed():
            actor = state.undo or state.step(event.step)
            if event.exit not in {0, None}:  # what could not be started at all is no failure of the platform
                return change_actor(
                    state, ticked=actor.ticked - {event.item}, failed_items=actor.failed_items | {event.item}
                )
            return change_actor(
                state, played=actor.played | {event.item}, failed_items=actor.failed_items - {event.item}
            )
        case ValueCaptured():
            return _captured(state, event)


def _ended(state: SessionState, event: StepEnded, when: When) -> SessionState:
    if event.state == "undone":
        state = _without(replace(state, undo=None), state.step(event.step).captured)
        state = change_step(state, event.step, has_effect=False, captured=frozenset())
        state = deviate(state, when, event.step, "undone", event.reason)
        if state.current is not None and state.current != event.step:
            state = change_step(state, state.current, stage=Stage.WAITING, end=None)
    step = state.step(event.step)
    if event.state == "skipped":
        state = deviate(state, when, event.step, "skipped", event.reason, said=sentences(_objections(step)))
    end = _ending(step, event.state)
    if end in PROVEN:
        state = _no_longer_skipped(state, event.step)
    state = change_step(state, event.step, stage=Stage.ENDED, end=end, ended_at=when, reason=event.reason, leaving=None)
    return replace(state, current=None)


def _objections(step: StepState) -> list[CheckAnswered]:
    """The checks that did not say yes where they should have; the probe's no is no objection."""
    return [look for (purpose, _), look in step.check_results.items() if purpose != "already"]


def _ending(step: StepState, word: StepEnd) -> Ending:
    """How a step ended. The record's word is the plan's; whether the act was proven, and who did it, tells the way."""
    if word not in {"done", "found done"}:
        return word
    if step.unproven:
        return "accepted"
    if word == "done" and (step.by_hand or step.ticked):
        return "done by hand"
    return word


def _no_longer_skipped(state: SessionState, step_id: str) -> SessionState:
    """The state of a session that did later what it had skipped."""
    kept = (each for each in state.deviations if each.step != step_id or each.what != "skipped")
    return replace(state, deviations=tuple(kept))


def _without(state: SessionState, names: frozenset[str]) -> SessionState:
    """The state without values that a step gave: it was taken back, or is to give them again."""
    values = {name: value for name, value in state.values.items() if name not in names}
    return replace(state, values=values, secret_names=state.secret_names - names)


def _waited(state: SessionState, event: WaitEnded, when: When) -> SessionState:
    actor = state.undo or state.step(event.step)
    if event.cut_short:
        state = deviate(state, when, event.step, f"{event.wait_kind} cut short", event.cut_short)
    if event.wait_kind == "soak":
        return change_actor(state, waiting=None, passed=actor.passed | {"soak"})
    return change_actor(state, waiting=None, waited=True)


def _captured(state: SessionState, event: ValueCaptured) -> SessionState:
    actor = state.undo or state.step(event.step)
    state = change_actor(state, captured=actor.captured | {event.name}, given=None)
    if event.value is None:
        return replace(state, secret_names=state.secret_names | {event.name})
    return replace(state, values={**state.values, event.name: event.value})


def _check(state: SessionState, event: CheckAnswered, when: When) -> SessionState:
    if event.step is None and event.purpose in {"target", "who", "remember"}:
        return replace(state, value_problem=None if event.verdict == "yes" else event)
    if event.purpose == "held" or (event.step is None and event.purpose == "fence"):
        return replace(state, resume_checks={**state.resume_checks, (event.purpose, event.index): event})
    actor = state.undo if event.undo else (state.step(event.step) if event.step else None)
    if actor is None:
        return state
    key = (event.purpose, event.index)
    if event.purpose == "already" and actor.stage is Stage.PROVING:
        state = change_actor(state, changed_nothing=event.verdict == "no")
        actor = state.undo or state.step(event.step or "")
    return change_actor(
        state, check_results={**actor.check_results, key: event}, checked_at={**actor.checked_at, key: when}
    )
