"""The line-by-line front end: the same session as appended lines, for dumb terminals, pipes and those who prefer it."""

from wizard.plain.front import run_plain
from wizard.plain.lines import LinePrinter
from wizard.plain.start import begin, pick


__all__ = ["LinePrinter", "begin", "pick", "run_plain"]
