"""Typed input: one line at a time, read from a terminal only, and withdrawn when its question closes by itself."""

import os
import select
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress

from wizard.execution.sanitize import sanitize_text
from wizard.plain.edited import Edited, LineKind, Meanwhile, NoLine
from wizard.plain.keyboard import PlainTerminal
from wizard.plain.lines import LinePrinter
from wizard.plain.typeahead import BURST, DRAWN, Woken, changed, drain_typeahead, reading


_TOO_EARLY = "What was typed before the question stood here answers nothing."
_SEVERAL = "Several lines came at once, and none of them was taken: type one line."
_CUT = "The line is longer than this terminal can hand on whole, and nothing of it was taken."
_LONGEST = 4095
"""Bytes after which the line editing of a terminal drops what is typed, without a word."""


class Withdrawn(Exception):
    """The question is no longer open, so what is being typed answers nothing."""


class Prompt:
    """Asks for typed lines.

    Args:
        keyboard: Where they are typed.
        lines: Where it is said why a line was not taken.

    Attributes:
        meanwhile: What may come while a line is being typed; a terminal that can do nothing shows it afterwards.
    """

    def __init__(self, keyboard: PlainTerminal, lines: LinePrinter) -> None:
        self._keyboard = keyboard
        self._lines = lines
        self.meanwhile: Meanwhile | None = None
        self._withdraw: Callable[[], None] | None = None
        self._withdrawn = False

    def line(self, message: str, kind: LineKind = "text", *, default: str = "", new: bool = False) -> str:
        """One typed line.

        Nothing that was typed before the prompt stands there is part of it: not what was typed ahead, not what a
        hand goes on to type, and of a new question nothing for a moment. Lines that come together are no line.

        Args:
            message: What is asked.
            kind: What the line is for; a secret is not shown and kept nowhere.
            default: What stands there to be edited.
            new: Something else is asked than before.

        Raises:
            Withdrawn: `withdraw` was called meanwhile.
            KeyboardInterrupt: Ctrl-C.
            EOFError: Ctrl-D on an empty line, or the terminal is gone.
        """
        self._keyboard.release()
        message = sanitize_text(message)
        patience = DRAWN if new else 0.0
        try:
            while True:
                if self._settled(patience):
                    self._lines.say(_TOO_EARLY)
                try:
                    return self._one(message, kind, default)
                except NoLine as problem:
                    self._lines.say(str(problem))
                    self._rest()
                    patience = 0.0
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

    def _settled(self, patience: float) -> bool:
        with self._bell() as wake, reading(self._keyboard.file, wake) as read:
            try:
                return drain_typeahead(read, patience)
            except Woken as woken:
                raise Withdrawn from woken

    def _rest(self) -> None:
        """Throw away what came with a line that was not taken."""
        with reading(self._keyboard.file) as read:
            drain_typeahead(read, BURST)

    def _one(self, message: str, kind: LineKind, default: str) -> str:
        if os.environ.get("TERM", "dumb") in {"", "dumb", "unknown"}:
            typed, more = self._dumb_line(message, kind), False
        else:
            typed, more = self._edited_line(message, kind, default)
        with reading(self._keyboard.file) as read:
            if drain_typeahead(read, BURST) or more:
                raise NoLine(_SEVERAL)
        return typed

    def _edited_line(self, message: str, kind: LineKind, default: str) -> tuple[str, bool]:
        edited = Edited(message, kind, default, self._lines.say, self.meanwhile)
        self._withdraw = lambda: edited.end(Withdrawn())
        edited.before(lambda: edited.end(Withdrawn()) if self._withdrawn else None)
        return edited.ask()

    def _dumb_line(self, message: str, kind: LineKind) -> str:
        """A line by the terminal's own line editing, for terminals that can do nothing else."""
        file = self._keyboard.file
        with self._bell() as wake:
            sys.stdout.write(f"> {message} " if message else "> ")
            sys.stdout.flush()
            try:
                with changed(file, termios.ECHO) if kind == "secret" else nullcontext():
                    ready, _, _ = select.select([file, wake], [], [])
                    if wake in ready:
                        raise Withdrawn
                    typed = os.read(file, 64 * 1024)
            except OSError as problem:
                raise EOFError from problem
            finally:
                if kind == "secret":
                    sys.stdout.write("\n")
        if not typed:
            raise EOFError
        if len(typed) > _LONGEST:
            raise NoLine(_CUT)
        return typed.decode("utf-8", "replace").rstrip("\r\n")

    @contextmanager
    def _bell(self) -> Iterator[int]:
        """A pipe in which something stands as soon as the question is withdrawn."""
        reads, writes = os.pipe()

        def ring() -> None:
            with suppress(OSError):
                os.write(writes, b"x")

        self._withdraw = ring
        if self._withdrawn:
            ring()
        try:
            yield reads
        finally:
            self._withdraw = None
            os.close(reads)
            os.close(writes)
