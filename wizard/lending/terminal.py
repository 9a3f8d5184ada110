"""The operator's own terminal: raw while it is lent, and clean when it comes back."""

import fcntl
import os
import select
import struct
import termios
from contextlib import suppress
from typing import Any, Self


_DUMB = {"", "dumb", "unknown"}
_KEEP_TITLE = b"\x1b[22;0t"
_LEAVE_WHOLE_SCREEN = b"\x1b[?1049l"
_CLEAN = (
    b"\x1b[?2026l"  # drawn as it comes
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1004l"  # mouse and focus are not told
    b"\x1b[?2004l\x1b[>4m\x1b[<u"  # pastes and keys come as they are
    b"\x1b[?1l\x1b>"  # arrows and keypad as usual
    b"\x1b7\x1b[r\x1b8"  # all lines scroll; the cursor stays
    b"\x1b[?7h\x1b[4l\x1b(B\x0f"  # lines wrap, nothing is inserted, letters are letters
    b"\x1b[0m\x1b[0 q\x1b[?25h"  # plain text, the usual cursor, seen
    b"\x1b[23;0t"  # the title as it was
)


class RealTerminal:
    """The terminal of standard input and output, from `with` to its end; it comes back with its modes as they were.

    Args:
        raw: Keys and bytes pass through us, one by one. Otherwise a program has the terminal itself.

    Attributes:
        keys: Descriptor to read keys from; non-blocking where the terminal can be opened again.
        screen: Descriptor to write to; likewise.
    """

    def __init__(self, *, raw: bool = True) -> None:
        self._raw = raw
        self.keys = _again(0)
        self.screen = _again(1)
        self._modes: list[Any] | None = None
        self._dumb = os.environ.get("TERM", "") in _DUMB

    def __enter__(self) -> Self:
        with suppress(termios.error):
            self._modes = termios.tcgetattr(0)
        self.make_raw()
        if not self._dumb:
            self.write(_KEEP_TITLE)
        return self

    def __exit__(self, *_exception: object) -> None:
        with suppress(termios.error):
            # What was typed for the program, and what the terminal answered it, answers no question of ours.
            termios.tcflush(0, termios.TCIFLUSH)
            if self._modes is not None:
                termios.tcsetattr(0, termios.TCSANOW, self._modes)
        for file, own in ((self.keys, 0), (self.screen, 1)):
            if file != own:
                os.close(file)

    def make_raw(self) -> None:
        """Every key as it is pressed, nothing echoed, nothing added to what is written."""
        if self._modes is None or not self._raw:
            return
        raw = [*self._modes]
        raw[0] &= (
            ~(termios.BRKINT | termios.ICRNL | termios.INLCR | termios.IGNCR | termios.INPCK | termios.ISTRIP)
            & ~termios.IXON
        )
        raw[1] &= ~termios.OPOST
        raw[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        raw[6] = [*raw[6]]
        raw[6][termios.VMIN], raw[6][termios.VTIME] = 1, 0
        with suppress(termios.error):
            termios.tcsetattr(0, termios.TCSANOW, raw)

    def clean(self, *, whole_screen: bool, open_line: bool) -> None:
        """Take back every mode that a program may have left behind, also one that was killed.

        Args:
            whole_screen: It left us on the alternate screen.
            open_line: It left the cursor behind a text, so a line of its own is begun.
        """
        if not self._dumb:
            self.write((_LEAVE_WHOLE_SCREEN if whole_screen else b"") + _CLEAN)
        if open_line and not whole_screen:
            self.write(b"\r\n")

    def wait_for_line(self, woken: int) -> None:
        """Wait until Enter is pressed, or until there is something to read from `woken`."""
        if self._modes is not None:
            with suppress(termios.error):
                termios.tcsetattr(0, termios.TCSAFLUSH, self._modes)
        waiting = select.poll()
        for file in (self.keys, woken):
            waiting.register(file, select.POLLIN)
        waiting.poll()

    def write(self, data: bytes) -> None:
        """Write a few bytes; a terminal that takes nothing more goes without them."""
        with suppress(OSError):
            os.write(self.screen, data)

    @staticmethod
    def copy_size(master: int) -> None:
        """Give a program's terminal the size of the real one; the program is told when that is new."""
        with suppress(OSError):
            columns, rows = os.get_terminal_size(1)
            fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _again(file: int) -> int:
    """The terminal behind a descriptor, opened once more: not to block there must not change it for other programs."""
    with suppress(OSError):
        return os.open(os.ttyname(file), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    return file
