"""A careless operator: presses on, overrides and skips wherever they are let, and reads nothing."""

import queue
from contextlib import suppress

from tests.engine.roads import Road
from wizard.engine import Update
from wizard.formats import build
from wizard.formats.collect import collect
from wizard.formats.markdown import render_markdown
from wizard.plain.narrate import Narrator
from wizard.record.events import Answered, Asked, CheckAnswered, Evidence, RunIntent, StepEnded
from wizard.record.journal import scan
from wizard.session import Answer, Mark, advance, begin, outcome
from wizard.session.fencing import fence_of
from wizard.session.state import PROVEN
from wizard.session.view import view


EAGER = (
    "run",
    "yes",
    "typed",
    "tick",
    "take",
    "acknowledge",
    "accept",
    "did-it",
    "answer",
    "finished",
    "skip",
    "again",
)
"""What they press, the first of these that is offered."""
_LONGEST = 24
"""Half minutes that a command may take."""
PATIENCE = 3
"""How often they press the same thing before they take the next."""
OVERRIDES = frozenset({"before", "no answer", "needs", "held"})


class Careless:
    """Answers a rehearsal's questions by pressing on.

    Args:
        road: The rehearsal.
    """

    def __init__(self, road: Road) -> None:
        self.road = road
        self._pressed: dict[tuple[str | None, str, str], int] = {}

    def walk(self, most: int = 1500) -> None:
        """Press on until the session is over, or nothing but stopping is left."""
        for _ in range(most):
            question = self._question()
            if question is None:
                return
            self._press(question)
        raise AssertionError("the session never ended")

    def _question(self) -> Asked | None:
        """The next question. What was accepted before may keep a later command waiting for what never comes."""
        for _ in range(_LONGEST):
            with suppress(queue.Empty):
                return self.road.question()
        raise AssertionError(f"nothing is asked any more: {self.road.state.open_run}")

    def _press(self, question: Asked) -> None:
        ways = {option.id: option for option in question.options}
        if question.question_kind in {"ask", "choose", "secret"}:
            self.road.answer(question)
            return
        choice = next((each for each in EAGER if each in ways and self._patient(question, each)), "stop")
        option = ways[choice]
        text = option.expects if option.needs == "typed" else "whatever" if option.needs != "nothing" else ""
        evidence = (Evidence(kind="text", text="seen"),) if option.needs == "evidence" else ()
        answer = Answer(question.question, choice, text, evidence)
        self.road.drive.answer(answer.choice, answer.text, *answer.evidence)

    def _patient(self, question: Asked, choice: str) -> bool:
        key = (question.step, question.question_kind, f"{choice}{question.item}")
        self._pressed[key] = self._pressed.get(key, 0) + 1
        return self._pressed[key] <= PATIENCE


def told_lies(road: Road) -> list[str]:
    """What the pages of a session say that is not true; and no-return steps that were passed with a red check."""
    state, procedure = road.state, road.procedure
    unproven = [step for step in procedure.steps() if state.step(step.id).end in {"skipped", "accepted"}]
    rows = {row.step: row for row in view(road.drive.engine.plan_input, state).rows}
    lies = [f"{step.id} is shown as {rows[step.id].mark}" for step in unproven if rows[step.id].mark in _GOOD]
    page = render_markdown(build(road.drive.engine.folder))
    for step in unproven:
        number = rows[step.id].number
        heading = next(line for line in page.splitlines() if line.startswith(f"## REHEARSAL · {number} · "))
        if not heading.endswith((": skipped", ": accepted")):
            lies.append(f"the transcript says: {heading}")
    ended = outcome(state)
    finished = road.drive.finished
    sentence = finished.sentence if finished is not None else ""
    if unproven and (ended is None or ended.word == "completed" or "ompleted" in sentence):
        lies.append(f"the end says: {sentence}")
    if unproven and finished is not None and finished.code == 0:
        lies.append("it exits with 0")
    if unproven and "| State | completed" in page:
        lies.append("the transcript says that it was completed")
    return lies + _told_by_plain(road) + red_checks_passed(road)


_GOOD = {Mark.DONE, Mark.DONE_BY_HAND, Mark.FOUND_DONE}


def red_checks_passed(road: Road) -> list[str]:
    """The no-return steps that ran although a check before had not said yes, or a step they need was not proven."""
    final = {step.id: step for step in road.procedure.steps() if step.no_return is not None}
    found: list[str] = []
    looks: dict[str, dict[tuple[str, int], str]] = {}
    for event in road.drive.events:
        if isinstance(event, CheckAnswered) and event.step is not None and not event.undo:
            looks.setdefault(event.step, {})[(event.purpose, event.index)] = event.verdict
        if isinstance(event, RunIntent) and event.step in final and not event.undo:
            step = final[event.step]
            wanted = {("fence", at): "yes" for at, _ in enumerate(fence_of(road.procedure))}
            wanted |= {("before", at): "yes" for at, _ in enumerate(step.before)}
            said = looks.get(step.id, {})
            found += [f"{step.id} ran, {key} had said {said.get(key)}" for key in wanted if said.get(key) != "yes"]
        if isinstance(event, Answered) and event.step in final and event.choice == "accept":
            found += [f"{event.step} was overridden: {event.question_kind}"] if event.question_kind in OVERRIDES else []
    for step in final.values():
        ran = any(run.intent.step == step.id for run in road.state.runs.values())
        ends_of_needs = {need: road.state.step(need).end for need in step.needs}
        found += [
            f"{step.id} ran, {need} is {end}"
            for need, end in ends_of_needs.items()
            if ran and end not in {*PROVEN, "not applicable"}
        ]
    return found


def _told_by_plain(road: Road) -> list[str]:
    """What `--plain` says of a step's end that is not true."""
    found = collect(scan(road.drive.engine.folder / "journal.jsonl").records)
    narrator, plan_input = Narrator(answers=True), road.drive.engine.plan_input
    state = begin(found.happened[0])
    lies = []
    for happened in found.happened[1:]:
        state = advance(state, happened)
        lines = list(narrator.tell(plan_input, Update(happened, state)))
        event = happened.event
        if isinstance(event, StepEnded) and (end := state.step(event.step).end) in {"skipped", "accepted"}:
            lies += [f"--plain says of what is {end}: {line}" for line in lines if f" {end}" not in f" {line}"]
    return lies
