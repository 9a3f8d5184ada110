"""Lines of output as strips of the screen."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from screens.output.output_index import RawLine
from wizard.execution.sanitize import Style, decode_line, mark_line
from wizard.execution.sanitize.style import Colour


_TAB = 8
_CUT = RichStyle(reverse=True)
_HIT = RichStyle(reverse=True)
_HERE = RichStyle(reverse=True, bold=True, underline=True)
_HERE_COLOURED = RichStyle(color="black", bgcolor="yellow", reverse=False, bold=True, underline=True)


class LineStyle(NamedTuple):
    """How lines are shown.

    Args:
        coloured: Whether the command's colours are kept.
        marks: Whether control characters and escapes are shown by marks instead of being obeyed or dropped.
        wrap: The width at which a line goes on in the next row; 0 cuts it at the edge.
    """

    coloured: bool = True
    marks: bool = False
    wrap: int = 0


class Spans(NamedTuple):
    """What of a line's text is pointed out.

    Args:
        hits: First character and the one behind the last, in order, not overlapping.
        here: The one of them that one stands on.
    """

    hits: tuple[tuple[int, int], ...] = ()
    here: tuple[int, int] | None = None


NO_SPANS = Spans()


@lru_cache(maxsize=256)  # a few screens: each row is some kilobytes, and a flood fills it whatever its size
def rows_of(data: bytes, length: int, look: LineStyle, spans: Spans = NO_SPANS) -> tuple[Strip, ...]:
    """A line as the rows of the screen it takes; never markup, never an escape.

    Args:
        data: The bytes of it that are shown.
        length: How long it is.
        look: How it is shown.
        spans: What is pointed out.
    """
    segments: list[Segment] = []
    column = at = 0
    for run in mark_line(data) if look.marks else decode_line(data):
        style = _rich(run.style, coloured=look.coloured)
        for piece, over in _pointed(run.text, at, spans, coloured=look.coloured):
            text = piece if "\t" not in piece else _expand(piece, column)
            column += cell_len(text)
            segments.append(Segment(text, style if over is None else style + over))
        at += len(run.text)
    if length > len(data):
        segments.append(Segment(f" cut: {len(data):,} of {length:,} bytes ", _CUT))
    strip = Strip(segments)
    return (strip,) if not look.wrap or strip.cell_length <= look.wrap else tuple(_folded(strip, look.wrap))


def rows_of_line(line: RawLine, look: LineStyle, spans: Spans = NO_SPANS) -> tuple[Strip, ...]:
    """The rows of a line; the same line elsewhere in the file is not made twice."""
    return rows_of(line.data, line.length, look, spans)


def _pointed(text: str, at: int, spans: Spans, *, coloured: bool) -> Iterator[tuple[str, RichStyle | None]]:
    """The text in pieces that are pointed out and pieces that are not; it begins at character `at` of its line."""
    done, stop = at, at + len(text)
    for start, end in spans.hits:
        if end <= done or start >= stop:
            continue
        if start > done:
            yield text[done - at : start - at], None
        here = _HERE_COLOURED if coloured else _HERE
        yield text[max(start, done) - at : end - at], here if (start, end) == spans.here else _HIT
        done = min(end, stop)
    if done < stop:
        yield text[done - at :], None


def _folded(strip: Strip, width: int) -> list[Strip]:
    """The strip in rows of at most `width` cells; a wide character is not cut in two."""
    text = strip.text
    if text.isascii():
        return list(strip.divide([*range(width, strip.cell_length, width), strip.cell_length]))
    cuts: list[int] = []
    column = row = 0
    for char in text:
        cells = cell_len(char)
        if row + cells > width:
            cuts.append(column)
            row = 0
        column += cells
        row += cells
    return list(strip.divide([*cuts, strip.cell_length]))


def _expand(text: str, column: int) -> str:
    """Tabs as spaces; `column` is where the text begins."""
    head, *parts = text.split("\t")
    out = [head]
    column += cell_len(head)
    for part in parts:
        gap = _TAB - column % _TAB
        out += [" " * gap, part]
        column += gap + cell_len(part)
    return "".join(out)


@lru_cache(maxsize=1024)
def _rich(style: Style, *, coloured: bool) -> RichStyle:
    """The style; text in the colour of its own ground would be hidden, so it loses the ground."""
    ground = style.bg if style.bg != style.fg else None
    return RichStyle(
        color=_colour(style.fg) if coloured else None,
        bgcolor=_colour(ground) if coloured else None,
        bold=style.bold or None,
        dim=style.dim or None,
        italic=style.italic or None,
        underline=style.underline or None,
        reverse=style.reverse or None,
    )


def _colour(colour: Colour) -> Color | None:
    if colour is None:
        return None
    return Color.from_ansi(colour) if isinstance(colour, int) else Color.from_rgb(*colour)
