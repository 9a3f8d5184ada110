"""What the run screen shows at one moment: the engine's messages in, one thing to look at out. Draws nothing."""

from dataclasses import dataclass, replace
from typing import Literal

from wizard.acts.plan import Countdown
from wizard.engine import (
    Activity,
    IntentionRefused,
    Message,
    ObserveOther,
    RecordTrouble,
    Remark,
    RunHealth,
    ScreenLent,
    SessionFinished,
    Update,
    UsualTimes,
)
from wizard.record.events import (
    Answered,
    Asked,
    Event,
    Option,
    PhaseEnded,
    RunEnded,
    ScreenWanted,
    SessionClosed,
    StepBegan,
    StepEnded,
    UndoBegan,
)
from wizard.session import Mark, SessionState, StepState, mark
from wizard.session.event_words import event_words, head_words, wait_over
from wizard.session.plan_input import PlanInput
from wizard.session.rendering import beside, came_of, render_watch
from wizard.session.run_words import how_it_ended, left_words, sentence
from wizard.session.view import Card, SessionView, view
from wizard.session.watching import watch_words


Kind = Literal["result", "closed", "running", "question", "busy"]

_ENDS = frozenset({Mark.DONE, Mark.DONE_BY_HAND, Mark.ACCEPTED, Mark.FOUND_DONE, Mark.UNDONE, Mark.FAILED})
"""Ends of a step that are shown until the operator acknowledges them; a skipped step was their own doing."""


