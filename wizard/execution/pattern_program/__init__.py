"""How far a command says it is, read by a pattern of the procedure's file; and searches of what is judged.

A pattern can take for ever on an unlucky text, and Python's matching holds up every thread of its process. So it runs
in a program of its own, `python -m wizard.execution.pattern_program`, which the system ends when one reading or search
takes too long.
"""

import math
import re


LONGEST = 2
"""Seconds one reading may take."""
LONGEST_SEARCH = 0.5
"""Seconds of a processor that one search may take."""
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
