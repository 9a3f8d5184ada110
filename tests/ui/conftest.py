"""A wizard without a terminal, on a real engine with real commands."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest
from textual.events import Event, Paste
from textual.pilot import Pilot
from textual.widgets import Static

from screens.app import UplevelApp
from screens.run.choices import Choices
from screens.run.screen import RunScreen
from screens.shared.guard import EARLY, Ticks
from screens.shared.keyed import Keyed
from screens.shared.page import ScreensResult
from tests.conftest import HANG
from tests.ui.settling import Settling
from wizard.engine import Message, Preparation, Request, prepare
from wizard.engine.engine import Engine
from wizard.engine.messages import Detach
from wizard.engine.session_observer import SessionObserver
from wizard.record.events import Mode


class Hand(Ticks):
    """A clock that stands still until a test moves it; by it every key is pressed."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.pressed: dict[Event, float] = {}
        """When keys were pressed that a test sends all at once."""

    def now(self) -> float:
        """The present moment."""
        return self.seconds

    def of(self, event: Event) -> float:
        """When the event was read."""
        return self.pressed.pop(event, self.seconds)


_TRIES = 3

_UNHEARD = ("Nothing is marked.", EARLY)
"""How the notice begins that a mark and Enter get which came before the screen was drawn."""


class Desk:
    """What a test does at the wizard.

    Args:
        pilot: Presses keys.
    """

    def __init__(self, pilot: Pilot[ScreensResult]) -> None:
        self.pilot = pilot
        self.app = pilot.app

    async def until(self, holds: Callable[[], bool], seconds: float = HANG) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"what the test waits for did not happen; on the screen:\n{self.text()}"
            await asyncio.sleep(0.005)
        await self.pilot.pause()

    @property
    def run(self) -> RunScreen:
        """The run screen, above which a window may stand."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, RunScreen))

    async def question(self, sort: str) -> None:
        """Wait until a question of this sort can be answered."""

        def asked() -> bool:
            if not any(isinstance(screen, RunScreen) for screen in self.app.screen_stack):
                return False
            showing = self.run.showing
            question = showing.state.question
            open_now = question is not None and question.question_kind == sort and showing.kind == "question"
            return open_now and self.run.guard.ready

        await self.until(asked)

    async def kind(self, kind: str) -> None:
        """Wait until the run screen shows this kind of thing and takes keys; a command that runs has been started."""
        await self.until(lambda: self.run.showing.kind == kind and self.run.guard.ready and self._has_started())

    def _has_started(self) -> bool:
        open_run = self.run.showing.state.open_run
        return open_run is None or open_run.started is not None

    async def seen(self) -> None:
        """Wait until what stands in front takes keys."""
        await self.until(lambda: not isinstance(self.app.screen, Keyed) or self.app.screen.guard.ready)

    async def press(self, *keys: str) -> None:
        """Press keys once what is in front has been drawn."""
        await self.seen()
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def take(self, key: str) -> None:
        """Mark an answer by its key and take it, once more where the screen was drawn anew between the two."""
        for _ in range(_TRIES):
            asked = self._asked()
            told = self.said("#notice") if asked is not None else ""
            await self.press(key)
            await self.press("enter")
            await self.until(lambda asked=asked, told=told: self._came_of_it(asked, told) is not None)  # type: ignore[misc]
            if self._came_of_it(asked, told):
                return

    def _asked(self) -> int | None:
        """The number of what is asked in front."""
        front = self.app.screen
        if not isinstance(front, RunScreen) or front.showing.kind != "question":
            return None
        return front.showing.state.questions

    def _came_of_it(self, asked: int | None, told: str) -> bool | None:
        """Whether keys that were to answer were heard; None while that cannot be told yet."""
        if asked is None or self._asked() != asked:
            return True
        notice, marked = self.said("#notice"), self.app.screen.query_one(Choices).marked
        if notice not in {"", told} and not notice.startswith(_UNHEARD):
            return True
        return False if marked is None or notice.startswith(_UNHEARD) else None

    async def paste(self, text: str) -> None:
        """Paste a text."""
        self.app.post_message(Paste(text))
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type a text."""
        for char in text:
            await self.pilot.press({" ": "space", "-": "minus", "/": "slash", ".": "full_stop"}.get(char, char))

    def text(self) -> str:
        """Everything that stands on the screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    def said(self, selector: str) -> str:
        """The text of one widget."""
        return str(self.app.screen.query_one(selector, Static).render())


class Prepares(Protocol):
    """Makes a start page of a procedure's text."""

    def __call__(self, text: str, mode: Mode = "live", **values: str) -> Preparation: ...


def _noted(kind: type[Engine | SessionObserver], into: list[Engine | SessionObserver]) -> Callable[..., None]:
    """What starts one of a kind, and says which."""
    start = kind.start

    def starting(one: Engine | SessionObserver, emit: Callable[[Message], None]) -> None:
        into.append(one)
        start(one, emit)  # type: ignore[arg-type]

    return starting


@pytest.fixture(autouse=True)
def sessions_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No session outlives its test, with its thread, its files and its listener."""
    started: list[Engine | SessionObserver] = []
    for kind in (Engine, SessionObserver):
        monkeypatch.setattr(kind, "start", _noted(kind, started))
    yield
    for one in started:
        one.submit(Detach("the test is over"))
    assert all(one.join(HANG) for one in started)


@pytest.fixture(autouse=True)
def settling(monkeypatch: pytest.MonkeyPatch) -> Settling:
    """Keys are waited for by what they set going, and not by the clock."""
    return Settling(monkeypatch)


@pytest.fixture
def prepared_from(tmp_path: Path) -> Prepares:
    """Start pages of procedures given as text, read as if they were files of one's own."""

    def make(text: str, mode: Mode = "live", **values: str) -> Preparation:
        file = tmp_path / "procedure.yaml"
        file.write_text(text, encoding="utf-8")
        return prepare(Request(str(file), mode, values=values))

    return make


class Begins(Protocol):
    """Begins a session of a procedure's text and waits for its first question."""

    def __call__(
        self, text: str, *, size: tuple[int, int] = (80, 24), question: str = "go", **values: str
    ) -> AbstractAsyncContextManager[Desk]: ...


@pytest.fixture
def begun(prepared_from: Prepares) -> Begins:
    """The wizard at the first question of a session."""

    @asynccontextmanager
    async def begin(
        text: str, *, size: tuple[int, int] = (80, 24), question: str = "go", **values: str
    ) -> AsyncIterator[Desk]:
        async with UplevelApp(preparation=prepared_from(text, "live", **values)).run_test(size=size) as pilot:
            it = Desk(pilot)
            await it.pilot.pause()
            await it.press("f5")
            await it.question(question)
            yield it

    return begin


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys answer as soon as a question is drawn, and are no text however fast they come."""
    for wait in ("SETTLING", "BURST", "OPENING"):
        monkeypatch.setattr(f"screens.shared.guard.{wait}", 0.0)


@pytest.fixture
def desk() -> type[Desk]:
    """What tests hold on to."""
    return Desk


@pytest.fixture
def wizard_at() -> Callable[[Preparation], UplevelApp]:
    """The wizard, opened at a start page."""
    return lambda preparation: UplevelApp(preparation=preparation)
