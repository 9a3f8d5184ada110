"""Reads the terminal. Textual's parser gets keys alone: inside a paste it takes what it does not know for keys."""

import os
import selectors
from codecs import IncrementalDecoder, getincrementaldecoder
from contextlib import suppress
from time import monotonic

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from screens.shared.terminal.pastes import QUIET, Pasted, Piece, Splitter, Typed


_LOOK = 0.1
_LOOK_SOON = 0.03
_READ = 1 << 14
_LAST_PART = 0.1
"""Seconds of quiet after which what is left of a paste is no longer waited for when the screens end."""
_PUT_ASIDE, _TAKE_BACK = "\x1b[22;2t", "\x1b[23;2t"
"""xterm's stack of titles; a terminal that has none ignores both, and keeps the last title."""
_WITHOUT_TITLE = frozenset({"", "dumb", "unknown", "linux"})


class PasteTold(Message):
    """There is something to say about a paste.

    Args:
        sentence: What.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class TerminalDriver(LinuxDriver):
    """Textual's driver with pastes taken whole. What is no UTF-8 is read as U+FFFD, keys and pastes alike."""

    _titled = False
    """The terminal's own title was put aside."""

    def say_title(self, title: str) -> None:
        """Set the terminal's title; its own one comes back when the screens end.

        Args:
            title: One line without control characters.
        """
        if os.environ.get("TERM", "") in _WITHOUT_TITLE:
            return
        if not self._titled:
            self._titled = True
            self.write(_PUT_ASIDE)
        self.write(f"\x1b]2;{title}\x1b\\")

    def stop_application_mode(self) -> None:
        """Give the terminal back, with the title it had."""
        if self._titled:
            self._titled = False
            self.write(_TAKE_BACK)
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Read until the screens end."""
        splitter, parser = Splitter(), XTermParser(self._debug)
        decoder = getincrementaldecoder("utf-8")(errors="replace")
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                pieces: list[Piece] = []
                if selector.select(_LOOK_SOON if splitter.waits else _LOOK):
                    data = os.read(self.fileno, _READ)
                    if data:
                        pieces = splitter.feed(data, monotonic())
                    else:
                        self.exit_event.wait(_LOOK)
                for piece in [*pieces, *splitter.tick(monotonic())]:
                    self._hand_on(piece, parser, decoder)
                for message in parser.tick():
                    self.process_message(message)
            self._drain(selector, splitter)
        with suppress(EOFError, ParseError):
            list(parser.feed(""))

    def _hand_on(self, piece: Piece, parser: XTermParser, decoder: IncrementalDecoder) -> None:
        match piece:
            case Typed(data=b"\x1b"):  # alone: its time has passed already
                self.process_message(events.Key("escape", "\x1b"))
            case Typed(data=data):
                text = decoder.decode(data)
                for message in parser.feed(text) if text else ():
                    self.process_message(message)
            case Pasted(data=data):
                self.process_message(events.Paste(data.decode("utf-8", "replace").replace("\x00", "")))
            case _:
                self.process_message(PasteTold(piece.sentence))

    def _drain(self, selector: selectors.BaseSelector, splitter: Splitter) -> None:
        """Take the rest of a paste that is under way: the shell behind the screens would run its lines."""
        until = monotonic() + QUIET
        while splitter.inside and monotonic() < until and selector.select(_LAST_PART):
            data = os.read(self.fileno, _READ)
            if not data:
                return
            splitter.feed(data, monotonic())
