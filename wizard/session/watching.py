"""Watches: commands that run beside the steps. Which of them is due to end, and which is over before its time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wizard.fields.templates import render_text
from wizard.model.procedure import Procedure, Step
from wizard.record.events import RunEnded, StopRequested
from wizard.session.actions import Action, EndWatch, Follow
from wizard.session.rendering import render_step
from wizard.session.run_words import how_it_ended
from wizard.session.state import PROVEN, RunState, SessionState, Stage


END_OF_SESSION = "the end of the session"
_OVER = PROVEN | {"accepted", "skipped", "not applicable", "failed"}


def closing(state: SessionState) -> Action | None:
    """What must happen to the watches before the record is closed; None when none of them runs."""
    for run in state.watches:
        if _can_be_ended(run):
            return EndWatch(run.intent.run, END_OF_SESSION)
    return Follow(state.watches[0].intent.run) if state.watches else None


def due(procedure: Procedure, state: SessionState) -> EndWatch | None:
    """The first watch that has run as long as it should."""
    for run in state.watches:
        by = _ended_by(procedure, state, run) if _can_be_ended(run) else None
        if by is not None:
            return EndWatch(run.intent.run, by)
    return None


def _can_be_ended(run: RunState) -> bool:
    # Only who has started can be told to stop; the start, or that there is none, is told in a moment.
    return run.started is not None and not run.stop_requested


def _ended_by(procedure: Procedure, state: SessionState, run: RunState) -> str | None:
    """What ends a watch now, in the words of the record; None while nothing does."""
    own, began = run.intent.step, run.asked_at.seq
    step = procedure.step(own)
    if until_is_over(state, step, began):
        return f"step {_until(step)}"
    if state.step(own).run != run.intent.run:
        return f"step {own}, started again"
    for each in procedure.steps():
        actor = state.step(each.id)
        if actor.end == "undone" and actor.ended_at is not None and actor.ended_at.seq > began:
            return f"the undo of step {each.id}"  # the way back has come before it
        if each.id == own:
            break
    return f"step {own}, begun again" if _begun_again(state, run) else None


def _begun_again(state: SessionState, run: RunState) -> bool:
    """Whether its step is before us once more, with a start of its own to come."""
    stage = state.step(run.intent.step).stage
    return state.current == run.intent.step and stage in {Stage.LOOKING, Stage.CLEARED}


def _until(step: Step) -> str:
    return step.act.beside or ""


def until_is_over(state: SessionState, step: Step, since: int) -> bool:
    """Whether the step that ends a watch has ended since a record."""
    until = state.step(_until(step))
    return until.end in _OVER and until.ended_at is not None and until.ended_at.seq > since


def over_unseen(procedure: Procedure, state: SessionState) -> Iterator[Step]:
    """Steps whose watch should still run and ended while no wizard was there."""
    for step in procedure.steps():
        if (run := lapsed(state, step)) is not None and run.ended is not None and run.ended.while_away:
            yield step


def lapsed(state: SessionState, step: Step) -> RunState | None:
    """The run of a step's watch that should still run and is over; None when all is well or nobody wants it."""
    actor = state.step(step.id)
    run = state.runs.get(actor.run or 0)
    if step.act.beside is None or run is None or run.ended is None or run.stop_requested:
        return None
    stands = actor.end in {"done", "accepted"}
    if not stands or actor.ended_at is None or until_is_over(state, step, actor.ended_at.seq):
        return None
    return run


@dataclass(frozen=True, slots=True)
class WatchLine:
    """One watch as front ends show it.

    Attributes:
        run: Its newest run.
        step: The id of its step.
        number: The step's number, from 1.
        title: The step's title.
        over: It should still run, and it does not.
        words: What it does, or how it ended: `runs`, `ended with exit 1`.
    """

    run: int
    step: str
    number: int
    title: str
    over: bool
    words: str
    printed: str = ""
    """Of one that is over: the last lines of its output, with newlines."""


def over_words(line: WatchLine) -> str:
    """What the card of a later step says of a watch that should run and does not."""
    return f"the watch {line.number} · {line.title} is over: it {line.words}"


def watch_words(event: RunEnded | StopRequested, procedure: Procedure, state: SessionState) -> str:
    """What became of a watch, in a clause that begins with its name."""
    name = render_step(procedure, state.runs[event.run].intent.step, state.values)
    match event:
        case RunEnded():
            return f"the watch {name} {how_it_ended(event, lasted=False)}"
        case StopRequested():
            return f"the watch {name} is being ended by {event.by}"


def watch_lines(procedure: Procedure, state: SessionState) -> tuple[WatchLine, ...]:
    """The watches that run, oldest first, then those that should still run and are over."""
    lines = [_line(procedure, state, run, "is being ended" if run.stop_requested else "runs") for run in state.watches]
    for step in procedure.steps():
        run = lapsed(state, step)
        if run is not None and run.ended is not None:
            line = _line(procedure, state, run, how_it_ended(run.ended, lasted=False))
            lines.append(replace(line, printed=run.ended.printed))
    return tuple(lines)


def _line(procedure: Procedure, state: SessionState, run: RunState, words: str) -> WatchLine:
    steps = procedure.steps()
    number = [each.id for each in steps].index(run.intent.step)
    title = render_text(steps[number].title, state.values)
    return WatchLine(run.intent.run, run.intent.step, number + 1, title, run.ended is not None, words)
