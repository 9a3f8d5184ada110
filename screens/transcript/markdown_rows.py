"""Blocks of Markdown laid out as rows of a width: which part of which text stands where. It draws nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len

from screens.shared.words import wrapped
from screens.transcript.markdown_blocks import Block, Piece


_BAR, _RULE, _CROSS = " │ ", "─", "─┼─"
_LEAST = 6
"""Cells of a column at least, where there are too many to give each what it needs."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a row.

    Attributes:
        text: What stands there.
        piece: Number of the piece that it is a part of; -1 for a line or a point of ours.
        start: Where in that piece it begins.
        style: How it is drawn, in Rich's words.
    """

    text: str
    piece: int = -1
    start: int = 0
    style: str = ""


Row = tuple[Part, ...]


def rows_of(blocks: Sequence[Block], width: int) -> list[Row]:
    """All rows of a page, with an empty one between blocks. Pieces are numbered in their order."""
    rows: list[Row] = []
    number, before = 0, ""
    for block in blocks:
        if rows and not before == block.kind == "point":
            rows.append(())
        rows += _block_rows(block, number, max(_LEAST, width))
        number += sum(len(row) for row in block.rows)
        before = block.kind
    return rows


def _block_rows(block: Block, number: int, width: int) -> Iterator[Row]:
    if block.kind == "table":
        yield from _table_rows(block, number, width)
        return
    piece = block.rows[0][0]
    lead = {"point": "• ", "code": "  "}.get(block.kind, "")
    style = ("bold underline" if block.level == 1 else "bold") if block.kind == "heading" else ""
    for at, (start, end) in enumerate(_wrap(piece.text, width - len(lead))):
        before = Part(lead if at == 0 or block.kind == "code" else " " * len(lead))
        yield (before, *_parts(piece, number, start, end, style))


def _table_rows(block: Block, number: int, width: int) -> Iterator[Row]:
    columns = max(len(row) for row in block.rows)
    widths = _widths(block, columns, width - len(_BAR) * (columns - 1))
    several = False
    rows: list[list[Row]] = []
    for at, row in enumerate(block.rows):
        cells = [_wrap(piece.text, widths[column]) for column, piece in enumerate(row)]
        several = several or max(map(len, cells)) > 1
        rows.append(list(_cells(row, cells, widths, number, "" if at else "bold")))
        number += len(row)
    rule = (Part(_CROSS.join(_RULE * each for each in widths), style="dim"),)
    head = any(piece.text for piece in block.rows[0])
    for at, lines in enumerate(rows):
        if at == 0 and not head:
            continue
        if (at == 1 and head) or (at > 1 and several):
            yield rule
        yield from lines


def _cells(
    row: list[Piece], cells: list[list[tuple[int, int]]], widths: list[int], number: int, style: str
) -> Iterator[Row]:
    for line in range(max(map(len, cells))):
        parts: list[Part] = []
        for column, (piece, wrapped_to) in enumerate(zip(row, cells, strict=True)):
            start, end = wrapped_to[line] if line < len(wrapped_to) else (0, 0)
            parts += [Part(_BAR, style="dim")] if column else []
            parts += _parts(piece, number + column, start, end, style)
            parts.append(Part(" " * max(0, widths[column] - cell_len(piece.text[start:end]))))
        yield tuple(parts)


def _parts(piece: Piece, number: int, start: int, end: int, style: str) -> Iterator[Part]:
    """A part of a piece, cut where bold begins and ends."""
    cuts = sorted({start, end, *(at for bold in piece.bold for at in bold if start < at < end)})
    for begin, stop in pairwise(cuts):
        bold = any(first <= begin and stop <= last for first, last in piece.bold)
        yield Part(piece.text[begin:stop], number, begin, "bold" if bold and not style else style)


def _widths(block: Block, columns: int, room: int) -> list[int]:
    """The cells of each column: what it needs, or, where that is too much, a fair share for the wide ones."""
    needs = [
        max((max(map(cell_len, row[at].text.split("\n"))) for row in block.rows if at < len(row)), default=0)
        for at in range(columns)
    ]
    widths, left, open_ones = [0] * columns, room, list(range(columns))
    while open_ones:
        share = left // len(open_ones)
        small = [at for at in open_ones if needs[at] <= share]
        for at in small or open_ones:
            widths[at] = max(1, needs[at]) if small else max(_LEAST, share)
            left -= widths[at]
        open_ones = [at for at in open_ones if at not in small] if small else []
    return widths


def _wrap(text: str, width: int) -> list[tuple[int, int]]:
    """Begin and end of each row of a text."""
    if "\n" not in text and cell_len(text) <= width:
        return [(0, len(text))]
    places, at = [], 0
    for line in wrapped(text, max(1, width)) or ("",):
        start = max(at, text.find(line, at))
        at = start + len(line)
        places.append((start, at))
    return places
