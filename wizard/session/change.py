"""The small changes that folding is made of."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from wizard.events import CheckAnswered
from wizard.session.state import Deviation, SessionState, When


def change_step(state: SessionState, step_id: str, **changes: Any) -> SessionState:
    """The state with one step changed."""
    return replace(state, steps={**state.steps, step_id: replace(state.step(step_id), **changes)})


def change_actor(state: SessionState, **changes: Any) -> SessionState:
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
