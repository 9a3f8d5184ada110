"""One line of a form: what is asked, its field, and what there is to say of the value."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Select, Static
from textual.widgets._select import SelectOverlay

from screens.shared.line_field import LineField
from screens.shared.words import safe_text


_UNCHOSEN = "choose"


class FormRow(Horizontal):
    """The row whose field has the keyboard has a pointer before it.

    Args:
        name: The name of its value.
        label: What is asked.
        value: What stands there at first.
        choices: What it may be; empty for a text.
        hidden: What is typed is not shown.
        field_id: The id of its field.
    """

    def __init__(
        self,
        name: str,
        label: str,
        value: str,
        *,
        field_id: str,
        choices: Sequence[str] = (),
        hidden: bool = False,
    ) -> None:
        super().__init__(name=name)
        self._label = label
        self._begins_with = value
        self._choices = choices
        self._hidden = hidden
        self._field_id = field_id

    def compose(self) -> ComposeResult:
        yield Static(">", classes="pointer", markup=False)
        yield Static(safe_text(self._label), classes="label", markup=False)
        with Vertical(classes="answer"):
            yield self._made()
            yield Static("", classes="note", markup=False)

    def _made(self) -> "Select[str] | LineField":
        if not self._choices:
            text = "" if self._hidden else self._begins_with
            return LineField(text, password=self._hidden, id=self._field_id, compact=True, select_on_focus=False)
        ways = [(Content(safe_text(choice)), choice) for choice in self._choices]
        known = self._begins_with in self._choices
        value = self._begins_with if known else Select.NULL
        return Select(ways, value=value, prompt=_UNCHOSEN, allow_blank=not known, id=self._field_id, compact=True)

    def on_mount(self) -> None:
        """Follow what is highlighted among the choices."""
        if self._choices:
            self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        listed = self.query_one(SelectOverlay)
        self.watch(listed, "highlighted", lambda at: self._point(listed, at))

    def _point(self, listed: SelectOverlay, highlighted: int | None) -> None:
        """Point at the choice that Enter would take, so that it is seen without colour."""
        unchosen = (_UNCHOSEN,) * (listed.option_count - len(self._choices))
        for at, choice in enumerate((*unchosen, *self._choices)):
            here = at == highlighted
            text = f"{'>' if here else ' '} {safe_text(choice)}"
            listed.replace_option_prompt_at_index(at, Content.styled(text, "reverse" if here else ""))

    @property
    def field(self) -> "Select[str] | LineField":
        """What takes the keyboard."""
        place = f"#{self._field_id}"
        return self.query_one(place, Select) if self._choices else self.query_one(place, LineField)

    @property
    def value(self) -> str:
        """What stands in the field; empty when nothing does."""
        value = self.field.value
        return value if isinstance(value, str) else ""

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Write below the field.

        Args:
            text: What to say; empty for nothing.
            wrong: The value does not do.
        """
        note = self.query_one(".note", Static)
        note.update(
            Content.styled(f"! {safe_text(text)}", "bold") if wrong and text else Content.styled(safe_text(text), "dim")
        )
        note.set_class(bool(text), "-said")
        note.set_class(wrong, "-wrong")


def row_of(widget: "Input | Select[str]") -> FormRow:
    """The row that a field stands in."""
    return next(each for each in widget.ancestors if isinstance(each, FormRow))
