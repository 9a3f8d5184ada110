"""Signals while the terminal is lent: told apart, remembered, and never acted upon in the middle of something."""

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType


_DYING = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)


class Signals:
    """Remembers the signals that came, and rouses whoever polls `woken`.

    Attributes:
        cause: The first signal that wants the wizard gone, by name; None while there was none.
        resized: The real terminal's size or its owner changed; whoever acts on it clears it.
        woken: Descriptor that can be read after something happened.
    """

    def __init__(self) -> None:
        self.cause: str | None = None
        self.resized = False
        self.woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)

    def rouse(self) -> None:
        """Wake whoever polls."""
        with suppress(OSError):
            os.write(self._wake, b".")

    @contextmanager
    def taken(self, *, unheard: Iterable[signal.Signals]) -> Iterator[None]:
        """Take signals until the context ends. Only in the main thread.

        Args:
            unheard: Those that are for the program alone; they do nothing to us.
        """
        deaf = set(unheard)

        def heard(number: int, _frame: FrameType | None) -> None:
            if number in deaf:
                return
            if number in _DYING:
                self.cause = self.cause or signal.Signals(number).name
            else:
                self.resized = True
            self.rouse()

        # Functions, not SIG_IGN: that would be inherited by a program we start.
        numbers = {*_DYING, signal.SIGWINCH, signal.SIGCONT, *deaf}
        before = {number: signal.signal(number, heard) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def close(self) -> None:
        """Let go of the pipe."""
        os.close(self.woken)
        os.close(self._wake)
        self._wake = -1
