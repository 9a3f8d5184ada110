"""Lines that are marked for copying, and their text."""

from dataclasses import dataclass

from screens.output.output_index import OutputIndex
from wizard.execution.sanitize import decode_line, line_text, mark_line


MOST = 64 * 1024
"""Bytes that are handed to the terminal's clipboard; many terminals take no more, and say nothing."""

_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Selection:
    """Lines from where the marking began to where it stands.

    Args:
        anchor: Number of the line at which it began.
        head: Number of the line that moves.
    """

    anchor: int
    head: int

    @property
    def first(self) -> int:
        """The upper line."""
        return min(self.anchor, self.head)

    @property
    def count(self) -> int:
        """How many lines."""
        return abs(self.anchor - self.head) + 1

    def __contains__(self, number: int) -> bool:
        return self.first <= number < self.first + self.count


def left_mark(number: int, selection: Selection | None, stream: str) -> str:
    """What stands left of a line, two cells wide: where marking stands, or which stream it is of."""
    if selection is None or number not in selection:
        return stream
    return "> " if number == selection.head else stream if stream.strip() else "| "


def selected_text(index: OutputIndex, selection: Selection, *, marks: bool = False) -> str | None:
    """The lines as they are shown, each with a line end but the last; None when they are more than `MOST` bytes.

    Args:
        index: The file.
        selection: Which lines.
        marks: Whether controls are shown by marks.
    """
    texts: list[str] = []
    room = MOST + 1  # the last line has no line end
    for first in range(selection.first, selection.first + selection.count, _AT_ONCE):
        wanted = min(_AT_ONCE, selection.first + selection.count - first)
        for line in index.window(first, wanted):
            text = line_text(mark_line(line.data) if marks else decode_line(line.data))
            room -= len(text.encode("utf-8", "replace")) + 1
            if room < 0:
                return None
            texts.append(text)
    return "\n".join(texts)


def copied(index: OutputIndex | None, selection: Selection | None, *, marks: bool) -> tuple[str, str]:
    """What is said of copying the marked lines, and the text to be copied, which is empty when there is none."""
    if selection is None or index is None:
        return "Nothing is marked: V marks lines.", ""
    text = selected_text(index, selection, marks=marks)
    if text is None:
        return f"That is more than the {MOST // 1024} KiB that can be copied. S saves the whole output.", ""
    return f"Copied {counted(selection.count)}, where the terminal lets programs copy.", text


def counted(lines: int) -> str:
    """So many lines, in words."""
    return f"{lines:,} line" + ("" if lines == 1 else "s")
