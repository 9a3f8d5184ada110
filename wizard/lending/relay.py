"""Carries bytes between the real terminal and the one that a full screen program runs on."""

import os
import select
import signal
from threading import Lock
from time import monotonic

from wizard.execution.sanitize import WholeScreen
from wizard.lending.signals import Signals
from wizard.lending.terminal import RealTerminal


_MOST = 1 << 16
"""Bytes that may wait each way before the other end is no longer read."""
_PIECE = 1 << 14
_LAST_WORDS = 1.0
"""Seconds the real terminal gets to take the last of what the program wrote."""


class Relay:
    """Lends the real terminal to one program.

    Args:
        master: Our end of the program's terminal, non-blocking; closed when the program's time is over.
    """

    def __init__(self, master: int) -> None:
        self._master = master
        self._signals = Signals()
        self._closing = Lock()
        self._over = False
        self._keys = bytearray()
        self._shown = bytearray()
        self._reading = True
        self._whole_screen = WholeScreen()
        self._open_line = False

    def end(self) -> None:
        """The program has ended; `run` returns soon. Any thread may say so, before or after it began."""
        self._over = True
        with self._closing:  # what is closed may be another file's number by then
            self._signals.rouse()

    def run(self) -> str | None:
        """Carry bytes until the program has ended. Only for the main thread.

        Returns:
            The signal that wants the wizard gone, or None when the program simply ended.
        """
        # Nothing suspends us: the terminal would stay raw, and no shell knows the program.
        with self._signals.taken(unheard=(signal.SIGTSTP,)), RealTerminal() as real:
            self._carry(real)
            if self._signals.cause is None:
                self._take_the_rest(real)
            real.clean(whole_screen=self._whole_screen.on, open_line=self._open_line)
        with self._closing:
            os.close(self._master)
            self._signals.close()
        return self._signals.cause

    def _carry(self, real: RealTerminal) -> None:
        real.copy_size(self._master)
        while not self._over and self._signals.cause is None:
            if self._signals.resized:
                self._signals.resized = False
                real.make_raw()
                real.copy_size(self._master)
            self._step(real, None)

    def _take_the_rest(self, real: RealTerminal) -> None:
        """What the program wrote last is still on its way when its end is known."""
        self._keys.clear()
        deadline = monotonic() + _LAST_WORDS
        while self._signals.cause is None and (left := deadline - monotonic()) > 0:
            if not self._step(real, 0.0) and not self._shown:
                return
            if self._shown:
                self._step(real, left)

    def _step(self, real: RealTerminal, seconds: float | None) -> bool:
        """Wait until something can be carried, and carry it; tells whether the program wrote something."""
        waiting = select.poll()
        waiting.register(self._signals.woken, select.POLLIN)
        wanted = {real.keys: select.POLLIN if len(self._keys) < _MOST else 0}
        wanted[real.screen] = wanted.get(real.screen, 0) | (select.POLLOUT if self._shown else 0)
        if self._reading:
            takes = select.POLLIN if len(self._shown) < _MOST else 0
            wanted[self._master] = takes | (select.POLLOUT if self._keys else 0)
        for file, events in wanted.items():
            if events:
                waiting.register(file, events)
        ready = dict(waiting.poll(None if seconds is None else seconds * 1000))
        if self._signals.woken in ready:
            os.read(self._signals.woken, 64)
        if ready.get(real.keys, 0) & ~select.POLLOUT:
            self._read_keys(real.keys)
        if ready.get(self._master, 0) & select.POLLOUT:
            self._hand_over(self._master, self._keys)
        wrote = bool(ready.get(self._master, 0) & ~select.POLLOUT) and self._read_screen()
        if real.screen in ready:
            self._hand_over(real.screen, self._shown)
        return wrote

    def _read_keys(self, file: int) -> None:
        try:
            pressed = os.read(file, 4096)
        except BlockingIOError:
            return
        except OSError:
            pressed = b""
        if pressed:
            self._keys += pressed
        else:
            self._signals.cause = self._signals.cause or signal.SIGHUP.name  # a terminal that is gone

    def _read_screen(self) -> bool:
        try:
            data = os.read(self._master, _PIECE)
        except BlockingIOError:
            return False
        except OSError:
            data = b""  # nobody holds the program's end any more
        if not data:
            self._reading = False
            return False
        self._whole_screen.feed(data)
        self._open_line = not data.endswith(b"\n")
        self._shown += data
        return True

    @staticmethod
    def _hand_over(file: int, waiting: bytearray) -> None:
        try:
            del waiting[: os.write(file, waiting[:_PIECE])]
        except BlockingIOError:
            return
        except OSError:
            waiting.clear()
