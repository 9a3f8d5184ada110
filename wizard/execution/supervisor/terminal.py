"""The pseudo-terminal a command runs on; the supervisor leads its session."""

import fcntl
import os
import pty
import struct
import termios
from contextlib import suppress


_IFLAG, _OFLAG, _LFLAG, _CC = 0, 1, 3, 6
_IUTF8 = 0o40000


class Terminal:
    """Both ends of a pseudo-terminal that is this process's controlling terminal.

    Attributes:
        master: Our end, non-blocking.
        slave: The command's end. Kept open here until the command has ended, so that a command which closes its
            terminal for a while does not look like one that is gone.

    Args:
        columns: Its width.
        rows: Its height.
        full: It stands behind a real terminal, so its output is processed as there.
    """

    def __init__(self, columns: int, rows: int, *, full: bool = False) -> None:
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
        self.resize(columns, rows)
        self._prepare(full=full)
        os.set_blocking(self.master, False)

    def _prepare(self, *, full: bool) -> None:
        """No output processing (the bytes stay the command's own) and no suspend key (no shell could resume it)."""
        attributes = termios.tcgetattr(self.slave)
        if not full:
            attributes[_OFLAG] &= ~termios.OPOST
        attributes[_IFLAG] |= _IUTF8
        attributes[_CC][termios.VSUSP] = b"\0"
        termios.tcsetattr(self.slave, termios.TCSANOW, attributes)

    def resize(self, columns: int, rows: int) -> None:
        """Tell the command its window size, in characters."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def hides_input(self) -> bool:
        """Whether the command reads a line without echo, as for a password.

        A program that edits lines itself switches the echo off too, but takes single keys instead of lines.
        """
        with suppress(termios.error):
            modes: int = termios.tcgetattr(self.master)[_LFLAG]
            return not modes & termios.ECHO and bool(modes & termios.ICANON)
        return False

    def foreground(self) -> int:
        """The process group that reads from the terminal; 0 when there is none."""
        with suppress(OSError):
            return os.tcgetpgrp(self.master)
        return 0

    def take_foreground_back(self) -> None:
        """Make our own group the foreground, so that our end hangs up nobody who was left running."""
        with suppress(OSError):
            os.tcsetpgrp(self.master, os.getpgrp())

    def close_slave(self) -> None:
        """Let go of the command's end; reading ours then ends when nobody else holds it."""
        os.close(self.slave)
