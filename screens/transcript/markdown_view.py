"""The rows of a Markdown page, of which only those in sight are drawn."""

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from screens.transcript.markdown_blocks import Block, Piece
from screens.transcript.markdown_rows import Part, Row, rows_of


_MARK = Style(reverse=True, bold=True)


class MarkdownView(ScrollView, can_focus=True):
    """Draws a page and at most one mark on it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._blocks: list[Block] = []
        self._rows: list[Row] = []
        self._fitted = 0
        self._marked: tuple[int, int, int] | None = None

    @property
    def pieces(self) -> list[Piece]:
        """All texts of the page."""
        return [piece for block in self._blocks for row in block.rows for piece in row]

    def show(self, blocks: list[Block]) -> None:
        """Show these from the first on."""
        self._blocks, self._fitted = blocks, 0
        self._fit()
        self.scroll_home(animate=False)

    def mark(self, piece: int, start: int, end: int) -> None:
        """Mark a part of a piece, and nothing else."""
        self._marked = piece, start, end
        self.refresh()

    def unmark(self) -> None:
        """Mark nothing."""
        self._marked = None
        self.refresh()

    def reach(self, piece: int, offset: int) -> None:
        """Bring a place of a piece into sight, in the upper third where it is not."""
        row = self._row_of(piece, offset)
        if not self.scroll_offset.y <= row < self.scroll_offset.y + self.size.height:
            self.scroll_to(y=max(0, row - self.size.height // 3), animate=False, immediate=True)

    @property
    def first_seen(self) -> int:
        """The first piece in sight; 0 while there is none."""
        for row in self._rows[self.scroll_offset.y :]:
            if found := [part.piece for part in row if part.piece >= 0]:
                return found[0]
        return 0

    def on_resize(self, event: events.Resize) -> None:
        """Fit the rows to the new width; what was in sight stays there."""
        del event
        first = self.first_seen
        if self._fit() and self.scroll_offset.y:
            self.scroll_to(y=self._row_of(first, 0), animate=False)

    def render_line(self, y: int) -> Strip:
        """One row."""
        at, base = y + self.scroll_offset.y, self.rich_style
        parts = self._rows[at] if at < len(self._rows) else ()
        segments = [segment for part in parts for segment in self._segments(part, base)]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def _segments(self, part: Part, base: Style) -> list[Segment]:
        style = base + Style.parse(part.style)
        if self._marked is None or self._marked[0] != part.piece:
            return [Segment(part.text, style)]
        first = min(max(0, self._marked[1] - part.start), len(part.text))
        last = min(max(0, self._marked[2] - part.start), len(part.text))
        cut = ((part.text[:first], style), (part.text[first:last], style + _MARK), (part.text[last:], style))
        return [Segment(text, each) for text, each in cut if text]

    def _fit(self) -> bool:
        width = self.scrollable_content_region.width
        if not width or width == self._fitted:
            return False
        self._fitted = width
        self._rows = rows_of(self._blocks, width - 1)
        self.virtual_size = Size(width, len(self._rows))
        self.refresh()
        return True

    def _row_of(self, piece: int, offset: int) -> int:
        """The row in which a place of a piece stands."""
        found = 0
        for at, row in enumerate(self._rows):
            for part in row:
                if part.piece > piece:
                    return found
                if part.piece == piece and part.start <= offset:
                    found = at
        return found
