"""The program that searches: `python -m screens.output.searching`; standard input is a socket, descriptor 3 the file.

It ends when the socket closes or the wizard dies, even in the middle of a match that would take for ever.
"""

import ctypes
import json
import os
import select
import signal
import socket
from collections import deque
from contextlib import suppress
from time import monotonic
from typing import Any

from screens.output.searching.pattern import Pattern
from screens.output.searching.pieces import PIECE, Pieces
from screens.output.searching.search import Hit, OutputSearch
from wizard.errors import UsageProblem


_PR_SET_PDEATHSIG = 1
_TELL_EVERY = 0.1
_NICE = 5


class SearchServer:
    """Counts in the background, answers in between.

    Args:
        search: What counts and finds.
        connection: The wizard's questions and our answers, a JSON object a line.
    """

    def __init__(self, search: OutputSearch, connection: socket.socket) -> None:
        self._search = search
        self._pieces = search.pieces
        self._connection = connection
        self._typed = b""
        self._seek: _Seek | None = None
        self._current: Hit | None = None
        self._told_at = 0.0
        self._untold = False

    def run(self) -> None:
        """Answer until the wizard hangs up."""
        while self._listen(None if self._idle else 0.0):
            if self._seek is not None:
                self._untold = True
                self._go_on(self._seek)
            elif not self._search.done:
                self._search.count_next()
                self._untold = True
            if self._untold and (self._search.done or monotonic() - self._told_at > _TELL_EVERY):
                self._tell_count()

    @property
    def _idle(self) -> bool:
        return self._seek is None and self._search.done and not self._untold

    def _listen(self, patience: float | None) -> bool:
        while select.select([self._connection], [], [], patience)[0]:
            data = self._connection.recv(65536)
            if not data:
                return False
            *lines, self._typed = (self._typed + data).split(b"\n")
            for line in lines:
                self._take(json.loads(line))
            patience = 0.0
        return True

    def _take(self, asked: dict[str, Any]) -> None:
        if "size" in asked:
            self._search.grow(asked["size"])
            self._untold = True
        if "seek" in asked:
            line, column, back = asked["seek"]
            self._seek = _Seek(asked["id"], line, column, back, self._pieces.count)
        if "spans" in asked:
            lines = set(asked["spans"])
            numbers = sorted({line // PIECE for line in lines})
            hits = [hit for number in numbers for hit in self._search.hits_in(number) if hit.line in lines]
            self._say({"spans": hits, "lines": asked["spans"]})

    def _go_on(self, seek: "_Seek") -> None:
        """Look into one more piece for the match that is wanted."""
        number = seek.numbers.popleft() if seek.numbers else None
        hit = None
        if number is not None:
            if not self._search.may_hit(number):
                return
            hit = seek.of(self._search.hits_in(number), number)
            if hit is None:
                return
        self._seek, self._current = None, hit
        around = hit is not None and seek.is_around(hit)
        self._say({"found": hit, "id": seek.id, "around": around})
        self._tell_count()

    def _tell_count(self) -> None:
        search, current = self._search, self._current
        at = search.ordinal(current) if current is not None else None
        self._say({"hits": search.hits, "done": search.done, "counted": search.counted, "at": at})
        self._told_at, self._untold = monotonic(), False

    def _say(self, what: dict[str, Any]) -> None:
        self._connection.sendall(json.dumps(what).encode() + b"\n")


class _Seek:
    """The way to the next match from a place, once around the file.

    Args:
        number: The wizard's number of the question.
        line: Offset of the line to begin in.
        column: Character to begin behind, or before when going back.
        back: Whether to go up.
        count: How many pieces there are.
    """

    def __init__(self, number: int, line: int, column: int, back: bool, count: int) -> None:
        self.id = number
        self._from = (line, column)
        self._back = back
        here = min(line // PIECE, max(0, count - 1))
        self._here = here
        around = [*range(here, count), *range(here)]
        self.numbers = deque([*around, here] if not back else [here, *reversed(around)])
        self._begun = False

    def of(self, hits: list[Hit], number: int) -> Hit | None:
        """The match of a piece that is wanted, or None."""
        first_look = number == self._here and not self._begun
        self._begun = self._begun or number == self._here
        if first_look and self._back:
            hits = [hit for hit in hits if hit[:2] < self._from]
        elif first_look:
            hits = [hit for hit in hits if hit[:2] >= self._from]
        if not hits:
            return None
        return hits[-1] if self._back else hits[0]

    def is_around(self, hit: Hit) -> bool:
        """Whether the way led past an end of the file."""
        return hit[:2] >= self._from if self._back else hit[:2] < self._from


def _die_with_the_wizard() -> None:
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent or parent == 1:
        os._exit(0)


def main() -> None:
    """Serve one search."""
    _die_with_the_wizard()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICE)
    with socket.socket(fileno=os.dup(0)) as connection, suppress(OSError):
        asked = json.loads(connection.makefile("rb", buffering=0).readline())
        try:
            search = OutputSearch(Pieces(asked["file"]), Pattern(asked["text"], asked["regex"]))
        except UsageProblem as problem:
            connection.sendall(json.dumps({"wrong": problem.sentence}).encode() + b"\n")
            return
        search.grow(asked["size"])
        SearchServer(search, connection).run()


if __name__ == "__main__":
    main()
