"""A page as lines that can be searched like an output, and the match that is marked on it."""

import os
from bisect import bisect_right
from collections.abc import Callable, Sequence

from screens.output.output_index import RawLine
from screens.output.searching.search import Hit
from screens.transcript.markdown_view import MarkdownView


class PageLines:
    """The lines of a page's pieces, in a file that has no name.

    Args:
        texts: The text of each piece.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._starts: list[int] = []
        self._places: list[tuple[int, int]] = []
        self.size = 0
        self._file = os.memfd_create("page")
        for piece, text in enumerate(texts):
            column = 0
            for line in text.split("\n"):
                self._starts.append(self.size)
                self._places.append((piece, column))
                self._write(f"{line}\n".encode("utf-8", "replace"))
                column += len(line) + 1

    def _write(self, data: bytes) -> None:
        self.size += len(data)
        while data:
            data = data[os.write(self._file, data) :]

    @property
    def file(self) -> int:
        """The descriptor, or -1 when it is closed."""
        return self._file

    def number_at(self, offset: int) -> int:
        """The number of the line that holds this byte."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def place(self, number: int) -> tuple[int, int]:
        """The piece that has a line, and where in its text the line begins."""
        return self._places[number]

    def line_of(self, piece: int) -> tuple[int, int]:
        """The first line of a piece, and its first byte."""
        number = bisect_right(self._places, (piece, -1))
        return number, self._starts[number]

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class FoundOnPage:
    """What a search needs to know of a page.

    Args:
        view: Draws it.
        here: The match where one stands.
        changed: Called when there is something new to say.
    """

    following = False

    def __init__(self, view: MarkdownView, here: Callable[[], Hit | None], changed: Callable[[], None]) -> None:
        self._view = view
        self._here = here
        self._changed = changed
        self._index: PageLines | None = None

    @property
    def index(self) -> PageLines | None:
        """The lines; None while there is no page."""
        return self._index

    @property
    def seen(self) -> list[tuple[int, RawLine, int]]:
        """The first line of the first piece in sight."""
        if self._index is None or not self._index.size:
            return []
        number, start = self._index.line_of(self._view.first_seen)
        return [(number, RawLine(b"", 0, start), 0)]

    def begin(self) -> None:
        """Search what the view shows from now on."""
        self.close()
        self._index = PageLines([piece.text for piece in self._view.pieces])

    def close(self) -> None:
        """Nothing is searched any more."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def draw(self) -> None:
        """Mark the match where one stands, and no other."""
        self._changed()
        here, index = self._here(), self._index
        if here is None or index is None:
            self._view.unmark()
            return
        piece, column = index.place(index.number_at(here.line))
        self._view.mark(piece, column + here.start, column + here.end)

    def show_line(self, number: int, column: int) -> None:
        """Bring a place into sight."""
        if self._index is not None:
            piece, start = self._index.place(number)
            self._view.reach(piece, start + column)
