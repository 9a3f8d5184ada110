"""The keyboard while a command runs: every key goes to the command, and Ctrl+] comes back."""

import os
import select
import sys
import termios
from contextlib import suppress
from typing import Any


ESCAPE = b"\x1d"
"""Ctrl+]."""


class PlainTerminal:
    """The terminal of standard input.

    Attributes:
        there: Whether standard input is a terminal at all; without one nothing can be asked.
    """

    def __init__(self) -> None:
        self._file = _stdin()
        self.there = self._file is not None and os.isatty(self._file)
        self._saved: list[Any] | None = None

    @property
    def file(self) -> int:
        """The terminal's descriptor.

        Raises:
            EOFError: There is no terminal.
        """
        if self._file is None:
            raise EOFError
        return self._file

    def grab(self) -> None:
        """Take keys one by one and unseen; signals of the keyboard go to the command as keys."""
        if not self.there or self._saved is not None or self._file is None:
            return
        with suppress(termios.error):
            self._saved = termios.tcgetattr(self._file)
            mode = termios.tcgetattr(self._file)
            mode[0] &= ~(termios.IXON | termios.ICRNL | termios.INLCR | termios.IGNCR)
            mode[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
            mode[6][termios.VMIN], mode[6][termios.VTIME] = 0, 0
            termios.tcsetattr(self._file, termios.TCSADRAIN, mode)

    def release(self) -> None:
        """Give the terminal back as it was."""
        if self._saved is not None and self._file is not None:
            with suppress(termios.error):
                termios.tcsetattr(self._file, termios.TCSADRAIN, self._saved)
            self._saved = None

    def keys(self) -> bytes:
        """The keys that were pressed since; empty when there are none.

        Raises:
            EOFError: The terminal is gone.
        """
        if self._saved is None or self._file is None or not select.select([self._file], [], [], 0)[0]:
            return b""
        try:
            pressed = os.read(self._file, 1024)
        except OSError as problem:
            raise EOFError from problem
        if not pressed:
            raise EOFError
        return pressed

    def size(self) -> os.terminal_size | None:
        """The terminal's size while it is grabbed; None when it has none."""
        if self._saved is None or self._file is None:
            return None
        with suppress(OSError):
            return os.get_terminal_size(self._file)
        return None


def _stdin() -> int | None:
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return None
