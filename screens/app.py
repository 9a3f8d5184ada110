"""Puts the screens together; everything they do is theirs."""

import os
import sys
from contextlib import suppress
from functools import cached_property
from signal import SIGHUP, SIGINT, SIGTERM, Signals
from threading import Event, Thread
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.reactive import Reactive
from textual.screen import Screen

from screens.help.palette import commands_of
from screens.keys import Key, bindings_of
from screens.shared.background import Broke
from screens.shared.crash import Crash, crash_of
from screens.shared.exit_watchdog import end_process_soon
from screens.shared.guard import Ticks
from screens.shared.input_gate import InputGate
from screens.shared.keyed import Keyed
from screens.shared.line_sanitizer import LineSanitizer
from screens.shared.page import Page, ScreensResult
from screens.shared.terminal.driver import PasteTold, TerminalDriver
from wizard import places
from wizard.execution.helper.process import HELPER


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.filter import LineFilter

    from screens.driver import Driver
    from screens.run.lending import Lending
    from wizard.archive.sessions import SessionSummary
    from wizard.engine import Preparation
    from wizard.engine.session_observer import SessionObserver
    from wizard.settings import Settings


_PATIENCE = 1.5
"""Seconds the engine has, when the wizard must go, to write that it was left."""


class UplevelApp(App[ScreensResult], inherit_bindings=False):
    """The wizard on a terminal.

    Args:
        preparation: Open its start page.
        session: Resume it.
        observed: Look on at it. Without any of these, the picker opens.
        after: Go on where an app ended that lent the terminal to a program.
        ticks: Seconds for what depends on when a key was pressed; tests give their own.
    """

    WHERE: ClassVar[str] = "app"
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("palette", ("ctrl+p",), "command_palette", "find a command", "Find a command by its name.", foot=False),
    )
    BINDINGS = bindings_of(WHERE, KEYS)
    CSS_PATH: ClassVar = [
        places.asset(f"styles/{name}.tcss") for name in ("page", "run", "steps", "start", "lists", "dialog", "reading")
    ]
    TITLE = "uplevel"
    CLOSE_TIMEOUT = 1.0
    theme = Reactive("ansi-dark")
    """The terminal's own colours from the beginning: a theme that is set later has all styles read once more."""

    def __init__(
        self,
        *,
        preparation: "Preparation | None" = None,
        session: "SessionSummary | None" = None,
        observed: "SessionObserver | None" = None,
        after: "Lending | None" = None,
        ticks: Ticks | None = None,
    ) -> None:
        super().__init__(driver_class=TerminalDriver)
        self.ticks = ticks or Ticks()
        self._input_gate = InputGate(self, self.ticks)
        self.crash: Crash | None = None
        self.crashed_driver: Driver | None = None
        self._line_sanitizer = LineSanitizer()
        self._preparation = preparation
        self._session = session
        self._observed = observed
        self._after = after

    def on_mount(self) -> None:
        """Listen to signals, open the first screen."""
        for number in (SIGHUP, SIGTERM, SIGINT):
            with suppress(RuntimeError, ValueError):  # not the main thread: whoever owns it handles signals
                self._on_signal(number)
        self.push_screen(self.first_screen())
        self.call_after_refresh(HELPER.prepare)  # its imports would take a processor from the first frame

    async def on_event(self, event: events.Event) -> None:
        """Turn away keys and pastes that may not act."""
        if isinstance(event, events.Key) and not event.is_forwarded and not await self._input_gate.lets_key(event):
            return
        if isinstance(event, events.Paste) and not event.is_forwarded and not self._input_gate.lets_paste(event):
            return
        await super().on_event(event)

    def on_paste_told(self, message: PasteTold) -> None:
        """Something is to be said about a paste."""
        if isinstance(self.screen, Keyed):
            self.screen.say(message.sentence)

    def get_line_filters(self) -> "Sequence[LineFilter]":
        """Textual's own, and behind them the barrier through which every line of every widget goes."""
        return [*super().get_line_filters(), self._line_sanitizer]

    def first_screen(self) -> Screen[None]:
        """The run screen that goes on, the page that resumes a session, the start page, or the picker."""
        if self._after is not None:
            return self._after.going_on()
        if self._observed is not None:
            from screens.run.observe import ObserveScreen

            return ObserveScreen(self._observed)
        if self._session is not None:
            from screens.start.opening_page import OpeningScreen

            return OpeningScreen(self._session)
        if self._preparation is not None:
            from screens.start.screen import StartScreen

            return StartScreen(self._preparation)
        from screens.picker.screen import PickerScreen

        return PickerScreen()

    def _on_signal(self, number: Signals) -> None:
        import asyncio

        asyncio.get_running_loop().add_signal_handler(number, self.go, number)

    def on_broke(self, message: Broke) -> None:
        """Background work failed: that is a crash."""
        raise message.error

    @cached_property
    def settings(self) -> "Settings":
        """The operator's own."""
        from wizard import settings

        return settings.own()

    def ring(self) -> None:
        """Ring the terminal's bell, unless the operator wants quiet."""
        from wizard.session.calling import BELL

        if self.settings[BELL]:
            self.bell()

    def say_title(self, title: str) -> None:
        """Set the terminal's title, unless the operator wants their own; it comes back when the screens end."""
        from wizard.session.calling import TITLE

        if self.settings[TITLE] and isinstance(self._driver, TerminalDriver):
            self._driver.say_title(title)

    @property
    def driver_of_session(self) -> "Driver | None":
        """The driver of the session that is open, or None."""
        return next((screen.driver for screen in self.screen_stack if hasattr(screen, "driver")), None)

    def go(self, number: Signals) -> None:
        """A signal wants the wizard gone: the record says so, the terminal is restored, the command goes on."""
        code = 128 + int(number)
        end_process_soon(code)
        driver = self.driver_of_session
        name = number.name
        done = Event()

        def detach() -> None:
            if driver is not None:
                driver.detach(name, _PATIENCE)
            done.set()

        Thread(target=detach, name="uplevel-detach", daemon=True).start()

        def leave_when_done() -> None:
            if done.is_set():
                self.exit(ScreensResult(code, f"uplevel was ended by {name}. {_how_to_go_on(driver)}".rstrip()))
            else:
                self.set_timer(0.05, leave_when_done)

        leave_when_done()

    def get_system_commands(self, screen: Screen[object]) -> "Iterable[SystemCommand]":
        """The palette offers what the keys of the present screen do, once each, themes, and the way out."""
        return commands_of(screen, self.search_themes) if isinstance(screen, Page) else ()

    def secrets(self) -> dict[str, str]:
        """Every secret that was typed on a screen, by name."""
        return {
            name: value
            for screen in self.screen_stack
            if isinstance(screen, Page)
            for name, value in screen.secrets.items()
        }

    def _handle_exception(self, error: Exception) -> None:
        """End the wizard without Textual's own report, which prints local variables."""
        if self.crash is None:
            self.crash = crash_of(error, self._redact)
            self.crashed_driver = self.driver_of_session
        super()._handle_exception(error)

    def _redact(self, text: str) -> str:
        from wizard.execution.redact import for_text

        driver = self.driver_of_session
        if driver is None:
            return ""  # only a session knows which secrets of the environment may stand in it
        return driver.engine.redact(for_text(self.secrets())(text))

    def panic(self, *renderables: object) -> None:
        """End without showing `renderables`; the report is written once the terminal is restored."""
        del renderables
        if self.crash is None:  # Textual's own thread broke, and told nobody how
            self.crash = Crash("InputBroke", "the keys of the terminal can no longer be read", "textual")
            self.crashed_driver = self.driver_of_session
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()


