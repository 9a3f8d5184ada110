"""Which step can be taken back from here, and what stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass

from wizard.acts.plan import Value
from wizard.fields.templates import render_text
from wizard.model.procedure import Procedure, Step
from wizard.session.state import SessionState, Stage


NO_UNDO = "the procedure has no undo for it"


@dataclass(frozen=True, slots=True)
class UndoPath:
    """The way back from here.

    Attributes:
        steps: The steps to take back, first to be undone first; each has `undo`.
        blocked_by: The step at which the way back ends, or None when it leads to the beginning.
        why: Why it ends there.
    """

    steps: tuple[Step, ...]
    blocked_by: Step | None = None
    why: str = ""


def _touched(state: SessionState, step: Step) -> bool:
    actor = state.step(step.id)
    if step.undo is None and actor.changed_nothing:
        return False
    acting = state.current == step.id and actor.stage in {Stage.RUNNING, Stage.UNKNOWN}
    return acting or actor.has_effect or actor.end in {"done", "done by hand", "accepted", "failed"}


def undo_path(procedure: Procedure, state: SessionState) -> UndoPath:
    """The undo path computed from what this session actually did, newest first.

    Only what the session did itself is taken back; what it found done is not its own. A current step that failed and
    has no undo does not bar the way: whoever goes back has just seen it fail.
    """
    way: list[Step] = []
    for step in reversed(procedure.steps()):
        if not _touched(state, step):
            continue
        if step.undo is not None:
            way.append(step)
        elif step.no_return is not None:
            return UndoPath(tuple(way), step, step.no_return)
        elif step.changes and state.current != step.id:
            return UndoPath(tuple(way), step, NO_UNDO)
    return UndoPath(tuple(way))


def may_apply(step: Step, values: Mapping[str, str]) -> bool:
    """Whether the step's `when` can still match, as far as the values are known."""
    return all(values.get(name, wanted[0]) in wanted for name, wanted in step.when.items())


def undo_limit(procedure: Procedure, values: Mapping[str, str]) -> tuple[int, str] | None:
    """Where the way back will end in a session of which nothing has run yet.

    Args:
        procedure: The procedure.
        values: Known so far. A step that cannot apply with them is passed over.

    Returns:
        The number of the first step that cannot be taken back, and why; None where each can.
    """
    for number, step in enumerate(procedure.steps(), start=1):
        if not may_apply(step, values):
            continue
        if step.no_return is not None:
            return number, render_text(step.no_return, values)
        if step.changes and step.undo is None:
            return number, f"It changes something, and {NO_UNDO}."
    return None


def undo_target(procedure: Procedure, state: SessionState) -> Step | None:
    """The step that an undo takes back next, or None when there is no way back.

    A decision is taken back like a step, to skip a step too, although nothing has to be undone for it.
    """
    way = undo_path(procedure, state)
    for step in reversed(procedure.steps()):
        if step in way.steps or is_decided(step, state):
            return step
        if step == way.blocked_by:
            return None
    return None


def is_decided(step: Step, state: SessionState) -> bool:
    """Whether the step is behind us by a decision alone, which is taken back by asking again."""
    actor = state.step(step.id)
    if isinstance(step.act.plan, Value):
        return actor.end in {"done", "accepted", "skipped"}
    return actor.end == "skipped" and not actor.has_effect
