"""The last barrier before the operator's terminal: whatever a widget draws, nothing in it is obeyed there."""

import re

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from wizard.execution.sanitize import UNSAFE


class LineSanitizer(LineFilter):
    """Blots out what a widget let through: an edited field shows what is typed or given, and Textual asks nothing.

    What people should see of such a text is made visible before it gets here; here no width may change.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, without links and without a character that a terminal would obey.

        Args:
            segments: A line of the screen, or a part of it.
            background: Not needed.
        """
        del background
        return segments if all(map(_harmless, segments)) else [_blotted(segment) for segment in segments]


def _harmless(segment: Segment) -> bool:
    text, style = segment.text, segment.style
    plain = text.isprintable() if text.isascii() else UNSAFE.search(text) is None
    return plain and (style is None or style.link is None)


def _blotted(segment: Segment) -> Segment:
    style = segment.style.update_link(None) if segment.style is not None else None
    return Segment(UNSAFE.sub(_blot, segment.text), style, segment.control)


def _blot(found: re.Match[str]) -> str:
    return "\N{REPLACEMENT CHARACTER}" * cell_len(found.group())
