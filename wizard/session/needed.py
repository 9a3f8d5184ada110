"""Which secrets the rest of a session needs."""

from collections.abc import Iterable, Iterator

from wizard.procedure import Check, Doing, Procedure, Step
from wizard.procedure.templates import parse_template, slots
from wizard.session.state import SessionState
from wizard.session.undoing import may_apply, turn_back


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
    for step in turn_back(procedure, state).steps:
        if step.undo is not None:
            texts += _of_doing(step.undo)
    return frozenset(slot.name for text in texts for slot in slots(parse_template(text)))


def _of_step(step: Step) -> Iterator[str]:
    yield from _of_doing(step)
    for check in step.remember.values():
        yield from _of_check(check)


def _of_doing(doing: Doing) -> Iterator[str]:
    yield from doing.env.values()
    yield doing.stdin or ""
    yield doing.run or ""
    for check in (*((doing.probe,) if doing.probe is not None else ()), *doing.before, *doing.after):
        yield from _of_check(check)


def _of_check(check: Check) -> Iterator[str]:
    yield from check.env.values()
    yield check.run or ""
