"""The steps: one line in a narrow terminal, a list in a wide one."""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from screens.shared.words import MARKS, cut, ends, safe_text, wrapped


if TYPE_CHECKING:
    from collections.abc import Sequence

    from wizard.session.view import StepRow


_WIDE = 60
_NEEDS_EYES = {"needs you", "accepted", "failed", "unknown"}


def _row_style(word: str) -> str:
    if word in _NEEDS_EYES:
        return "bold"
    return "bold" if word in {"now", "running"} else "dim" if word in {"to do", "does not apply", "skipped"} else ""


def _word(row: "StepRow", width: int) -> str:
    """What stands behind the title. That a step was accepted is always said; by whom and why where there is room."""
    if row.accepted:
        return f" {safe_text(row.accepted)}" if width >= _WIDE else " accepted"
    return "" if row.mark.value in {"to do", "done"} else f" {row.mark.value}"


def checklist_lines(rows: "Sequence[StepRow]", width: int, pointed: int = 0) -> Content:
    """The whole list: phases, marks, numbers, titles, and the word of each state that is not plain.

    Args:
        rows: The steps.
        width: Cells of a line.
        pointed: The number of the step that is pointed at; 0 points at none.
    """
    parts: list[tuple[str, str]] = []
    phase = None
    for row in rows:
        if row.phase != phase:
            phase = row.phase
            parts.append((cut(f" {safe_text(phase)}", width) + "\n", "bold"))
        style = "reverse" if row.number == pointed else _row_style(row.mark.value)
        parts += [("\n".join(row_lines(row, width)), style), ("\n", "")]
    return Content.assemble(*parts) if parts else Content("")


def row_lines(row: "StepRow", width: int) -> list[str]:
    """The lines of one step. Its title stands there whole, because titles may differ in one word anywhere."""
    lead = f" {MARKS[row.mark.value]} {row.number} "
    first, *more = wrapped(row.title, width - 1 - cell_len(lead)) or ("",)
    lines = [lead + first, *(" " * cell_len(lead) + line for line in more)]
    word = _word(row, width)
    if cell_len(lines[-1] + word) < width - 1:
        lines[-1] = ends(lines[-1], word, width - 1).rstrip()
    elif row.accepted:  # any other word is on the card, and the title is worth more here
        lines.append(ends("", word, width - 1))
    return lines


def line_of(rows: "Sequence[StepRow]", number: int, width: int) -> int:
    """The line of the list, from 0, in which the step of that number begins; its phases have a line each."""
    phases = [row.phase for row in rows[:number]]
    headings = sum(at == 0 or phases[at - 1] != phase for at, phase in enumerate(phases))
    return headings + sum(len(row_lines(row, width)) for row in rows[: number - 1])


def one_line(rows: "Sequence[StepRow]", number: int, title: str, right: str, width: int) -> Content:
    """`2/5 ✓●○○○ Rename the downlevel service      ● running 4 s`."""
    line = ends(_left(rows, number, title, right, width), f"{right} ", width)
    split = len(line) - len(right) - 1 if right and cell_len(line) == width else len(line)
    return Content.assemble((line[:split], ""), (line[split:], "bold"))


def line_width(rows: "Sequence[StepRow]", number: int, title: str, width: int) -> int:
    """The cells that number, marks and title take of it; without a title the marks make room for anything else."""
    return cell_len(_left(rows, number, title, "", width)) if title else width // 3


def _left(rows: "Sequence[StepRow]", number: int, title: str, right: str, width: int) -> str:
    at = max(1, min(number, len(rows)))
    # Without a title the marks have the line; the number, the ends and the spaces between them take the rest.
    room = max(8, width // 3 if title else width - cell_len(f" {number}/{len(rows)}  {right} ") - len("……"))
    start = max(0, min(at - 1 - room // 2, len(rows) - room))
    marks = "".join(MARKS[row.mark.value] for row in rows[start : start + room])
    before = "…" if start else ""
    after = "…" if start + room < len(rows) else ""
    return f" {number}/{len(rows)} {before}{marks}{after} {safe_text(title)}"


def wanted_width(rows: "Sequence[StepRow]") -> int:
    """Cells that the list needs so that each title stands in a line, with the word of its state."""
    leads = (cell_len(f" {MARKS[row.mark.value]} {row.number} {row.title}{_word(row, 0)}") for row in rows)
    return max(leads, default=0) + _MARGIN


_MARGIN = 4
"""Cells for the border, the scroll bar and the end of a line."""


class Checklist(Static):
    """The list beside the card."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", id=id, markup=False)
        self._rows: Sequence[StepRow] = ()
        self._pointed = 0

    def draw(self, rows: "Sequence[StepRow]", pointed: int = 0) -> None:
        """Show these steps, and point at one of them."""
        self._rows, self._pointed = rows, pointed
        self.update(checklist_lines(rows, self._width, pointed))

    @property
    def _width(self) -> int:
        return self.size.width or 34

    def line_of(self, number: int) -> int:
        """The line, from 0, in which the step of that number begins."""
        return line_of(self._rows, number, self._width)

    def on_resize(self) -> None:
        """Fit the list to the new width."""
        self.draw(self._rows, self._pointed)
