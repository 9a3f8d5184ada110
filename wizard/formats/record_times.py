"""Times of records as a transcript reckons with them."""

from datetime import datetime

from wizard.clock import parse_rfc3339


def between(start: str, end: str) -> float | None:
    """Seconds from one moment to another; None where one of them is no moment."""
    began, ended = _moment(start), _moment(end)
    return None if began is None or ended is None else round((ended - began).total_seconds(), 3)


def _moment(at: str) -> datetime | None:
    try:
        return parse_rfc3339(at)
    except ValueError:
        return None
