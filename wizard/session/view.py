"""One view of a session for every front end: what stands on the screen, without how it looks."""

from dataclasses import dataclass
from itertools import zip_longest

from wizard.acts.plan import TickAll
from wizard.fields.templates import render_text
from wizard.model.procedure import Operation, Phase, Procedure, Step
from wizard.record.events import Asked
from wizard.record.modes import mode_words
from wizard.session.check_lines import CheckLine, check_lines
from wizard.session.outcome import SessionOutcome, outcome
from wizard.session.plan_input import PlanInput
from wizard.session.rendering import (
    beside,
    render_command,
    render_names,
    render_private,
    render_soak,
    render_watch,
    wording,
)
from wizard.session.run_words import ended_away
from wizard.session.state import Mark, RunState, SessionState, Stage, StepState, mark
from wizard.session.undo_path import may_apply, undo_path
from wizard.session.watching import WatchLine, watch_lines
from wizard.session.whole_screen import file_changes, lends_screen


@dataclass(frozen=True, slots=True)
class StepRow:
    """One line of the checklist."""

    number: int
    step: str
    title: str
    mark: Mark
    phase: str
    """Title of the phase the step stands in."""
    phase_why: str
    """What is told when that phase begins; may be empty."""
    beside: str = ""
    """What stands beside the word of how it ended: see `wizard.session.rendering.beside`."""
    accepted: str = ""
    """`accepted by mara: it is only a test`, of a step that did not prove itself, or that went on against a check and
    is not behind us yet; else empty."""


@dataclass(frozen=True, slots=True)
class Card:
    """The step before us (or its undo)."""

    step: str
    number: int
    ref: str
    title: str
    """The step's; of an undo its own, or which step it takes back."""
    why: str
    hint: str
    undo: bool
    command: str
    """Whole, filled in; a script with its newlines; empty for an act without a command."""
    items: tuple[tuple[str, bool], ...]
    """By-hand items and whether they are ticked."""
    by_hand: str
    """Why uplevel does not start the command itself; empty when it does."""
    whole_screen: str
    """That the terminal will be handed to a program; empty for any other act, and where it was not started here."""
    files: tuple[str, ...]
    """What became of the files that such a program may have changed, once it ended."""
    checks: tuple[CheckLine, ...]
    gates: tuple[str, ...]
    """Gates still to pass, in words."""
    no_return: str
    run: int | None
    usual: float | None = None
    """Seconds its command usually takes; None where that is not known."""
    accepted: str = ""
    """As in the checklist."""
    phase_why: str = ""
    """Of the first step of its phase that applies: what is told when the phase begins; else empty."""
    changes: str = ""
    """Of an edit: the difference it makes, with newlines; empty for any other act."""
    named: str = ""
    """Of a script: what the names in it stand for, in a line; empty for any other act."""
    ended_away: str = ""
    """That its command ended while no wizard watched, how and when; empty else."""


@dataclass(frozen=True, slots=True)
class StopNow:
    """If you stop now.

    Attributes:
        sentence: In words.
        commands: What would be run, first to be undone first; empty where a person does it, or where nothing is run.
        titles: The steps that they take back.
        words: What each undo does, for those without a command.
        brief: The sentence where there is little room: a step is named by its number, never by half of its title.
    """

    sentence: str
    commands: tuple[str, ...]
    titles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    brief: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        """Each undo as people read it: `$ cf delete ...`, or words."""
        pairs = zip_longest(self.commands, self.words, fillvalue="")
        return tuple(f"$ {command}" if command else words for command, words in pairs)


@dataclass(frozen=True, slots=True)
class SessionView:
    """Everything a front end draws."""

    title: str
    mode: str
    """REHEARSAL, BY HAND, LIVE preview, LIVE PRODUCTION."""
    production: bool
    target: str
    """org x · space y."""
    rows: tuple[StepRow, ...]
    card: Card | None
    question: Asked | None
    stop_now: StopNow
    deviations: int
    closed: SessionOutcome | None
    watches: tuple[WatchLine, ...]
    """Those that run, and those that should and do not."""

    @property
    def position(self) -> str:
        """`3/5`, by the step before us."""
        at = next((row.number for row in self.rows if self.card and row.step == self.card.step), len(self.rows))
        return f"{at}/{len(self.rows)}"


