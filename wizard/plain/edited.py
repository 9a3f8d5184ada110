"""A line that is typed where a terminal can draw: edited in place, with what comes meanwhile above it."""

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal, Protocol

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.formatted_text.utils import fragment_list_to_text
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.input.typeahead import clear_typeahead, get_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.output import Output
from prompt_toolkit.output.plain_text import PlainTextOutput
from prompt_toolkit.output.vt100 import Vt100_Output
from questionary import password, text

from wizard.execution.sanitize import UNSAFE
from wizard.plain.pastes import PastingInput, flat


_BETWEEN = 0.2
"""Seconds between two looks at what came while a prompt is open."""
_STALLED = "A paste has begun and not ended; Ctrl+C drops it."
_DROPPED = "The paste did not end, and nothing of it was taken."
_PASTED = "A paste answers nothing here, and nothing of it was taken: type the answer."


LineKind = Literal["answer", "text", "secret"]
"""What a line is for. An answer is typed, because a paste must start nothing."""


class NoLine(Exception):
    """A line that cannot be taken; its words say why."""


class Meanwhile(Protocol):
    """What may have to be said above an open prompt."""

    @property
    def waiting(self) -> bool: ...
    def show(self) -> None: ...


class Edited:
    """One line.

    Args:
        message: What is asked.
        kind: What it is for.
        default: What stands there to be edited.
        say: Says a line above it while it is typed.
        meanwhile: What else may come meanwhile.
    """

    def __init__(
        self, message: str, kind: LineKind, default: str, say: Callable[[str], None], meanwhile: Meanwhile | None
    ) -> None:
        self._source = PastingInput(sys.stdin)
        clear_typeahead(self._source)
        ask = password if kind == "secret" else text
        more: dict[str, Any] = {"input": self._source, "output": _output(), "history": DummyHistory()}
        more |= {"input_processors": [_Seen()], "key_bindings": self._keys(kind)}
        self._question = ask(message, default=default, qmark=">", **more)
        self._app: Application[Any] = self._question.application
        self._app.pre_run_callables.append(lambda: self._begin(say, meanwhile))

    def ask(self) -> tuple[str, bool]:
        """The line, and whether more came with it.

        Raises:
            NoLine: It cannot be taken.
            KeyboardInterrupt, EOFError: Ctrl-C, Ctrl-D, or the terminal is gone.
        """
        try:
            typed = str(self._question.unsafe_ask())
            return typed, bool(get_typeahead(self._source))
        finally:
            clear_typeahead(self._source)

    def end(self, cause: Exception) -> None:
        """End it by an exception, from any thread."""
        loop = self._app.loop
        if loop is not None:
            with suppress(RuntimeError):  # the line was ended in the same moment
                loop.call_soon_threadsafe(self._leave, cause)

    def before(self, begin: Callable[[], None]) -> None:
        """Call something as soon as it can be ended."""
        self._app.pre_run_callables.append(begin)

    def _leave(self, cause: Exception) -> None:
        if self._app.is_running and not self._app.is_done:
            self._app.exit(exception=cause)

    def _keys(self, kind: LineKind) -> KeyBindings:
        keys = KeyBindings()

        def paste(event: KeyPressEvent) -> None:
            if self._source.pastes.dropped:
                self._leave(NoLine(_DROPPED))
            elif kind == "answer":
                self._leave(NoLine(_PASTED))
            else:
                event.current_buffer.insert_text(event.data.rstrip("\r\n") if kind == "secret" else flat(event.data))

        keys.add(Keys.BracketedPaste)(paste)
        return keys

    def _begin(self, say: Callable[[str], None], meanwhile: Meanwhile | None) -> None:
        """Say what comes while the line is typed; the line is drawn again below it."""

        async def look() -> None:
            told = False
            while True:
                await asyncio.sleep(_BETWEEN)
                if meanwhile is not None and meanwhile.waiting:
                    await run_in_terminal(meanwhile.show)
                if self._source.pastes.stalled and not told:
                    told = True
                    await run_in_terminal(lambda: say(_STALLED))

        _looking = self._app.create_background_task(look())


class _Seen(Processor):
    """Shows a replacement for each character of the typed line that is not seen or that turns text around."""

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """The line's pieces, of the same length."""
        fragments = transformation_input.fragments
        if UNSAFE.search(fragment_list_to_text(fragments)) is None:
            return Transformation(fragments)
        return Transformation([(each[0], UNSAFE.sub("\N{REPLACEMENT CHARACTER}", each[1])) for each in fragments])


def _output() -> Output:
    """The terminal that is looked at. Its cursor is never asked for, because the answer would arrive as typed keys."""
    stream = next((each for each in (sys.stdout, sys.stderr) if each.isatty()), None)
    if stream is None:
        return PlainTextOutput(sys.stderr)
    output = Vt100_Output.from_pty(stream, term=os.environ.get("TERM"))
    output.enable_cpr = False
    return output