def _beside(step: StepState, how: Mark) -> tuple[str, ...]:
    """What the probe said of what it found done; who accepted a step, why, and against what."""
    told = beside(step)
    match how:
        case Mark.FOUND_DONE if told:
            return (f"The check said: {told}",)
        case Mark.ACCEPTED:
            return (sentence(told),)
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step that ended and was not acknowledged yet.

    Attributes:
        card: The step's card as it was when it ended.
        mark: How it ended.
        lines: Sentences about the end.
        seq: The record that says so.
    """

    card: Card
    mark: Mark
    lines: tuple[str, ...]
    seq: int


class Showing:
    """Follows an engine's messages.

    Args:
        plan_input: The engine's.
        state: The state the engine starts from.
        auto: The engine answers its own questions; nothing waits to be acknowledged.
    """

    def __init__(self, plan_input: PlanInput, state: SessionState, *, auto: bool = False) -> None:
        self.plan_input = plan_input
        self.state = state
        self.auto = auto
        self.view: SessionView = view(plan_input, state)
        self.activity: Activity | None = None
        self.signs: RunHealth | None = None
        """The last signs of life of the running command."""
        self.beats = 0
        """How often it was seen alive."""
        self.spoke = False
        """Whether it said something since the look before the last."""
        self.results: tuple[StepResult, ...] = ()
        self.finished: SessionFinished | None = None
        self.refused = self.remark = ""
        self.told = ""
        """What came of the last answer, where nothing else shows it."""
        self._came = ""
        self.trouble = ""
        self.warned = ""
        """What the running command makes necessary to say; empty once it ended."""
        self.aside = ""
        """What became of a watch, until an answer is given or the next step begins."""

    def take(self, said: Message) -> None:
        """Follow one message of the engine."""
        match said:
            case Update():
                self._update(said)
            case Activity():
                self.activity = said
            case RunHealth():
                self._signs(said)
            case UsualTimes():
                self.plan_input = replace(self.plan_input, usual=said.seconds, usual_session=said.session)
                self.view = view(self.plan_input, self.state)
            case IntentionRefused(sentence=sentence):
                self.refused = sentence
            case Remark(sentence=sentence):
                self.remark = sentence
            case RecordTrouble(sentence=sentence):
                self.trouble = sentence
            case SessionFinished():
                self.finished = said
            case ScreenLent() | ObserveOther():
                pass  # another screen comes; what this one shows is shown when it is back

    def _signs(self, said: RunHealth) -> None:
        before = self.signs if self.signs is not None and self.signs.run == said.run else None
        self.spoke = said.size > (before.size if before is not None else 0)
        self.beats += said.alive
        self.signs = said

    def _update(self, said: Update) -> None:
        event, before = said.happened.event, self.view
        if isinstance(event, StepEnded) and before.card is not None and not self.auto:
            self._ended(before.card, event, said)
        if isinstance(event, PhaseEnded) and self.results:
            line = f"{sentence(event_words(event))} {head_words()}: {event.head}"
            self.results = (*self.results[:-1], replace(self.results[-1], lines=(*self.results[-1].lines, line)))
        match event:
            case Answered():
                self.told, self.remark, self._came = "", "", came_of(event)
            case Asked():
                self.told, self._came = self._came, ""
            case _:
                pass
        self.activity, self.refused = None, ""
        self.aside = self._aside(said)
        if said.state.open_run is None:
            self.signs = None
        self.state = said.state
        self._warn(event)
        self.view = view(self.plan_input, said.state)

    def _ended(self, card: Card, event: StepEnded, said: Update) -> None:
        how = mark(said.state, event.step)
        if how in _ENDS:
            lines = (*self._told(card, event.reason, how), *_beside(said.state.step(event.step), how))
            self.results = (*self.results, StepResult(card, how, lines, said.happened.seq))

    def told_of(self, card: Card, how: Mark) -> tuple[str, ...]:
        """The sentences about the end of a step that is behind us."""
        step = self.state.step(card.step)
        return (*self._told(card, step.reason, how), *_beside(step, how))

    def _warn(self, event: Event) -> None:
        run = self.state.open_run
        if run is None:
            self.warned = ""
        elif isinstance(event, ScreenWanted) and event.run == run.intent.run:
            self.warned = f"{event_words(event)} F8 stops it."

    def _aside(self, said: Update) -> str:
        event, state = said.happened.event, said.state
        if isinstance(event, Answered | StepBegan | UndoBegan | SessionClosed):
            return ""
        run = state.runs.get(event.run) if isinstance(event, RunEnded) else None
        if not isinstance(event, RunEnded) or run is None or not run.intent.watch or run.stop_requested:
            return self.aside
        told = sentence(watch_words(event, self.plan_input.procedure, state))
        last = event.printed.rpartition("\n")[2]
        return f"{told} It printed last: {last}" if last else told

    def _told(self, card: Card, reason: str, how: Mark) -> tuple[str, ...]:
        run = self.state.runs.get(card.run) if card.run is not None else None
        lines: list[str] = []
        if how is Mark.FOUND_DONE:
            lines.append("It was done already; nothing ran.")
        elif run is not None and run.ended is not None and run.ended.outcome == "ended":
            lines.append(sentence(f"the command {how_it_ended(run.ended)}"))
            lines += [sentence(left_words(left)) for left in run.ended.left_running]
        lines += [self._given(card), reason]
        return tuple(line for line in lines if line)

    def _given(self, card: Card) -> str:
        """What an act without a command came to."""
        procedure, values = self.plan_input.procedure, self.state.values
        step = procedure.step(card.step)
        if watch := render_watch(procedure, step, values):
            return f"It {watch}."
        if isinstance(step.act.plan, Countdown):
            ends = [each for each in self.state.deviations if each.step == card.step and each.what == "wait cut short"]
            return sentence(wait_over("wait", ends[-1].reason if ends else ""))
        return step.act.came_to(values)

    def acknowledge(self) -> None:
        """The operator has seen the oldest result."""
        self.results = self.results[1:]

    @property
    def result(self) -> StepResult | None:
        """The result to be acknowledged next, or None."""
        return self.results[0] if self.results else None

    @property
    def kind(self) -> Kind:
        """What the screen shows."""
        if self.results:
            return "result"
        if self.view.closed is not None:
            return "closed"
        if self.state.open_run is not None:
            return "running"
        return "question" if self.state.question is not None else "busy"

    @property
    def options(self) -> tuple[Option, ...]:
        """The answers that are offered now."""
        question = self.state.question
        return question.options if question is not None and self.kind == "question" else ()

    @property
    def wrong(self) -> str:
        """What needs a person's attention; empty while nothing does."""
        return self.refused or self.trouble or self.warned or self.remark or self.aside

    @property
    def meaning(self) -> tuple[object, ...]:
        """What a key would mean now; keys that answer wait a moment after it changed."""
        kind = self.kind
        match kind:
            case "result":
                return kind, self.results[0].seq
            case "closed":
                return kind, self.finished is not None
            case "running":
                return kind, self.state.open_run.intent.run if self.state.open_run is not None else 0
            case "question" | "busy":
                return kind, self.state.questions

    @property
    def card_mark(self) -> Mark:
        """The state of the step on the card."""
        card, state = self.view.card, self.state
        if card is None:
            return Mark.NOW
        if not card.undo:
            return mark(state, card.step)
        if state.question is not None and state.question.question_kind == "soak":
            return Mark.WAITING
        if state.question is not None:
            return Mark.FAILED if state.question.question_kind == "undo failed" else Mark.NEEDS_YOU
        return Mark.RUNNING if state.open_run is not None else Mark.NOW
