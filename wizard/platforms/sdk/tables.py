"""Tables as the CLI lays them out: columns padded to the longest cell and three spaces, the last one not padded."""

from collections.abc import Iterator, Sequence


PADDING = 3


def rows(table: Sequence[Sequence[str]], indent: str = "") -> Iterator[str]:
    """The lines of a table whose rows all have the same number of cells."""
    widths = [max(len(cell) for cell in column) + PADDING for column in zip(*table, strict=True)]
    for row in table:
        padded = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        yield indent + "".join([*padded, row[-1]])
