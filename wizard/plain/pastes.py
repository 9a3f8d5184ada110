"""Pastes at a prompt: whole, however they are cut into reads, and never a key of them."""

from collections.abc import Callable
from time import monotonic
from typing import Any, Literal

from prompt_toolkit.input.vt100 import Vt100Input
from prompt_toolkit.input.vt100_parser import Vt100Parser
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.keys import Keys


_BEGIN, _END = "\x1b[200~", "\x1b[201~"
_CTRL_C = "\x03"
_STALLED = 1.0
"""Seconds of silence after which a paste that has not ended may be dropped."""

Piece = tuple[Literal["keys", "paste"], str]


class Pastes:
    """Tells pastes from keys, before anything looks for keys in what a terminal sends.

    Args:
        clock: Seconds.

    Attributes:
        dropped: How many pastes that did not end were dropped by Ctrl+C. Only a Ctrl+C that comes alone after a
            silence does that, because any other is content.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.dropped = 0
        self._clock = clock
        self._last = clock()
        self._held = ""
        self._paste: str | None = None

    @property
    def stalled(self) -> bool:
        """Whether a paste has begun, has not ended, and nothing comes any more."""
        return self._paste is not None and self._clock() - self._last >= _STALLED

    def feed(self, data: str) -> list[Piece]:
        """The pieces of the next read; a paste is one of them when it has ended."""
        drop = self.stalled and data == _CTRL_C
        self._last = self._clock()
        if drop:
            self._paste = None
            self.dropped += 1
            return [("paste", "")]
        pieces: list[Piece] = []
        data, self._held = self._held + data, ""
        while data:
            data = self._within(data, pieces) if self._paste is not None else self._outside(data, pieces)
        return pieces

    def _outside(self, data: str, pieces: list[Piece]) -> str:
        keys, begun, rest = data.partition(_BEGIN)
        if begun:
            self._paste = ""
        else:
            kept = next((size for size in range(len(_BEGIN) - 1, 0, -1) if keys.endswith(_BEGIN[:size])), 0)
            keys, self._held = keys[: len(keys) - kept], keys[len(keys) - kept :]
        if keys:
            pieces.append(("keys", keys))
        return rest

    def _within(self, data: str, pieces: list[Piece]) -> str:
        before = self._paste or ""
        whole = before + data
        at = whole.find(_END, max(0, len(before) - len(_END) + 1))
        if at < 0:
            self._paste = whole
            return ""
        self._paste = None
        pieces.append(("paste", whole[:at]))
        return whole[at + len(_END) :]


class Parser(Vt100Parser):
    """The keys of a terminal; of a paste it sees nothing."""

    def __init__(self, feed_key_callback: Callable[[KeyPress], None]) -> None:
        super().__init__(feed_key_callback)
        self.pastes = Pastes()

    def feed(self, data: str) -> None:
        """Take the next read."""
        for kind, text in self.pastes.feed(data):
            if kind == "keys":
                super().feed(text)
            else:
                self.reset()  # the beginning of a key before the paste and an end behind it are none
                self.feed_key_callback(KeyPress(Keys.BracketedPaste, text))


class PastingInput(Vt100Input):
    """A terminal whose pastes are whole.

    Args:
        stdin: Its file.
    """

    def __init__(self, stdin: Any) -> None:
        super().__init__(stdin)
        parser = Parser(self.vt100_parser.feed_key_callback)
        self.vt100_parser = parser
        self.pastes = parser.pastes


def flat(paste: str) -> str:
    """A paste as one line, with a blank for the ends of its lines."""
    return " ".join(line for line in paste.splitlines() if line)
