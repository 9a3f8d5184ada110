"""A start or a resume that takes its time says what it does."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from screens.picker.screen import PickerScreen
from screens.run.screen import RunScreen
from screens.start.screen import StartScreen
from wizard.archive.sessions import find_session
from wizard.engine import Engine, News, Preparation, open_session
from wizard.record.journal import Journal


if TYPE_CHECKING:
    from tests.conftest import Opener
    from tests.ui.conftest import Desk, Prepares


_PLAIN = """
format: 1
procedure: plain
title: A plain one
phases: [{title: Only, steps: [{id: it, title: Do it, run: 'true'}]}]
"""


@pytest.fixture
def left(sessions: "Opener", prepared_from: "Prepares") -> str:
    """A live session that was left."""
    drive = sessions.drive(open_session(prepared_from(_PLAIN), front_end="none"))
    drive.until_asked("go")
    drive.leave()
    return drive.engine.session


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Until it is set, no journal is read."""
    go, resume = threading.Event(), Journal.resume

    def slow(*given: object) -> object:
        assert go.wait(60)
        return resume(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Journal, "resume", slow)
    return go


async def test_a_session_that_the_command_line_names_says_what_is_done(
    left: str, go: threading.Event, desk: "type[Desk]"
) -> None:
    async with UplevelApp(session=find_session(left)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: it.said("#notice") == "Verifying the journal…")
        assert it.text().split("\n")[0].split() == ["A", "plain", "one", "LIVE"]
        go.set()
        await it.until(lambda: isinstance(it.app.screen, RunScreen))


async def test_the_picker_says_what_is_done_while_a_session_is_taken_up(
    left: str, go: threading.Event, desk: "type[Desk]"
) -> None:
    async with UplevelApp().run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: left in it.text())
        await it.press("enter")
        await it.until(lambda: it.said("#notice") == "Verifying the journal…")
        assert isinstance(it.app.screen, PickerScreen)
        go.set()
        await it.until(lambda: isinstance(it.app.screen, RunScreen))


async def test_the_start_page_says_what_is_done_while_a_session_is_opened(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Callable[[Preparation], UplevelApp]
) -> None:
    go = threading.Event()

    def slow(preparation: Preparation, _secrets: object, news: News) -> Engine:
        news("Starting the servers of the rehearsal…")
        assert go.wait(60)
        return open_session(preparation, front_end="textual")

    screen = StartScreen(prepared_from(_PLAIN), slow)
    app = wizard_at(screen.preparation)
    app.first_screen = lambda: screen  # type: ignore[method-assign]
    async with app.run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.until(lambda: it.said("#notice") == "Starting the servers of the rehearsal…")
        go.set()
        await it.until(lambda: isinstance(it.app.screen, RunScreen))
