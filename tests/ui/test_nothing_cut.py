"""Whatever step of whatever built-in procedure is asked about: its answers are whole, and what is below has a mark."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from rich.cells import cell_len
from textual.widget import Widget

from screens.app import UplevelApp
from screens.run.choices import Choices
from screens.run.screen import RunScreen
from tests.engine.test_session_plan import START, opened
from wizard.checks.model import Check
from wizard.clock import Instant
from wizard.fields.templates import render_text
from wizard.model.library import heads
from wizard.model.procedure import Procedure, Step
from wizard.model.reading import read_procedure
from wizard.record.events import CheckAnswered, Happened, Purpose
from wizard.record.output import OutputLog
from wizard.session import SessionState, Stage, StepState, fold
from wizard.session.actions import AskQuestion
from wizard.session.fencing import fence_of
from wizard.session.plan_act import plan_doing
from wizard.session.plan_input import ActContext, PlanInput
from wizard.session.rendering import render_wanted
from wizard.session.view import view


if TYPE_CHECKING:
    from tests.ui.conftest import Desk
    from wizard.engine import Engine


pytestmark = pytest.mark.usefixtures("at_once")

_GUID = "b992c965-5a58-4fd9-a0f6-dbc670b5c2ef"
_NOW = Instant(START, 0, "boot")


@dataclass
class _Still:
    """An engine that says nothing and takes everything."""

    plan_input: PlanInput
    state: SessionState
    session: str = "01HZZZZZZZZZZZZZZZZZZZZZZZ"
    folder: Path = Path("/nowhere")
    taken: list[object] = field(default_factory=list)

    def start(self, _emit: object) -> None:
        """Never says anything."""

    def submit(self, intention: object) -> None:
        self.taken.append(intention)

    def output(self, run: int) -> OutputLog:
        return OutputLog(self.folder / f"{run}")

    def redact(self, text: str) -> str:
        return text


def _begun(procedure: Procedure) -> SessionState:
    """A session of which every value is known."""
    first = Happened(0, _NOW.rfc3339(), _NOW.boottime, _NOW.boot_id, opened())
    given = {name: each.default or (_GUID, *each.choices)[-1] for name, each in procedure.parameters.items()}
    kept = {**procedure.target, **procedure.who, **procedure.remember}
    taken = {name: _GUID for step in procedure.steps() for name in (*step.capture, *step.remember)}
    return replace(fold([first]), values={**dict.fromkeys(kept, _GUID), **given, **taken})


def _looks(procedure: Procedure, step: Step, state: SessionState, red: str) -> dict[tuple[Purpose, int], CheckAnswered]:
    """Every check before the step answered; the last one with `red`, which may be nothing."""
    asked: list[tuple[Purpose, int, Check]] = [("fence", at, each.check) for at, each in enumerate(fence_of(procedure))]
    asked += [("already", 0, step.probe)] if step.probe is not None else []
    asked += [("before", at, check) for at, check in enumerate(step.before)]
    found = {}
    for number, (purpose, at, check) in enumerate(asked, start=1):
        good = "no" if purpose == "already" else "yes"
        found[purpose, at] = CheckAnswered(
            step=step.id,
            purpose=purpose,
            index=at,
            command=render_text(check.command, state.values),
            wanted=render_wanted(check, state.values),
            verdict=red if red and number == len(asked) and purpose != "already" else good,
            got="what it said instead" if red else render_wanted(check, state.values),
            why="That is not what was wanted." if red else "",
        )
    return found


def _asked(plan_input: PlanInput, red: str) -> Iterator[SessionState]:
    """The state in front of each step, with what is asked there."""
    procedure = plan_input.procedure
    state = _begun(procedure)
    for step in procedure.steps():
        actor = StepState(step.id, stage=Stage.LOOKING, check_results=_looks(procedure, step, state, red))
        before = replace(state, current=step.id, steps={**state.steps, step.id: actor})
        move = plan_doing(ActContext(plan_input, before, step, step, actor, _NOW))
        if isinstance(move, AskQuestion):
            yield replace(before, question=move.question, questions=before.questions + 1)
        done = StepState(step.id, stage=Stage.ENDED, end="done", ended_at=state.opened_at, has_effect=True)
        state = replace(state, steps={**state.steps, step.id: done})


def _is_ready(screen: RunScreen) -> bool:
    return screen.guard.ready


def _squeezed(text: str) -> str:
    return "".join(text.split())


class _Glass:
    """Reads what stands on the screen."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.run = desk.run
        self._rows: list[str] = []

    def look(self) -> None:
        """Read the whole screen."""
        self._rows = self._desk.text().splitlines()

    def drawn(self, selector: str) -> str:
        """The part of the screen that a widget has, without blanks."""
        region = self.run.query_one(selector, Widget).region
        rows = self._rows[region.y : region.bottom]
        return _squeezed("".join(_cells(row, region.x, region.right) for row in rows))

    def _has_moved(self, before: str) -> bool:
        self.look()
        return self.drawn("#more") != before

    async def check(self, what: str, *, turns: bool) -> None:
        """Nothing that decides is cut, or a mark says so, and a key scrolls there."""
        self.look()
        what = "\n".join([what, *self._rows])
        run, choices = self.run, self.run.query_one(Choices)
        assert self._desk.app.screen.region.contains_region(choices.region), what
        answers = self.drawn("#choices")
        for option in run.showing.options:
            assert _squeezed(option.label) in answers, (what, option.label)
        card = run.showing.view.card
        assert card is not None
        command = _squeezed(card.command)
        seen, mark = self.drawn("#command") + self.drawn("#card-scroll"), self.drawn("#more")
        hidden = run.query_one("#card").size.height - run.query_one("#card-scroll").size.height
        if hidden <= 0:
            assert not run.query_one("#more").has_class("-open"), what
            assert command in seen, what
            return
        assert f"↓{hidden}moreline" in mark, (what, mark, hidden)
        if not turns and command in seen:
            return
        whole = self.drawn("#card-scroll")
        while "↓" in (before := self.drawn("#more")):
            await self._desk.pilot.press("pagedown")
            await self._desk.until(partial(self._has_moved, before))
            whole += self.drawn("#card-scroll")
        assert "PgUp" in self.drawn("#more"), what
        assert command in seen or command[-20:] in whole, what


