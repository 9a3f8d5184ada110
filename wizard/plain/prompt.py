"""Typed input: one line at a time, read from a terminal only, and withdrawn when its question closes by itself."""

import asyncio
import os
import select
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.formatted_text.utils import fragment_list_to_text
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.input.defaults import create_input
from prompt_toolkit.input.typeahead import clear_typeahead
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.output import Output
from prompt_toolkit.output.plain_text import PlainTextOutput
from prompt_toolkit.output.vt100 import Vt100_Output
from questionary import password, text

from wizard.plain.keyboard import Keyboard
from wizard.sanitize import UNSAFE, sanitize_text


class Withdrawn(Exception):
    """The question is no longer open, so what is being typed answers nothing."""


class Meanwhile(Protocol):
    """What may have to be said above an open prompt."""

    @property
    def waiting(self) -> bool: ...
    def show(self) -> None: ...


_BETWEEN = 0.2
"""Seconds between two looks at what came while a prompt is open."""


class Prompt:
    """Asks for typed lines.

    Args:
        keyboard: Its typed-ahead input is flushed before each line.

    Attributes:
        meanwhile: What may come while a line is being typed; a terminal that can do nothing shows it afterwards.
    """

    def __init__(self, keyboard: Keyboard) -> None:
        self._keyboard = keyboard
        self.meanwhile: Meanwhile | None = None
        self._withdraw: Callable[[], None] | None = None
        self._withdrawn = False

    def line(self, message: str, *, secret: bool = False, default: str = "") -> str:
        """One typed line.

        Args:
            message: What is asked.
            secret: The line is not shown and kept nowhere.
            default: What stands there to be edited.

        Raises:
            Withdrawn: `withdraw` was called meanwhile.
            KeyboardInterrupt: Ctrl-C.
            EOFError: Ctrl-D on an empty line, or the terminal is gone.
        """
        self._keyboard.release()
        self._keyboard.flush()
        message = sanitize_text(message)
        try:
            if os.environ.get("TERM", "dumb") in {"", "dumb", "unknown"}:
                return self._dumb_line(message, secret=secret)
            return self._questionary_line(message, secret=secret, default=default)
        finally:
            self._withdraw = None
            self._withdrawn = False

    def withdraw(self) -> None:
        """Take the open question back, from any thread; nothing happens when none is open."""
        self._withdrawn = True
        if (withdraw := self._withdraw) is not None:
            withdraw()

    def fresh(self) -> None:
        """Forget a withdrawal that came while nothing was asked."""
        self._withdrawn = False

    def _questionary_line(self, message: str, *, secret: bool, default: str) -> str:
        source = create_input()
        clear_typeahead(source)
        ask = password if secret else text
        more: dict[str, Any] = {"input": source, "output": _output(), "history": DummyHistory()}
        more["input_processors"] = [_Seen()]
        question = ask(message, default=default, qmark=">", **more)
        app = question.application

        def leave() -> None:
            if app.is_running and not app.is_done:
                app.exit(exception=Withdrawn())

        def withdraw() -> None:
            loop = app.loop
            if loop is not None:
                with suppress(RuntimeError):  # the line was ended in the same moment
                    loop.call_soon_threadsafe(leave)

        app.pre_run_callables.append(lambda: leave() if self._withdrawn else None)
        if (meanwhile := self.meanwhile) is not None:
            app.pre_run_callables.append(lambda: _begin(app, meanwhile))
        self._withdraw = withdraw
        try:
            return str(question.unsafe_ask())
        finally:
            clear_typeahead(source)

    def _dumb_line(self, message: str, *, secret: bool) -> str:
        """A line by the terminal's own line editing, for terminals that can do nothing else."""
        reading, writing = os.pipe()
        self._withdraw = lambda: _ring(writing)
        if self._withdrawn:
            _ring(writing)
        file = sys.stdin.fileno()
        sys.stdout.write(f"> {message} " if message else "> ")
        sys.stdout.flush()
        try:
            with _unseen(file) if secret else _as_is():
                ready, _, _ = select.select([file, reading], [], [])
                if reading in ready:
                    raise Withdrawn
                typed = os.read(file, 64 * 1024)
        except OSError as problem:
            raise EOFError from problem
        finally:
            self._withdraw = None
            os.close(reading)
            os.close(writing)
            if secret:
                sys.stdout.write("\n")
        if not typed:
            raise EOFError
        return typed.decode("utf-8", "replace").rstrip("\r\n")


def _begin(app: Application[Any], meanwhile: Meanwhile) -> None:
    """Say what comes while the line is typed; the line is drawn again below it."""

    async def look() -> None:
        while True:
            await asyncio.sleep(_BETWEEN)
            if meanwhile.waiting:
                await run_in_terminal(meanwhile.show)

    _looking = app.create_background_task(look())


class _Seen(Processor):
    """Shows a replacement for each character of the typed line that is not seen or that turns text around."""

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """The line's pieces, of the same length."""
        fragments = transformation_input.fragments
        if UNSAFE.search(fragment_list_to_text(fragments)) is None:
            return Transformation(fragments)
        return Transformation([(each[0], UNSAFE.sub("\N{REPLACEMENT CHARACTER}", each[1])) for each in fragments])


def _ring(pipe: int) -> None:
    with suppress(OSError):
        os.write(pipe, b"x")


def _output() -> Output:
    """The terminal that is looked at. Its cursor is never asked for, because the answer would arrive as typed keys."""
    stream = next((each for each in (sys.stdout, sys.stderr) if each.isatty()), None)
    if stream is None:
        return PlainTextOutput(sys.stderr)
    output = Vt100_Output.from_pty(stream, term=os.environ.get("TERM"))
    output.enable_cpr = False
    return output


@contextmanager
def _unseen(file: int) -> Iterator[None]:
    saved = termios.tcgetattr(file)
    mode = termios.tcgetattr(file)
    mode[3] &= ~termios.ECHO
    termios.tcsetattr(file, termios.TCSADRAIN, mode)
    try:
        yield
    finally:
        termios.tcsetattr(file, termios.TCSADRAIN, saved)


@contextmanager
def _as_is() -> Iterator[None]:
    yield
