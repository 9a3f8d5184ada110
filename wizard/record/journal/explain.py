"""Say in sentences how the lines of a broken journal differ from a whole one."""

from collections.abc import Iterator

from wizard.record.journal.line import FIRST_PREV, Record, parse


_AT_MOST = 20


def explain(content: bytes) -> list[str]:
    """What was done to a journal: edited, deleted, inserted, repeated, reordered.

    Args:
        content: The whole file.

    Returns:
        One sentence a finding, in the file's order, at most 20 and a closing one.
    """
    lines = content.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    found = list(_findings([parse(line + b"\n") for line in lines]))
    more = len(found) - _AT_MOST
    return found if more <= 0 else [*found[:_AT_MOST], f"There are {more} findings more."]


def _findings(lines: list[Record | str]) -> Iterator[str]:
    there = {line.seq for line in lines if isinstance(line, Record)}
    hashes: set[str] = set()
    expected, prev = 0, FIRST_PREV
    for number, line in enumerate(lines, start=1):
        if isinstance(line, str):
            yield f"Line {number} {line}: it was edited, or put there later."
            expected, prev = expected + 1, ""
            continue
        if line.h in hashes:
            yield f"Line {number} is record {line.seq} for the second time: it was repeated."
            continue
        hashes.add(line.h)
        yield from _place(line, number, expected, prev, there)
        expected, prev = max(expected, line.seq + 1), line.h


def _place(line: Record, number: int, expected: int, prev: str, there: set[int]) -> Iterator[str]:
    """What is wrong with where a line that is whole in itself stands."""
    if line.seq > expected:
        if missing := [seq for seq in range(expected, min(line.seq, expected + 1000)) if seq not in there]:
            many = f"Record {missing[0]} is" if len(missing) == 1 else f"Records {missing[0]} to {line.seq - 1} are"
            yield f"{many} missing before record {line.seq}: deleted."
        else:
            yield f"Record {line.seq} stands in line {number}: the lines were reordered."
    elif line.seq < expected:
        yield f"Record {line.seq} stands in line {number}: it was inserted, or the lines were reordered."
    elif prev and line.prev != prev:
        yield f"Record {line.seq} does not follow the one before it: one of them was rewritten or is foreign."
