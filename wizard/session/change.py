"""The small changes that folding is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypedDict, Unpack

from wizard.record.events import CheckAnswered
from wizard.session.state import (
    Acceptance,
    CheckKey,
    Deviation,
    Ending,
    Override,
    SessionState,
    Stage,
    Waiting,
    When,
)


class StepChanges(TypedDict, total=False):
    """What can be changed of a step: each field of `StepState` but its id."""

    stage: Stage
    end: Ending | None
    ended_at: When | None
    reason: str
    check_results: Mapping[CheckKey, CheckAnswered]
    checked_at: Mapping[CheckKey, When]
    passed: frozenset[str]
    overridden: frozenset[Override]
    overridden_needs: bool
    accepted: Acceptance | None
    ticked: frozenset[int]
    played: frozenset[int]
    failed_items: frozenset[int]
    captured: frozenset[str]
    given: str | None
    attempt: int
    run: int | None
    has_effect: bool
    changed_nothing: bool
    by_hand: bool
    found_done: bool
    found: str
    probing: bool
    leaving: str | None
    waiting: Waiting | None
    waited: bool


def change_step(state: SessionState, step_id: str, **changes: Unpack[StepChanges]) -> SessionState:
    """The state with one step changed."""
    return replace(state, steps={**state.steps, step_id: replace(state.step(step_id), **changes)})


def change_actor(state: SessionState, **changes: Unpack[StepChanges]) -> SessionState:
    """The state with the acting one changed: the undo where one is under way, else the current step."""
    if state.undo is not None:
        return replace(state, undo=replace(state.undo, **changes))
    if state.current is None:
        return state
    return change_step(state, state.current, **changes)


def deviate(
    state: SessionState, when: When, step: str | None, what: str, reason: str, *, said: str = ""
) -> SessionState:
    """The state with one more deviation, of whoever decides now."""
    return replace(state, deviations=(*state.deviations, Deviation(when, step, what, reason, state.who, said)))


def sentences(answers: Iterable[CheckAnswered]) -> str:
    """What checks said that did not say yes, each in its own sentence behind what it asked."""
    return " ".join(
        f"{each.command}: {(each.why or f'wanted {each.wanted}, got {each.got}').rstrip('.')}."
        for each in answers
        if each.verdict != "yes"
    )
