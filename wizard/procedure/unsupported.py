"""What the format has and a session cannot run yet."""

from collections.abc import Iterator

from wizard.procedure.acts import Approve
from wizard.procedure.model import Procedure
from wizard.procedure.steps import Doing, Step


def _of_doing(doing: Doing, where: str) -> Iterator[str]:
    if isinstance(doing.act, Approve) or doing.approve is not None:
        yield f"{where} asks a second person for approval; this version of uplevel cannot do that yet."


def _of_step(step: Step) -> Iterator[str]:
    yield from _of_doing(step, f"Step {step.id}")
    if step.predict is not None:
        yield f"Step {step.id} asks the learner for a prediction; this version of uplevel cannot do that yet."
    if step.undo is not None:
        yield from _of_doing(step.undo, f"The undo of step {step.id}")


def unsupported(procedure: Procedure) -> list[str]:
    """One sentence for each use of something a session cannot run yet; empty when it can run all of it."""
    return [sentence for step in procedure.steps() for sentence in _of_step(step)]
