"""A list whose marked line has a pointer and is reversed: seen without colour, in any terminal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option


MARKED_AGAIN = "Nothing was marked. It is marked again now: look at it, then press the key once more."


@dataclass(frozen=True, slots=True)
class Line:
    """One line; its first cell is kept free for the pointer.

    Attributes:
        id: Its name, unique in the list.
        text: What it says.
        heading: It cannot be marked.
        loud: It is about the real thing.
    """

    id: str
    text: str
    heading: bool = False
    loud: bool = False

    @property
    def style(self) -> str:
        """How it is drawn while it is not marked."""
        return "bold" if self.heading or self.loud else ""


class MarkedList(OptionList, inherit_bindings=False):
    """Lists lines. Keys and clicks mark one; taking it is the screen's business."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action, show=False)
        for key, action in {
            "up": "cursor_up",
            "down": "cursor_down",
            "pageup": "page_up",
            "pagedown": "page_down",
            "home": "first",
            "end": "last",
        }.items()
    ]

    def __init__(self, lines: Iterable[Line] = (), *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._listed: tuple[Line, ...] = ()
        self._pointed: int | None = None
        self._unmarked: int | None = None
        self._begins_with = tuple(lines)

    def on_mount(self) -> None:
        """Show the lines it was made with."""
        if self._begins_with:
            self.show(self._begins_with)

    def show(self, lines: Iterable[Line], marked: str = "") -> None:
        """Show these lines in place of the others.

        Args:
            lines: What to show.
            marked: Id of the line to mark; without it, the first that can be.
        """
        self._listed, self._pointed, self._unmarked = tuple(lines), None, None
        self.clear_options()
        self.add_options(self._made())
        can = [at for at, line in enumerate(self._listed) if not line.heading]
        self.highlighted = next((at for at in can if self._listed[at].id == marked), can[0] if can else None)

    def unmark(self) -> None:
        """Mark no line; the arrows mark one again."""
        if self.highlighted is not None:
            self._unmarked = self.highlighted
        self.highlighted = None

    def mark_again(self) -> bool:
        """Mark the line that was marked last when none is; whether one was marked now."""
        if self.highlighted is not None or self._unmarked is None or self._unmarked >= len(self._listed):
            return False
        self.highlighted = self._unmarked
        return True

    async def _on_click(self, event: events.Click) -> None:
        event.prevent_default()
        at = event.style.meta.get("option")
        if isinstance(at, int) and at < len(self._listed) and not self._listed[at].heading:
            self.highlighted = at

    def _made(self) -> Iterator[Option]:
        for line in self._listed:
            yield Option(Content.styled(line.text, line.style), id=line.id, disabled=line.heading)

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Move the pointer."""
        super().watch_highlighted(highlighted)
        for at, style, pointer in ((self._pointed, "", " "), (highlighted, "reverse", ">")):
            if at is not None and at < len(self._listed):
                line = self._listed[at]
                styles = f"{style} {line.style}".strip()
                self.replace_option_prompt_at_index(at, Content.styled(pointer + line.text[1:], styles))
        self._pointed = highlighted

    @property
    def marked(self) -> str:
        """Id of the marked line, or an empty text."""
        return self._listed[self.highlighted].id if self.highlighted is not None and self._listed else ""

    @property
    def can_mark(self) -> bool:
        """Whether there is a line to mark."""
        return not all(line.heading for line in self._listed)
