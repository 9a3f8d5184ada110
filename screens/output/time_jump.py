"""From a time a person types to a place in a run's output."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from wizard.errors import UsageProblem


if TYPE_CHECKING:
    from wizard.session.state import When


HOW = "14:02:11 by the clock, or +4m10s since the command began."

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_SINCE = re.compile(r"\+(?=\d)(?:(\d{1,4})h)?(?:(\d{1,5})m(?:in)?)?(?:(\d{1,7})s?)?")
_SECOND = 1_000_000_000


def wanted_moment(text: str, began: "When") -> int:
    """The moment a person means.

    Args:
        text: A time of the day in the zone of this machine, or how long after the beginning.
        began: When the command began; a time of the day is the next one from half a day before that on.

    Returns:
        CLOCK_BOOTTIME in nanoseconds.

    Raises:
        UsageProblem: It is no such text.
    """
    typed = text.strip().replace(" ", "")
    if since := _SINCE.fullmatch(typed):
        hours, minutes, seconds = (int(part or 0) for part in since.groups())
        return began.boottime + (hours * 3600 + minutes * 60 + seconds) * _SECOND
    clock = _CLOCK.fullmatch(typed)
    if clock is None:
        raise UsageProblem(f"{text} is no time. Type {HOW}")
    hour, minute, second = (int(part or 0) for part in clock.groups())
    start = datetime.fromisoformat(began.at).astimezone()
    moment = start.replace(hour=hour, minute=minute, second=second, microsecond=0)
    if moment < start - timedelta(hours=12):
        moment += timedelta(days=1)
    return began.boottime + round((moment - start).total_seconds() * _SECOND)


def said_moment(moment: int, began: "When") -> str:
    """A moment as a person reads it: the time of the day, and how long after the beginning."""
    seconds = max(0, moment - began.boottime) / _SECOND
    at = datetime.fromisoformat(began.at).astimezone() + timedelta(seconds=(moment - began.boottime) / _SECOND)
    minutes, rest = divmod(int(seconds), 60)
    return f"{at:%H:%M:%S} (+{minutes}m{rest:02}s)"
