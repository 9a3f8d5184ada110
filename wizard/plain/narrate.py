"""What happened, as lines for people. Knows nothing of terminals."""

from collections.abc import Iterator

from wizard.acts.plan import Value
from wizard.engine import Update
from wizard.model.procedure import Procedure
from wizard.plain.checks import told_check
from wizard.plain.lines import paragraphs
from wizard.plain.watches import is_of_watch, over, tell_watch
from wizard.record.events import (
    Answered,
    Asked,
    CheckAnswered,
    Event,
    FrontEndAttached,
    JournalRecovered,
    PhaseEnded,
    RunEnded,
    RunIntent,
    ScreenWanted,
    SessionClosed,
    StepBegan,
    StepEnded,
    TakenOver,
    TakeOverWanted,
    UndoBegan,
    ValueCaptured,
    ValueRemembered,
)
from wizard.record.journal import head_in_groups
from wizard.session import Mark, SessionState
from wizard.session.check_lines import answered_line, label_of
from wizard.session.event_words import answer_words, chosen, event_words, head_words, value_words
from wizard.session.labels import labelled
from wizard.session.plan import applies
from wizard.session.plan_input import PlanInput
from wizard.session.rendering import came_of, duration, render_deviation
from wizard.session.run_words import left_words, sentence
from wizard.session.view import Card, SessionView, StepRow, view
from wizard.session.whole_screen import file_changes


_ENDS = {
    "done": "✓ done",
    "done by hand": "✓ done by hand",
    "accepted": "≈ accepted",
    "found done": "= found done",
    "skipped": "\N{EN DASH} skipped",
    "undone": "↶ undone",
    "does not apply": "· does not apply",
    "failed": "✗ failed",
}


class Narrator:
    """Tells a session, event by event.

    Args:
        answers: Whether answers are told too: where nobody types them.
    """

    def __init__(self, *, answers: bool) -> None:
        self._answers = answers
        self._verdicts: dict[tuple[str | None, bool, str, int], str] = {}
        self._proved: list[str] = []
        self._took = ""
        self._phase = ""
        self._question: Asked | None = None
        self._came = ""

    def tell(self, plan_input: PlanInput, update: Update) -> Iterator[str]:
        """The lines of one event."""
        yield from self._tell(plan_input, update)
        event = update.happened.event
        if isinstance(event, RunEnded):
            yield from (f"  {line}" for line in file_changes(update.state.runs[event.run].intent, event))
        elif isinstance(event, SessionClosed):
            yield from _closed(plan_input, update)

    def _tell(self, plan_input: PlanInput, update: Update) -> Iterator[str]:
        event = update.happened.event
        shown = view(plan_input, update.state)
        if is_of_watch(update) or (isinstance(event, RunIntent) and event.watch):
            yield from tell_watch(plan_input, update)
            return
        yield from self._after_an_answer(event)
        match event:
            case FrontEndAttached():
                yield from self._begin(shown, update.state.opened.session)
            case StepBegan(step=step) | UndoBegan(step=step) if applies(plan_input.procedure.step(step), update.state):
                yield from self._step(shown)  # of any other its end says in one line that it does not apply
            case CheckAnswered():
                yield from self._check(event, plan_input.procedure, update.state)
            case Asked():
                self._question = event
                yield from _asked(event, shown, labelled(event.text, plan_input.procedure, update.state.values))
                yield from _choices(event, plan_input)
            case Answered() if self._answers:
                yield f"> {answer_words(chosen(self._question, event), event.value, event.reason)}"
            case StepEnded():
                yield from self._ended(event, shown)
            case RunEnded(outcome="ended", exit=0, while_away=False, stopped_by="", problem="", left_running=()):
                self._took = f" in {duration(event.seconds)}"
            case RunIntent() | RunEnded():
                self._took = ""
                yield from _run(event)
            case _:
                yield from _other(event)

    def _after_an_answer(self, event: Event) -> Iterator[str]:
        """What came of the last answer, where the next question looks like the one before it."""
        if isinstance(event, Answered):
            self._came = came_of(event)
        elif isinstance(event, Asked) and self._came:
            yield f"  {self._came}"
            self._came = ""

    def _begin(self, shown: SessionView, session: str) -> Iterator[str]:
        yield "   ".join(part for part in (shown.title, shown.mode, shown.target, f"session {session}") if part)
        if shown.card is not None:
            yield from self._step(shown)

    def _step(self, shown: SessionView) -> Iterator[str]:
        card = shown.card
        if card is None:
            return
        self._proved = []
        self._took = ""
        self._verdicts.clear()
        row = next(row for row in shown.rows if row.step == card.step)
        if row.phase != self._phase:
            self._phase = row.phase
            yield ""
            yield row.phase
            yield from paragraphs(row.phase_why)
        yield ""
        ref = f"   ({card.ref})" if card.ref else ""
        undo = "↶ " if card.undo else ""
        yield f"[{row.number}/{len(shown.rows)}] {undo}{card.title}{ref}"
        for text in (card.why, card.hint, f"No way back after this: {card.no_return}" if card.no_return else ""):
            if text:
                yield from paragraphs(text)
        if card.ended_away:
            yield f"  the command {card.ended_away}"
        yield from over(shown)

    def _check(self, event: CheckAnswered, procedure: Procedure, state: SessionState) -> Iterator[str]:
        key = (event.step, event.undo, event.purpose, event.index)
        before, self._verdicts[key] = self._verdicts.get(key), event.verdict
        proof = event.purpose in {"after", "expect"}
        line = answered_line(label_of(event, procedure), event, procedure, state)
        if event.purpose == "after" and event.verdict == "yes":
            self._proved.append(_short(line.wanted if len(line.got) > _PROOF else line.got or line.wanted))
        if event.purpose in {"target", "who", "remember"} and event.verdict == "yes":
            return
        if before == event.verdict and event.verdict != "no answer" and not proof:
            return
        if event.purpose == "expect" and event.verdict == "yes":  # what it printed stands above
            return
        yield from told_check(line)

    def _ended(self, event: StepEnded, shown: SessionView) -> Iterator[str]:
        row = next((row for row in shown.rows if row.step == event.step), None)
        if row is None:
            return
        words = _ENDS[row.mark.value]
        if row.mark is Mark.NOT_APPLICABLE:
            yield f"{_position(row, shown)} {words}: {row.title}"
            return
        why = f": {event.reason}" if event.reason else ""
        if row.mark in {Mark.DONE, Mark.DONE_BY_HAND}:
            words += self._took + self._proof()
        if row.mark is Mark.ACCEPTED:
            words = f"≈ {row.beside}"
        elif row.beside:
            words += f": {_short(row.beside)}"
        yield f"{words}{why}"

    def _proof(self) -> str:
        """What the checks after the act say, when all of them say yes."""
        match self._proved:
            case []:
                return ""
            case [one]:
                return f"; after: yes, {one}"
            case several:
                return f"; after: yes, all {len(several)} checks"