def _cells(row: str, begin: int, end: int) -> str:
    assert cell_len(row) >= len(row) or not row
    return row[begin:end]


async def look_at_all(size: tuple[int, int], desk: "type[Desk]", every: int, reds: tuple[str, ...]) -> int:
    """Look at the question in front of each step, or of every so manieth; returns how many were looked at."""
    number = looked_at = 0
    async with UplevelApp().run_test(size=size) as pilot:
        for head in heads():
            if head.origin != "built in":
                continue
            plan_input = PlanInput(read_procedure(head.path).procedure)
            screen = RunScreen(cast("Engine", _Still(plan_input, _begun(plan_input.procedure))))
            await pilot.app.push_screen(screen)
            it = desk(pilot)
            glass = _Glass(it)
            for red in reds:
                for asked in _asked(plan_input, red):
                    number += 1
                    if number % every:
                        continue
                    looked_at += 1
                    screen.showing.state = replace(asked, questions=number)
                    screen.showing.view = view(plan_input, asked)
                    screen.draw()
                    await pilot.pause()
                    await it.until(partial(_is_ready, screen))
                    await glass.check(f"{head.name} {asked.current}", turns=looked_at % 7 == 1)
            await pilot.app.pop_screen()
    return looked_at


@pytest.mark.parametrize(("size", "every"), [((80, 24), 4), ((120, 40), 11)], ids=["80", "120"])
async def test_answers_and_command_of_every_step_are_whole_or_have_a_mark(
    size: tuple[int, int], every: int, desk: "type[Desk]"
) -> None:
    """Some steps at two sizes; all of them at every size in the storm."""
    assert await look_at_all(size, desk, every, ("", "no")) > 35