_AT_ONCE = 2
"""Seconds below which nobody needs to be told how long a command usually takes."""


def view(plan_input: PlanInput, state: SessionState) -> SessionView:
    """The whole view of a session."""
    procedure = plan_input.procedure
    words, production = mode_words(state.opened.mode, state.values.get("stage", ""))
    rows = _rows(procedure, state)
    target = " · ".join(f"{name} {state.values[name]}" for name in procedure.target if name in state.values)
    return SessionView(
        title=render_text(procedure.title, state.values),
        mode=words,
        production=production,
        target=target,
        rows=rows,
        card=_card(plan_input, state, rows),
        question=state.question,
        stop_now=stop_now(procedure, state),
        deviations=len(state.deviations),
        closed=outcome(state),
        watches=watch_lines(procedure, state),
    )


def _rows(procedure: Procedure, state: SessionState) -> tuple[StepRow, ...]:
    pairs: list[tuple[Phase, Step]] = [(phase, step) for phase in procedure.phases for step in phase.steps]
    return tuple(
        StepRow(
            number,
            step.id,
            render_text(step.title, state.values),
            _mark(state, step),
            render_text(phase.title, state.values),
            render_text(phase.why or "", state.values),
            beside(state.step(step.id)),
            _accepted(state.step(step.id)),
        )
        for number, (phase, step) in enumerate(pairs, start=1)
    )


def _mark(state: SessionState, step: Step) -> Mark:
    """The state of a step; that it cannot apply is said as soon as it is known."""
    found = mark(state, step.id)
    return Mark.NOT_APPLICABLE if found is Mark.TO_DO and not may_apply(step, state.values) else found


def _card(plan_input: PlanInput, state: SessionState, rows: tuple[StepRow, ...]) -> Card | None:
    if state.undo is not None:
        return card_of(plan_input, state, rows, state.undo.id, undo=True)
    return None if state.current is None else card_of(plan_input, state, rows, state.current)


def card_of(
    plan_input: PlanInput, state: SessionState, rows: tuple[StepRow, ...], step_id: str, *, undo: bool = False
) -> Card:
    """The card of a step, also of one that is not before us: as far as it is known now.

    Args:
        plan_input: Where the procedure stands.
        state: The session.
        rows: The checklist of that state.
        step_id: The step.
        undo: The card of the undo that is under way.
    """
    step = plan_input.procedure.step(step_id)
    undo = undo and step.undo is not None
    operation: Operation = step.undo if undo and step.undo is not None else step
    actor = state.undo if undo and state.undo is not None else state.step(step_id)
    number = next(row.number for row in rows if row.step == step_id)
    by_hand = plan_input.by_hand.get(f"{step_id}{'.undo' if undo else ''}", "")
    run = state.runs.get(actor.run) if actor.run is not None else None
    items: tuple[tuple[str, bool], ...] = ()
    if isinstance(plan := operation.act.plan, TickAll):
        items = tuple(
            (render_text(item.text, state.values), index in actor.ticked) for index, item in enumerate(plan.items)
        )
    title, why, hint = step.title, step.why, step.hint
    if undo and step.undo is not None:
        own = step.undo.title
        title, why, hint = f"undo: {own}" if own else f"take back: {step.title}", step.undo.why, None
    return Card(
        step=step_id,
        number=number,
        ref=step.ref or "",
        title=render_text(title, state.values),
        why=render_text("\n\n".join([why or "", *operation.act.whys()]).strip("\n"), state.values),
        hint=render_text(hint or "", state.values),
        undo=undo,
        command=render_command(operation, state.values),
        items=items,
        by_hand=by_hand,
        whole_screen="" if by_hand else lends_screen(operation, state.values),
        files=tuple(render_private(line, state.opened.session) for line in _files(run)),
        ended_away=_ended_away(actor, run),
        checks=tuple(check_lines(plan_input.procedure, operation, actor, state)),
        gates=() if undo else tuple(_gates(plan_input.procedure, step, actor, state)),
        no_return=render_text(step.no_return or "", state.values),
        run=actor.run,
        usual=None if undo or plan_input.usual.get(step_id, 0) < _AT_ONCE else plan_input.usual[step_id],
        accepted=_accepted(actor),
        changes=_changes(operation, actor),
        named=render_names(operation, state.values),
        phase_why="" if undo else _phase_begins(rows, step_id),
    )


