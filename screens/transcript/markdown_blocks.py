"""Markdown as blocks of text: headings, paragraphs, points, code, tables. What would open something stays text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token


Kind = Literal["heading", "paragraph", "point", "code", "table"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that is searched as one, with what of it is bold.

    Attributes:
        text: Without markup; of code with its line ends.
        bold: Begin and end of each part that is.
    """

    text: str
    bold: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One block.

    Attributes:
        kind: What it is.
        rows: Its pieces; of a table each row with its cells, the head first, of anything else one.
        level: Of a heading, from 1.
    """

    kind: Kind
    rows: list[list[Piece]] = field(default_factory=list)
    level: int = 0


def blocks_of(text: str) -> list[Block]:
    """The blocks of a sanitized Markdown text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.disable(["link", "image", "autolink", "reference", "html_inline", "html_block"])
    return list(_blocks(parser.parse(text.expandtabs(8))))


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    rows: list[list[Piece]] | None = None  # of the table that is being read
    open_now: list[str] = []
    for token in tokens:
        if token.nesting > 0:
            open_now.append(token.tag)
            rows = [] if token.tag == "table" else rows
            if token.tag == "tr" and rows is not None:
                rows.append([])
        elif token.nesting < 0:
            open_now.pop()
            if token.tag == "table" and rows is not None:
                yield Block("table", rows)
                rows = None
        elif token.type == "inline" and rows is not None:
            rows[-1].append(_piece(token))
        elif token.type == "inline":
            yield _text(_piece(token), open_now)
        elif token.type in {"fence", "code_block"}:
            yield Block("code", [[Piece(token.content.rstrip("\n"))]])


def _text(piece: Piece, inside: Sequence[str]) -> Block:
    if inside[-1].startswith("h"):
        return Block("heading", [[piece]], int(inside[-1][1:]))
    return Block("point" if "li" in inside else "paragraph", [[piece]])


def _piece(token: Token) -> Piece:
    text, bold, begun = "", [], 0
    for child in token.children or ():
        match child.type:
            case "softbreak" | "hardbreak":
                text += " "
            case "strong_open":
                begun = len(text)
            case "strong_close":
                bold.append((begun, len(text)))
            case _:
                text += child.content
    return Piece(text, tuple(bold))
