"""How far a command says it is: the last figure in the end of its output."""

import math
import os
import re
from pathlib import Path

from wizard.sanitize import plain_text


_END = 4096
"""Bytes of the output's end that are looked at."""
_TWO = 2


def percent_in(text: str, pattern: re.Pattern[str], *, cut: bool = False) -> float | None:
    """The last progress a text tells.

    Args:
        text: Output without escapes.
        pattern: One group for percent, or two for how much is done and how much there is.
        cut: The text begins in the middle of something; a figure at its very beginning may be half of one.

    Returns:
        Percent from 0 to 100; None where the text tells none.
    """
    last = None
    for found in pattern.finditer(text):
        percent = None if cut and found.start() == 0 else _percent(found)
        last = last if percent is None else percent
    return last


def _percent(found: re.Match[str]) -> float | None:
    try:
        figures = [float(group.replace(",", ".")) for group in found.groups("")]
    except ValueError:
        return None
    if not all(map(math.isfinite, figures)):
        return None
    if len(figures) == _TWO:
        done, total = figures
        return min(100.0, max(0.0, 100 * done / total)) if total > 0 else None
    return min(100.0, max(0.0, figures[0])) if figures else None


def progress_of(output: Path, pattern: re.Pattern[str]) -> float | None:
    """The last progress that the end of an output file tells, in percent; None where there is none to be read."""
    try:
        file = os.open(output, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        start = max(0, os.fstat(file).st_size - _END)
        end = os.pread(file, _END, start)
    except OSError:
        return None
    finally:
        os.close(file)
    return percent_in(plain_text(end), pattern, cut=start > 0)