def _phase_begins(rows: tuple[StepRow, ...], step_id: str) -> str:
    """What is told when the step's phase begins, when it begins with this step."""
    phase = next(row.phase for row in rows if row.step == step_id)
    applying = (row for row in rows if row.phase == phase and row.mark is not Mark.NOT_APPLICABLE)
    first = next(applying, None)
    return first.phase_why if first is not None and first.step == step_id else ""


def _ended_away(actor: StepState, run: RunState | None) -> str:
    if run is None or run.ended is None or actor.stage is not Stage.PROVING:
        return ""  # of a step begun again it would tell of the try before
    return ended_away(run.ended)


def _files(run: RunState | None) -> tuple[str, ...]:
    return () if run is None or run.ended is None else file_changes(run.intent, run.ended)


def _changes(operation: Operation, actor: StepState) -> str:
    """What the act would change, where its own probe answers with the difference."""
    looked = actor.check_results.get(("already", 0))
    return looked.got if operation.own_probe is not None and looked is not None and looked.verdict == "no" else ""


def _gates(procedure: Procedure, step: Step, actor: StepState, state: SessionState) -> list[str]:
    gates = []
    if step.soak is not None and "soak" not in actor.passed:
        gates.append(f"soaks {render_soak(procedure, step.soak, state.values)}")
    own = (render_watch(procedure, step, state.values), step.act.gate(wording(procedure, state.values)))
    gates += [gate for gate in own if gate]
    asked = state.question.question_kind if state.question is not None and state.question.step == step.id else ""
    if step.confirm is not None and "confirm" not in actor.passed and asked != "confirm":
        gates.append("you will be asked to confirm")
    if step.type is not None and "type" not in actor.passed and asked != "type":
        gates.append(f"you will type {render_text(step.type, state.values)}")
    return gates


def stop_now(procedure: Procedure, state: SessionState) -> StopNow:
    """What remains if the operator stops here, and how it would be taken back."""
    way = undo_path(procedure, state)
    commands = tuple(_undo_command(step, state) for step in way.steps)
    words = tuple(_undo_words(step, state) for step in way.steps)
    titles = tuple(render_text(step.title, state.values) for step in way.steps)
    if way.blocked_by is not None:
        barred = (
            f"no way back past {render_text(way.blocked_by.title, state.values)}: {render_text(way.why, state.values)}"
        )
        number = procedure.steps().index(way.blocked_by) + 1
        first = f"{_count(len(commands))} to undo, then " if commands else ""
        brief = f"{first}no way back past step {number}"
        return StopNow(f"{first}{barred}", commands, titles, words, brief)
    if not commands:
        return StopNow("nothing to undo", ())
    return StopNow(f"{_count(len(commands))} to undo", commands, titles, words)


def _accepted(actor: StepState) -> str:
    """The words of an acceptance, of a step that is being done or was never proven."""
    found = actor.accepted
    return "" if found is None or actor.end not in {None, "accepted"} else f"accepted by {found.by}: {found.reason}"


def _count(number: int) -> str:
    return "1 step" if number == 1 else f"{number} steps"


def _undo_command(step: Step, state: SessionState) -> str:
    command = "" if step.undo is None else render_command(step.undo, state.values)
    return "" if command == "true" else command  # which does nothing: its title says why


def _undo_words(step: Step, state: SessionState) -> str:
    undo = step.undo
    if undo is None or undo.command is None:
        how = "by hand"
    else:
        how = "take back" if _undo_command(step, state) else "nothing to run"
    return render_text((undo.title if undo is not None else None) or f"{how}: {step.title}", state.values)
