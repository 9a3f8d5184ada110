"""The start page between its banner and its keys: the file, what was left before, the form, what is known beside it."""

from collections.abc import Collection

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import DescendantFocus, Resize
from textual.widgets import Static

from screens.shared.words import prose, safe_text
from screens.start.facts import FactList
from screens.start.form_row import FormRow
from screens.start.start_words import TICKET, facts_of, file_words, left_lines, note_of
from wizard.engine import Field, Preparation


class StartForm(VerticalScroll):
    """Scrolls so that the row that has the keyboard is seen whole.

    Args:
        preparation: What is to be shown; its fields stay the same ones.
        id: The widget's id.
    """

    def __init__(self, preparation: Preparation, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, can_focus=False)
        self._made_of = preparation
        self._entered: Collection[str] = ()

    def compose(self) -> ComposeResult:
        yield Static("", id="file", markup=False)
        yield Static("", id="left", markup=False)
        yield Static("", id="summary", markup=False)
        for field in self._made_of.fields:
            at = f"field-{field.name}"
            yield FormRow(field.name, field.label, field.value, choices=field.choices, hidden=field.secret, field_id=at)
        yield FormRow(TICKET, "Ticket", self._made_of.request.ticket, field_id="ticket")
        yield FactList((name for name, _, _ in facts_of(self._made_of)), id="facts")

    def show(self, found: Preparation, entered: Collection[str]) -> None:
        """Show what is known now.

        Args:
            found: The start page.
            entered: Parameters of which it is said when their value does not do.
        """
        self._made_of, self._entered = found, entered
        self.query_one("#file", Static).update(Content.styled(safe_text(file_words(found)), "dim"))
        self.query_one("#summary", Static).update(Content(prose(found.procedure.summary)))
        lines, hint = left_lines(found)
        left = self.query_one("#left", Static)
        left.update(Content.assemble((safe_text(lines, newlines=True), "bold"), f"\n  {hint}"))
        left.display = bool(lines)
        self._draw_notes()
        for name, label, text in facts_of(found):
            self.query_one(FactList).show(name, label, text)
        self._say_more()

    def _rows(self) -> dict[str | None, FormRow]:
        return {row.name: row for row in self.query(FormRow)}

    def values(self) -> dict[str, str]:
        """What stands in the fields, by name."""
        return {name: row.value for name, row in self._rows().items() if name is not None and name != TICKET}

    @property
    def ticket(self) -> str:
        """What stands in the ticket's field."""
        return self._rows()[TICKET].value.strip()

    def go_to(self, field: Field | None) -> None:
        """Give a field the keyboard; None is the ticket's."""
        self._rows()[TICKET if field is None else field.name].field.focus()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show the whole row that has the keyboard, and what stands above the first."""
        rows = list(self.query(FormRow))
        row = next((each for each in rows if event.widget in each.query("*")), None)
        if row is rows[0]:
            self.scroll_home(animate=False)
        if row is not None:
            self.call_after_refresh(row.scroll_visible, animate=False)

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Say whether there is more below."""
        super().watch_scroll_y(old, new)
        self._say_more()

    def on_resize(self, _event: Resize) -> None:
        """Say what depends on the room: whether there is more below, and values that their fields cannot show whole."""
        self.call_after_refresh(self._draw_notes)
        self._say_more()

    def _draw_notes(self) -> None:
        rows = self._rows()
        for field in self._made_of.fields:
            row = rows[field.name]
            text, wrong = note_of(field, entered=field.name in self._entered, width=row.field.size.width or 80)
            row.say(text, wrong=wrong)

    def _say_more(self) -> None:
        self.call_after_refresh(self._draw_more)

    def _draw_more(self) -> None:
        if self.scroll_y < self.max_scroll_y:
            self.border_subtitle = " more below: PgDn "
        else:
            self.border_subtitle = ""
