"""Lines of output as strips of the screen."""

from functools import lru_cache

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from screens.widgets.output_index import RawLine
from wizard.sanitize import Style, decode_line
from wizard.sanitize.style import Colour


_TAB = 8
_CUT = RichStyle(reverse=True)


@lru_cache(maxsize=1024)
def strip_of(line: RawLine, *, coloured: bool) -> Strip:
    """The line as it is shown, uncropped; never markup, never an escape."""
    segments: list[Segment] = []
    column = 0
    for run in decode_line(line.data):
        text = run.text if "\t" not in run.text else _expand(run.text, column)
        column += cell_len(text)
        segments.append(Segment(text, _rich(run.style, coloured=coloured)))
    if line.length > len(line.data):
        segments.append(Segment(f" cut: {len(line.data):,} of {line.length:,} bytes ", _CUT))
    return Strip(segments)


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
