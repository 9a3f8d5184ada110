"""Redis rehearsed by nothing but keys at 80x24: another plan and a ticket, an undo, a pause, a hand-over, the end."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from screens.app import UplevelApp
from screens.picker.screen import PickerScreen
from screens.run.screen import RunScreen
from screens.shared.dialogs import TextDialog
from screens.shared.page import ScreensResult
from screens.start.screen import StartScreen
from tests.conftest import HANG
from tests.ui.settling import Settling
from tests.whole.by_keys import act, can_act, until
from wizard.archive.sessions import list_sessions
from wizard.engine import Request


_NAMES = {" ": "space", "-": "minus", ".": "full_stop", "_": "underscore", ":": "colon", ",": "comma"}


async def _type(pilot: Pilot[ScreensResult], text: str) -> None:
    await pilot.press(*(_NAMES.get(char, char) for char in text))


async def _reach(pilot: Pilot[ScreensResult], key: str, holds: Callable[[], bool]) -> None:
    """Press a key until something has the keyboard, as a person does who looks where the mark is."""
    deadline = time.monotonic() + HANG
    while not holds():
        assert time.monotonic() < deadline, f"{key} never led there"
        await pilot.press(key)
        await pilot.pause()


def _focused(pilot: Pilot[ScreensResult]) -> str:
    return str(getattr(pilot.app.focused, "id", "") or "")


async def _run_screen(pilot: Pilot[ScreensResult]) -> RunScreen:
    await until(lambda: isinstance(pilot.app.screen, RunScreen), pilot)
    run = pilot.app.screen
    assert isinstance(run, RunScreen)
    await until(lambda: can_act(run), pilot)
    return run


async def _go_on(run: RunScreen, pilot: Pilot[ScreensResult], holds: Callable[[], bool]) -> None:
    """Do what comes next until something holds, or the app has ended."""
    for _ in range(60):
        await until(lambda: pilot.app.return_value is not None or can_act(run), pilot)
        if pilot.app.return_value is not None or holds():
            return
        await act(run, pilot)
    pytest.fail(f"it never came to that: {run.showing.state.question}")


@contextmanager
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        for wait in ("SETTLING", "BURST", "OPENING"):
            patched.setattr(f"screens.shared.guard.{wait}", 0.0)
        # What a rehearsal waits for dwells on the screen; the keys are the subject here.
        patched.setattr("wizard.engine.Request", partial(Request, speed=2000.0))
        yield


def _ended(run: RunScreen, step: str, end: str) -> bool:
    return run.showing.state.step(step).end == end


async def test_redis_by_keys_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    Settling(monkeypatch)
    with _no_waiting(monkeypatch):
        app = UplevelApp()
        async with app.run_test(size=(80, 24)) as pilot:
            await until(lambda: isinstance(app.screen, PickerScreen) and app.screen.guard.ready, pilot)
            await pilot.press("slash", *"redis", "enter")
            await pilot.pause()
            await pilot.press("r")
            await until(lambda: isinstance(app.screen, StartScreen) and app.screen.guard.ready, pilot)
            await pilot.press("enter", "down", "enter")  # the first stage
            await _reach(pilot, "tab", lambda: "plan" in _focused(pilot))
            field = app.focused
            assert isinstance(field, Input)
            await pilot.press("end", *["backspace"] * len(field.value))
            await _type(pilot, "medium-ha-7.x")
            await _reach(pilot, "tab", lambda: _focused(pilot) == "ticket")
            await _type(pilot, "DM-4711")
            await pilot.press("shift+tab", "f5")
            run = await _run_screen(pilot)
            folder, session = run.driver.engine.folder, run.driver.engine.session
            await _go_on(run, pilot, lambda: _ended(run, "create-new", "done"))
            await pilot.press("f7")
            await until(lambda: app.return_value is not None, pilot)
        assert app.return_value is not None
        assert app.return_value.code == 3
        [left] = list_sessions()
        assert (left.id, left.state, left.ticket) == (session, "paused", "DM-4711")

        app = UplevelApp()
        async with app.run_test(size=(80, 24)) as pilot:
            await until(lambda: isinstance(app.screen, PickerScreen) and app.screen.guard.ready, pilot)
            await _reach(pilot, "up", lambda: "resume" in str(app.screen.query_one("#keys").render()))
            await pilot.press("enter")
            run = await _run_screen(pilot)
            await _go_on(run, pilot, lambda: _ended(run, "rename-old", "done") and run.showing.kind == "question")
            await pilot.press("f9", "enter")
            await pilot.pause()
            if isinstance(app.screen, TextDialog):
                await _type(pilot, "once more")
                await pilot.press("enter")
            await _go_on(run, pilot, lambda: any(each.what == "undone" for each in run.showing.state.deviations))
            await _go_on(run, pilot, lambda: _ended(run, "rename-old", "done") and run.showing.kind == "question")
            await pilot.press("ctrl+o")
            await until(lambda: isinstance(app.screen, TextDialog), pilot)
            await _type(pilot, "the names are next")
            await pilot.press("enter")
            await until(lambda: app.return_value is not None, pilot)
        assert app.return_value is not None
        assert app.return_value.code == 3

        app = UplevelApp()
        async with app.run_test(size=(80, 24)) as pilot:
            await until(lambda: isinstance(app.screen, PickerScreen) and app.screen.guard.ready, pilot)
            await _reach(pilot, "up", lambda: "resume" in str(app.screen.query_one("#keys").render()))
            await pilot.press("enter")
            run = await _run_screen(pilot)
            assert run.showing.state.question is not None
            assert run.showing.state.question.question_kind == "handed over"
            await pilot.press("y", "enter")
            await until(lambda: isinstance(app.screen, TextDialog), pilot, 5)
            await _type(pilot, "mara")
            await pilot.press("enter")
            await _go_on(run, pilot, lambda: False)
        assert app.return_value is not None
        assert app.return_value.code == 0

    records = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    opened, kinds = records[0]["data"], [record["kind"] for record in records]
    assert (opened["ticket"], opened["parameters"]["plan"]) == ("DM-4711", "medium-ha-7.x")
    assert {"session.paused", "session.handed-over", "undo.began", "session.closed"} <= set(kinds)
    last = [record["data"] for record in records if record["kind"] == "session.closed"]
    assert [each["state"] for each in last] == ["completed"]
