"""Lines that begin in a wrong column: which of them it is, and where it should begin."""

import re
from collections.abc import Callable
from dataclasses import dataclass


_LINE = re.compile(r"(?P<indent> *)(?P<dashes>(?:- +)*)(?P<key>[\"']?[\w.$-]+[\"']?:(?= |$))?")


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A line that begins where it cannot.

    Attributes:
        row: The line, from 0.
        sentence: What is wrong.
        cure: Where to begin it.
        instead: The line as it should be.
    """

    row: int
    sentence: str
    cure: str
    instead: str


def begins_with_key(line: str, column: int) -> bool:
    """Whether the colon at a column ends the first key of its line."""
    found = _LINE.match(line)
    return found is not None and found["key"] is not None and found.end() - 1 == column


def is_swallowed_item(line: str) -> bool:
    """Whether a line that was read as a part of a text was meant as an item of a list."""
    return re.match(r" *(?:- +)+[{\[]", line) is not None


def first_column(line: str) -> int:
    """Where the first sign of a line stands."""
    return len(line) - len(line.lstrip(" "))


def swallowed(lines: list[str], row: int) -> Misplaced | None:
    """A line with a key that YAML reads as a part of the text of the line above; None where that is no indentation."""
    above = _above(lines, row)
    if above is None or _key_column(lines[above]) is None:
        return None
    own, theirs = _key_column(lines[row]), _key_column(lines[above])
    if own is None or theirs is None or own <= theirs:
        return None
    if _is_the_one_above(lines, above, row, own, theirs):
        return _moved(
            lines,
            above,
            own - theirs,
            f"The line is indented less than line {row + 1}, which YAML therefore reads as a part of its text.",
            f"Begin its key in column {own + 1}, as line {row + 1} does.",
        )
    return _moved(
        lines,
        row,
        theirs - own,
        f"The line is indented deeper than line {above + 1}, so YAML reads it as a part of that one's text.",
        f"Begin its key in column {theirs + 1}, as line {above + 1} does.",
    )


def unfit(lines: list[str], row: int, reached: Callable[[list[str]], int]) -> Misplaced:
    """A line that begins in a column where no line above it leaves room for it.

    Args:
        lines: The file.
        row: The line.
        reached: How far such lines can be read, to choose between the columns in which it could begin.
    """
    own, listed = first_column(lines[row]), lines[row].lstrip().startswith("- ")
    if not listed and _key_column(lines[row]) is None:
        return text_unfit(lines, row)
    columns = {column: at for column, at, dashed in _open_columns(lines, row) if dashed == listed and column != own}
    near = sorted(columns, key=lambda column: (abs(column - own), column))[:2]
    ways = " or ".join(f"in column {column + 1} as line {columns[column] + 1} does" for column in near)
    sentence = "The line is indented differently than the ones above it, and fits none of them."
    moves = [_moved(lines, row, column - own, sentence, f"Begin it {ways}.") for column in near]
    if not moves:
        return Misplaced(row, sentence, "", lines[row])
    return max(moves, key=lambda move: reached([*lines[:row], move.instead, *lines[row + 1 :]]))


def text_unfit(lines: list[str], row: int) -> Misplaced:
    """A line that is no key and no item: it must belong to the text above it, and is indented less than that."""
    above = _above(lines, row)
    own = first_column(lines[row])
    wanted = own if above is None else first_column(lines[above])
    if above is not None and _key_column(lines[above]) is not None:
        wanted = (_key_column(lines[above]) or 0) + 2  # the first line of a text below its key
    sentence = "The line is no key and no item, and is indented less than the text it would go on with."
    return _moved(lines, row, max(0, wanted - own), sentence, f"Begin it in column {wanted + 1}.")


def _moved(lines: list[str], row: int, by: int, sentence: str, cure: str) -> Misplaced:
    line = lines[row]
    return Misplaced(row, sentence, cure, " " * by + line if by > 0 else line[-by:])


def _is_the_one_above(lines: list[str], above: int, row: int, own: int, theirs: int) -> bool:
    """Whether the line above is the one that begins in the wrong column."""
    opener = _above(lines, above)
    if opener is None:
        return False
    before = _key_column(lines[opener])
    if lines[opener].rstrip().endswith(":") and before is not None and theirs <= before and "- " not in lines[above]:
        return True
    below = next((at for at in range(row + 1, len(lines)) if _counts(lines[at])), None)
    return below is not None and _key_column(lines[below]) == own and before != theirs


def _key_column(line: str) -> int | None:
    found = _LINE.match(line)
    return None if found is None or found["key"] is None else found.end("dashes")


def _counts(line: str) -> bool:
    return line.strip() != "" and not line.lstrip().startswith("#")


def _above(lines: list[str], row: int) -> int | None:
    return next((at for at in range(row - 1, -1, -1) if _counts(lines[at])), None)


def _open_columns(lines: list[str], row: int) -> list[tuple[int, int, bool]]:
    """The columns in which something could go on, each with the nearest line there, and whether an item begins it."""
    found: list[tuple[int, int, bool]] = []
    least = 1 << 20
    for at in range(row - 1, -1, -1):
        match = _LINE.match(lines[at])
        if match is None or not _counts(lines[at]) or (match["key"] is None and not match["dashes"]):
            continue
        dashed = [(match.end("indent"), True)] if match["dashes"] else []
        for column, item in ([(match.end("dashes"), False)] if match["key"] else []) + dashed:
            if column < least:
                found.append((column, at, item))
                least = column
    return found
