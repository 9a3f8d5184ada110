"""The manual's Redis upgrade, rehearsed key by key in a terminal of 80x24."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.app import UplevelApp
from screens.dialogs import AskEvidence
from screens.page import Outcome
from screens.run import RunScreen
from screens.start import StartScreen
from screens.widgets.choices import Choices
from tests.decisions import decisions
from wizard.engine import Request, open_session, prepare


_FOR_EACH = {"go": "r", "confirm": "y", "item": "d", "found done": "y", "choose": "1"}
"""What an operator marks who wants to get on, by what is asked. A typed gate is typed."""


async def _until(holds: Callable[[], bool], pilot: Pilot[Outcome], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"what the test waits for did not happen at {pilot.app.screen}"
        await asyncio.sleep(0.02)
    await pilot.pause()


def _can_act(run: RunScreen) -> bool:
    showing = run.showing
    ready = run.guard.ready and run.app.screen is run
    question = showing.state.question
    asked = showing.kind == "question" and question is not None and question.sort != "soak"
    return ready and (showing.kind == "result" or asked or (showing.kind == "closed" and showing.finished is not None))


async def _act(run: RunScreen, pilot: Pilot[Outcome]) -> str:
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
    if question.sort == "type":
        option = next(option for option in question.options if option.id == "typed")
        await pilot.press("t", "enter")
        await pilot.pause()
        for char in option.expects:
            await pilot.press({"-": "minus", "_": "underscore"}.get(char, char))
        await pilot.press("enter")
    else:
        await pilot.press(_FOR_EACH[question.sort], "enter")
        await pilot.pause()
        if isinstance(run.app.screen, AskEvidence):
            await pilot.press(*"https", "colon", "slash", "slash", *"ci", "enter")
    await _until(lambda: showing.state.question != question or bool(showing.refused), pilot, 20)
    assert showing.refused == "", f"{question}: {showing.refused}"
    return question.sort


async def test_the_whole_upgrade_key_by_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for wait in ("SETTLING", "BURST", "OPENING"):
        monkeypatch.setattr(f"screens.guard.{wait}", 0.0)
    app = UplevelApp(preparation=prepare(Request("redis", "rehearsal", {"stage": "preview"}, speed=2000.0)))
    did: list[str] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(lambda: isinstance(app.screen, StartScreen) and app.screen.guard.ready, pilot)
        await pilot.press("f5")
        await _until(lambda: isinstance(app.screen, RunScreen), pilot)
        run = app.screen
        assert isinstance(run, RunScreen)
        while app.return_value is None:
            await _until(lambda: app.return_value is not None or _can_act(run), pilot)
            if app.return_value is None:
                did.append(await _act(run, pilot))
            assert len(did) < 60, did
        assert run.showing.view.mode == "REHEARSAL"
        folder = run.driver.engine.folder
    assert app.return_value.code == 0, did
    assert did.count("result") == 6
    assert "type" in did
    assert did[-1] == "closed"
    records = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    kinds = [record["kind"] for record in records]
    assert kinds.count("step.ended") == 16
    assert "session.closed" in kinds
    ended = [record["data"]["state"] for record in records if record["kind"] == "step.ended"]
    assert sorted(ended) == ["done"] * 6 + ["not applicable"] * 10
    assert decisions(folder) == decisions(_by_itself())


def _by_itself() -> Path:
    """The folder of the same rehearsal, played by the engine."""
    engine = open_session(
        prepare(Request("redis", "rehearsal", {"stage": "preview"}, speed=2000.0, auto=True)), front_end="none"
    )
    engine.start(lambda _message: None)
    assert engine.join(60)
    return engine.folder
