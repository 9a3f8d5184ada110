"""What the records of a whole chain must be beside being whole: how they begin and end, and when they were written."""

from collections.abc import Iterator

from wizard.record.journal.kinds import AFTER_CLOSE, CLOSED, FORMAT, MODES, OPENED
from wizard.record.journal.line import Record


_FIRST = "2020"
"""No session is older."""


def check_order(records: list[Record]) -> Iterator[str]:
    """Findings about the records alone."""
    yield from _check_opening(records[0])
    yield from _check_times(records)
    yield from _check_closing(records)


def _check_opening(first: Record) -> Iterator[str]:
    if first.kind != OPENED:
        yield f"The journal begins with {first.kind}, not with {OPENED}."
        return
    if first.data.get("format") != FORMAT:
        yield f"The journal has the format {first.data.get('format')}; this uplevel knows format {FORMAT}."
    if first.data.get("mode") not in MODES:
        yield f"The mode in record 0 is {first.data.get('mode')}, which is none of {', '.join(MODES)}."


def _check_times(records: list[Record]) -> Iterator[str]:
    for record in records:
        if record.at < _FIRST:
            yield f"Record {record.seq} is of {record.at}, when there was no uplevel."
            return


def _check_closing(records: list[Record]) -> Iterator[str]:
    closings = [record for record in records if record.kind == CLOSED]
    for extra in closings[1:]:
        yield f"Record {extra.seq} closes the session for the second time."
    if not closings:
        return
    closing = closings[0]
    if closing.data.get("count") != closing.seq:
        yield f"The closing record counts {closing.data.get('count')} records before it; there are {closing.seq}."
    for later in records[closing.seq + 1 :]:
        if later.kind not in AFTER_CLOSE and later.kind != CLOSED:
            yield f"Record {later.seq} ({later.kind}) stands after the closing record."
