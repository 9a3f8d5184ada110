"""A person at the run screen who has nothing but the keys, and wants to get on."""

import asyncio
import time
from collections.abc import Callable

from textual.pilot import Pilot

from screens.run.choices import Choices
from screens.run.screen import RunScreen
from screens.shared.dialogs import EvidenceDialog
from screens.shared.page import ScreensResult


_FOR_EACH = {"go": "r", "undo": "r", "confirm": "y", "item": "d", "found done": "y", "choose": "1"}
"""What an operator marks who wants to get on, by what is asked. A typed gate is typed."""


def screen_text(pilot: Pilot[ScreensResult]) -> str:
    """Everything that stands on the screen, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


async def until(holds: Callable[[], bool], pilot: Pilot[ScreensResult], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"what the test waits for did not happen:\n{screen_text(pilot)}"
        await asyncio.sleep(0.02)
    await pilot.pause()


def can_act(run: RunScreen) -> bool:
    showing = run.showing
    ready = run.guard.ready and run.app.screen is run
    question = showing.state.question
    asked = showing.kind == "question" and question is not None and question.question_kind != "soak"
    return ready and (showing.kind == "result" or asked or (showing.kind == "closed" and showing.finished is not None))


async def act(run: RunScreen, pilot: Pilot[ScreensResult]) -> str:
    """Do the next thing; what was asked, or shown."""
    showing = run.showing
    if showing.kind != "question":
        kind = str(showing.kind)
        await pilot.press("enter")
        await pilot.pause()
        return kind
    question = showing.state.question
    assert question is not None
    assert run.query_one(Choices).marked is None
    if question.question_kind == "type":
        option = next(option for option in question.options if option.id == "typed")
        await pilot.press("t", "enter")
        await pilot.pause()
        for char in option.expects:
            await pilot.press({"-": "minus", "_": "underscore"}.get(char, char))
        await pilot.press("enter")
    else:
        await pilot.press(_FOR_EACH[question.question_kind], "enter")
        await pilot.pause()
        if isinstance(run.app.screen, EvidenceDialog):
            await pilot.press(*"https", "colon", "slash", "slash", *"ci", "enter")
    await until(lambda: showing.state.question != question or bool(showing.refused), pilot, 20)
    assert showing.refused == "", f"{question}: {showing.refused}"
    return question.question_kind