def _how_to_go_on(driver: "Driver | None") -> str:
    if driver is None:
        return ""
    from screens.shared.words import safe_text

    return safe_text(driver.engine.way_on)


def run(app: UplevelApp) -> int:
    """Run the wizard on the terminal.

    Returns:
        The exit code.
    """
    outcome = app.run()
    while outcome is not None and outcome.lending is not None:
        cause = outcome.lending.lend()
        if cause is not None:
            return _end_lent(outcome.lending, cause)
        theme, app = app.theme, UplevelApp(after=outcome.lending)
        app.theme = theme
        outcome = app.run()
    driver = app.crashed_driver
    if app.crash is not None:
        if driver is not None:
            driver.detach("error", _PATIENCE)
        _say_last(app.crash.told(_how_to_go_on(driver)))
        end_process_soon(1)  # what broke may have left threads of Textual's behind
        return 1
    sentence = ""
    if outcome is not None and outcome.sentence:
        from screens.shared.words import safe_text

        sentence = safe_text(outcome.sentence, newlines=True) + "\n"
    _say_last(sentence)
    return 1 if outcome is None else outcome.code


def _end_lent(lending: "Lending", cause: str) -> int:
    """A signal wants the wizard gone while a program has the terminal."""
    lending.driver.detach(cause, _PATIENCE)
    _say_last(f"uplevel was ended by {cause}. {_how_to_go_on(lending.driver)}\n")
    return 128 + int(Signals[cause])


def _say_last(text: str) -> None:
    """Say the last words, also to a terminal that was hung up: what it does not take must not change the exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is sys.stderr:
                stream.write(text)
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