def _position(row: StepRow, shown: SessionView) -> str:
    return f"[{row.number}/{len(shown.rows)}]"


_PROOF = 160
"""Characters of an answer beyond which the line of a step's end tells what was wanted instead."""


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 160 else f"{flat[:159]}…"


def _below(value: str) -> str:
    """A value; one of several lines stands below its name, whole, as a table has to."""
    return value if "\n" not in value.rstrip("\n") else "\n" + "\n".join(_indented(value, "    "))


def _indented(text: str, by: str = "  ") -> Iterator[str]:
    yield from (f"{by}{line}" for line in text.rstrip("\n").split("\n"))


def _asked(event: Asked, shown: SessionView, said: str) -> Iterator[str]:
    card = shown.card
    if card is not None and event.question_kind in {"go", "undo"}:
        yield from _command(card, shown)
    if event.question_kind == "go" and card is not None and event.text == card.title:
        return
    text = said.rstrip()
    yield f"! {text}" if event.question_kind not in {"go", "undo", "ask", "choose", "item", "soak"} else text


def _choices(event: Asked, plan_input: PlanInput) -> Iterator[str]:
    """What the answer to an `ask` may be, when the procedure has a list."""
    plan = (
        plan_input.procedure.step(event.step).act.plan
        if event.step is not None and event.question_kind == "ask"
        else None
    )
    if isinstance(plan, Value) and plan.rule is not None and plan.rule.choices:
        yield f"  one of: {', '.join(plan.rule.choices)}"


def _command(card: Card, shown: SessionView) -> Iterator[str]:
    if card.command:
        first, *rest = card.command.split("\n")
        yield f"  {'command':<14} {first}"
        yield from (f"  {'':<14} {line}" for line in rest)
        if card.named:
            yield f"  {'where':<14} {card.named}"
    if card.changes:
        yield "  it changes"
        yield from _indented(card.changes, "    ")
    if card.usual is not None:
        yield f"  {'usually takes':<14} {duration(round(card.usual, 1))}"
    for said in (card.by_hand, card.whole_screen):
        if said:
            yield from _indented(said)
    yield from (f"  {'then':<14} {gate}" for gate in card.gates)
    if shown.stop_now.commands:
        yield f"  if you stop now: {shown.stop_now.sentence}"


def _run(event: RunIntent | RunEnded) -> Iterator[str]:
    if isinstance(event, RunIntent):
        yield "● running"
        return
    mark = "?" if event.outcome == "unknown" else "✓" if event.exit == 0 else "✗"
    yield f"{mark} {event_words(event)}"
    yield from (f"  {left_words(left)}" for left in event.left_running)


def _closed(plan_input: PlanInput, update: Update) -> Iterator[str]:
    """The deviations of a session that is over."""
    state = update.state
    yield ""
    yield "Deviations" if state.deviations else "Deviations: none"
    for each in state.deviations:
        yield from paragraphs(render_deviation(plan_input.procedure, each, state.values))


def _other(event: Event) -> Iterator[str]:
    match event:
        case ValueRemembered(name=name, value=value) | ValueCaptured(name=name, value=value):
            yield f"  {name:<14} {_below(value_words(value))}"
        case PhaseEnded(head=head):
            yield f"{sentence(event_words(event))} {head_words()}:"
            yield f"  {head_in_groups(head)}"
        case ScreenWanted():
            yield f"! {event_words(event)} To stop it, press Ctrl+] and type halt."
        case TakeOverWanted() | TakenOver() | JournalRecovered():
            yield f"! {event_words(event)}"
        case _ if words := event_words(event):
            yield f"  {words}"
        case _:
            return
