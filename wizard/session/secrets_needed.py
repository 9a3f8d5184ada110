"""Which secrets the rest of a session needs."""

from collections.abc import Iterable, Iterator

from wizard.checks.model import Check
from wizard.fields.commands import PlainLine
from wizard.fields.templates import parse_template, slots
from wizard.model.procedure import Operation, Procedure, Step
from wizard.session.state import SessionState
from wizard.session.undo_path import may_apply, undo_path


def secrets_needed(procedure: Procedure, state: SessionState, looked_at_again: Iterable[Check] = ()) -> frozenset[str]:
    """The names that what may still run is given: steps to come, ways back from those behind us, checks of the place.

    Args:
        procedure: The session's own copy.
        state: The session.
        looked_at_again: Checks of steps behind us that are made once more.
    """
    place = [*procedure.target.values(), *procedure.who.values(), *procedure.remember.values()]
    texts = [text for check in (*place, *looked_at_again) for text in _of_check(check)]
    for step in procedure.steps():
        if state.step(step.id).end in {None, "undone"} and may_apply(step, state.values):
            texts += _of_step(step)
    for step in undo_path(procedure, state).steps:
        if step.undo is not None:
            texts += _of_doing(step.undo)
    return frozenset(slot.name for text in texts for slot in slots(parse_template(text)))


def _of_step(step: Step) -> Iterator[str]:
    yield from _of_doing(step)
    for check in step.remember.values():
        yield from _of_check(check)


def _of_doing(operation: Operation) -> Iterator[str]:
    yield from operation.env.values()
    yield operation.stdin or ""
    yield operation.command.line if isinstance(operation.command, PlainLine) else ""
    for check in (*((operation.probe,) if operation.probe is not None else ()), *operation.before, *operation.after):
        yield from _of_check(check)


def _of_check(check: Check) -> Iterator[str]:
    yield from check.env.values()
    yield check.run or ""
