"""A search in the output that is shown: what it has found so far, and where one stands in it. It draws nothing."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

from screens.output.output_index import RawLine
from screens.output.output_strips import NO_SPANS, Spans
from screens.output.searching.pattern import Pattern
from screens.output.searching.search import Hit
from screens.output.searching.searcher import Searcher
from wizard.execution.sanitize import decode_line, line_text


_REMEMBERED = 4096

_Spans = tuple[tuple[int, int], ...]


class Lines(Protocol):
    """The file that is searched.

    Attributes:
        size: Bytes of it that may be looked at.
    """

    size: int

    @property
    def file(self) -> int:
        """Its descriptor, or -1 when it is not open."""
        ...

    def number_at(self, offset: int) -> int:
        """The number of the line that holds this byte."""
        ...


class Searched(Protocol):
    """What stands on the screen of a file."""

    @property
    def index(self) -> Lines | None:
        """The file; None while there is none."""
        ...

    @property
    def following(self) -> bool:
        """Whether its end is in sight, and what comes is."""
        ...

    @property
    def seen(self) -> Sequence[tuple[int, RawLine, int]]:
        """The lines in sight."""
        ...

    def draw(self) -> None:
        """Draw it anew."""
        ...

    def show_line(self, number: int, column: int) -> None:
        """Bring a place into sight."""
        ...


class OutputFinder:
    """Searches the file of a window, in a process of its own, and moves the window to what is found.

    Args:
        window: Whose file is searched.
    """

    def __init__(self, window: Searched) -> None:
        self._window = window
        self._searcher: Searcher | None = None
        self._origin: tuple[int, int, bool] | None = None
        self._forget()

    @property
    def pattern(self) -> Pattern | None:
        """What is searched for now."""
        return None if self._searcher is None else self._searcher.pattern

    def search(self, pattern: Pattern | None) -> None:
        """Search for this from now on; None ends the search. It begins at what is in sight, at the end going up."""
        origin = self._origin if self._searcher is not None else None
        self.close()
        index = self._window.index
        if pattern is None or index is None or index.file < 0:
            return
        try:
            self._searcher = Searcher(index.file, index.size, pattern, self._told)
        except OSError as problem:
            self._wrong = f"The search could not be started: {problem.strerror}."
            return
        self._origin = origin or self._place()
        self._seek(*self._origin)
        self._window.draw()

    def step(self, *, back: bool) -> None:
        """Go to the next match, or the one before, around the end."""
        if self._here is None:
            self._seek(*(self._origin or self._place()))
        else:
            line, start, end = self._here
            self._seek(line, start if back else end, back)

    def close(self) -> None:
        """End the search and its process."""
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None
        self._forget()
        self._window.draw()

    def grow(self) -> None:
        """There is more of the file."""
        index = self._window.index
        if self._searcher is not None and index is not None:
            self._searcher.grow(index.size)

    @property
    def here(self) -> Hit | None:
        """The match where one stands."""
        return self._here

    @property
    def wrong(self) -> str:
        """Why there is no search, or empty."""
        return self._wrong

    @property
    def state(self) -> str:
        """How far the search is, in words; empty without one."""
        if self._searcher is None:
            return ""
        if self._searcher.takes_long:
            return "the search takes long; Esc stops it"
        if not self._hits:
            return "no match" if self._done else f"no match yet, {self._percent} %"
        at = "-" if self._at is None else f"{self._at:,}"
        so_far = "" if self._done else f" so far, {self._percent} %"
        return f"{at} of {self._hits:,}{so_far}{', from the other end' if self._around else ''}"

    def spans(self, line: RawLine) -> Spans:
        """What of a line matches, as far as it is known; what is not is asked for."""
        if self._searcher is None:
            return NO_SPANS
        pattern = self._searcher.pattern
        hits = self._asked(line) if pattern.regex else _literal_spans(pattern, line.data)
        if not hits:
            return NO_SPANS
        here = self._here
        return Spans(hits, here[1:] if here is not None and here.line == line.start else None)

    def _forget(self) -> None:
        self._here: Hit | None = None
        self._origin = None
        self._number = 0
        self._hits = 0
        self._at: int | None = None
        self._counted = 0
        self._done = self._around = False
        self._wrong = ""
        self._known: dict[tuple[int, int], _Spans] = {}
        self._asking = False

    def _place(self) -> tuple[int, int, bool]:
        """Where a search begins: the offset of the uppermost line, or the end, and whether it goes up."""
        index, rows = self._window.index, self._window.seen
        if self._window.following or not rows:
            return 0 if index is None else index.size, 0, True
        return rows[0][1].start, 0, False

    def _seek(self, line: int, column: int, back: bool) -> None:
        if self._searcher is not None:
            self._number += 1
            self._searcher.seek(self._number, line, column, back=back)

    def _asked(self, line: RawLine) -> _Spans:
        """The spans of a regular expression, which only the process may match: it could take for ever."""
        found = self._known.get((line.start, len(line.data)))
        if found is None and self._searcher is not None and not self._asking:
            self._asking = True
            self._searcher.spans(sorted({each.start for _, each, _ in self._window.seen}))
        return found or ()

    def _told(self, said: dict[str, Any]) -> None:
        """What the process says."""
        if "wrong" in said:
            self.close()
            self._wrong = said["wrong"]
        elif "hits" in said:
            self._hits, self._done, self._counted = said["hits"], said["done"], said["counted"]
            self._at = said["at"] if self._here is not None else None
        elif "spans" in said:
            self._take_spans(said)
        elif said["id"] == self._number and said["found"] is not None:
            self._here, self._around = Hit(*said["found"]), said["around"]
            self._go()
        self._window.draw()

    def _take_spans(self, said: dict[str, Any]) -> None:
        self._asking = False
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        by_line: dict[int, list[tuple[int, int]]] = {}
        for line, start, end in said["spans"]:
            by_line.setdefault(line, []).append((start, end))
        asked = set(said["lines"])
        for _, line, _ in self._window.seen:
            if line.start in asked:
                self._known[line.start, len(line.data)] = tuple(by_line.get(line.start, ()))

    def _go(self) -> None:
        index = self._window.index
        if index is not None and self._here is not None:
            self._window.show_line(index.number_at(self._here.line), self._here.start)

    @property
    def _percent(self) -> int:
        index = self._window.index
        return 100 if index is None or not index.size else min(99, 100 * self._counted // index.size)


@lru_cache(maxsize=1024)
def _literal_spans(pattern: Pattern, data: bytes) -> _Spans:
    text = line_text(decode_line(data))
    return tuple((match.start(), match.end()) for match in pattern.compiled().finditer(text))
