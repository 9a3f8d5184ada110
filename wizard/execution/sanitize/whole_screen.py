"""Notices when a program takes the whole screen, and when it gives it back."""

import re


# The repeats are bounded, so that no output makes the search slow.
_SWITCH = re.compile(rb"\x1b\[\?(?:\d{1,5};){0,8}(?:1049|1047|47)(?:;\d{1,5}){0,8}([hl])")
_LONGEST = 128


class WholeScreen:
    """Reads a program's output, in pieces of any length, for the switch to the alternate screen.

    Attributes:
        on: Whether the program is on the alternate screen now.
        seen: Whether it ever was.
    """

    def __init__(self) -> None:
        self.on = False
        self.seen = False
        self._rest = b""

    def feed(self, data: bytes) -> bool:
        """Read the next piece; tells whether it was the first to take the whole screen."""
        if not self._rest and b"\x1b" not in data:
            return False
        before = self.seen
        data = self._rest + data
        for found in _SWITCH.finditer(data):
            self.on = found[1] == b"h"
            self.seen = self.seen or self.on
        begun = data.rfind(b"\x1b")
        self._rest = data[begun:] if begun >= 0 and len(data) - begun < _LONGEST else b""
        return self.seen and not before
