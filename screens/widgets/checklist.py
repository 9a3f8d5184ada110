"""The steps: one line in a narrow terminal, a list in a wide one."""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from screens.words import MARKS, cut, ends, shown


if TYPE_CHECKING:
    from collections.abc import Sequence

    from wizard.session.view import Row


_WIDE = 60
_NEEDS_EYES = {"needs you", "failed", "unknown"}


def _row_style(word: str) -> str:
    if word in _NEEDS_EYES:
        return "bold"
    return "bold" if word in {"now", "running"} else "dim" if word in {"to do", "does not apply", "skipped"} else ""


def _word(row: "Row", width: int) -> str:
    """What stands behind the title. That a step was accepted is always said; by whom and why where there is room."""
    if row.accepted:
        return f" done, {shown(row.accepted)}" if width >= _WIDE else " accepted"
    return "" if row.mark.value in {"to do", "done"} else f" {row.mark.value}"


def checklist_lines(rows: "Sequence[Row]", width: int) -> Content:
    """The whole list: phases, marks, numbers, titles, and the word of each state that is not plain."""
    parts: list[tuple[str, str]] = []
    phase = None
    for row in rows:
        if row.phase != phase:
            phase = row.phase
            parts.append((cut(f" {shown(phase)}", width) + "\n", "bold"))
        word = _word(row, width)
        text = f" {MARKS[row.mark.value]} {row.number} {shown(row.title)}"
        # The card has the word; here the title is worth more.
        fits = row.accepted or cell_len(text + word) < width - 1
        line = ends(text, word, width - 1) if fits else cut(text, width - 1)
        parts.append((line.rstrip() + "\n", _row_style(row.mark.value)))
    return Content.assemble(*parts) if parts else Content("")


def line_of(rows: "Sequence[Row]", number: int) -> int:
    """The line of the list, from 0, in which the step of that number stands; its phases have a line each."""
    phases = [row.phase for row in rows[:number]]
    return number - 1 + sum(at == 0 or phases[at - 1] != phase for at, phase in enumerate(phases))


def one_line(rows: "Sequence[Row]", number: int, title: str, right: str, width: int) -> Content:
    """`2/5 ✓●○○○ Rename the downlevel service      ● running 4 s`."""
    at = max(1, min(number, len(rows)))
    # Without a title the marks have the line; the number, the ends and the spaces between them take the rest.
    room = max(8, width // 3 if title else width - cell_len(f" {number}/{len(rows)}  {right} ") - len("……"))
    start = max(0, min(at - 1 - room // 2, len(rows) - room))
    marks = "".join(MARKS[row.mark.value] for row in rows[start : start + room])
    before = "…" if start else ""
    after = "…" if start + room < len(rows) else ""
    left = f" {number}/{len(rows)} {before}{marks}{after} {shown(title)}"
    line = ends(left, f"{right} ", width)
    split = len(line) - len(right) - 1 if right and cell_len(line) == width else len(line)
    return Content.assemble((line[:split], ""), (line[split:], "bold"))


class Checklist(Static):
    """The list beside the card."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", id=id, markup=False)
        self._rows: Sequence[Row] = ()

    def draw(self, rows: "Sequence[Row]") -> None:
        """Show these steps."""
        self._rows = rows
        self.update(checklist_lines(rows, self.size.width or 34))

    def on_resize(self) -> None:
        """Fit the list to the new width."""
        self.draw(self._rows)
