"""The outputs of what runs at the same time: the act's pane and those of the watches, tiled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from screens.output.output_pane import OutputPane
from screens.shared.words import cut, safe_text
from wizard.execution.sanitize import decode_line, line_text
from wizard.record.output import OutputFile, OutputLog
from wizard.session.watching import WatchLine


BESIDE = 60
"""Columns that each of two panes beside each other must have."""
_STACKED = 7
"""Rows that a pane needs to be of use, its borders among them."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How many panes stand beside each other, and how many there are at all."""

    columns: int
    panes: int


def arrange(columns: int, rows: int, panes: int) -> Arrangement:
    """Room for panes: beside each other where each keeps its width, else stacked; what does not fit is left out."""
    beside = 2 if panes > 1 and columns >= 2 * BESIDE else 1
    stacked = min(ceil(panes / beside), max(1, rows // _STACKED))
    return Arrangement(beside, min(panes, beside * stacked))


class WatchPane(OutputPane):
    """The pane of one watch.

    Args:
        run: Its run.
    """

    class Typed(Message):
        """Keys or a paste for the watch's command."""

        def __init__(self, run: int, data: bytes) -> None:
            super().__init__()
            self.run = run
            self.data = data

    class Sized(Message):
        """How much room there is for the watch's output."""

        def __init__(self, run: int, columns: int, rows: int) -> None:
            super().__init__()
            self.run = run
            self.columns = columns
            self.rows = rows

    def __init__(self, run: int) -> None:
        super().__init__()
        self.run = run

    @on(OutputPane.KeysTyped)
    def _typed(self, message: OutputPane.KeysTyped) -> None:
        message.stop()
        self.post_message(self.Typed(self.run, message.data))

    @on(OutputPane.Resized)
    def _sized(self, message: OutputPane.Resized) -> None:
        message.stop()
        if message.columns > 0 and message.rows > 0:
            self.post_message(self.Sized(self.run, message.columns, message.rows))

    def last_line(self) -> str:
        """The newest line as text; empty while there is none."""
        index = self.window.index
        lines = index.window(index.lines - 1, 1) if index is not None and index.lines else []
        return line_text(decode_line(lines[0].data)) if lines else ""


class Tiles(Container):
    """Stands where the output stands, and shows one pane or several."""

    DEFAULT_CSS: ClassVar[str] = """
    Tiles {
        height: 1fr;
        layout: grid;
        grid-size: 1;
        grid-gutter: 0 1;
        & .-chosen {
            border-top: solid $foreground;
            border-bottom: solid $foreground;
            border-title-style: bold;
        }
        & .-chosen.-takes-keys {
            border-top: double $warning;
            border-bottom: double $warning;
        }
    }
    """

    class Arranged(Message):
        """Other panes may be seen than before."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._act = OutputPane(id="pane")
        self._watches: dict[int, WatchPane] = {}
        self._chosen: int | None = None
        self._with_act = True
        self.maximised = False
        """The chosen pane has the whole screen."""

    def compose(self) -> ComposeResult:
        yield self._act

    @property
    def act(self) -> OutputPane:
        return self._act

    @property
    def chosen(self) -> OutputPane:
        """The pane that the keys of the output are about."""
        return self._act if self._chosen is None else self._watches[self._chosen]

    @property
    def run_chosen(self) -> int | None:
        """The run of the watch that was chosen; None for the act."""
        return self._chosen

    @property
    def panes(self) -> list[OutputPane]:
        """All panes that can be looked at now, the act's first."""
        act = [self._act] if self._with_act else []
        return [*act, *self._watches.values()]

    @property
    def watch_panes(self) -> list[WatchPane]:
        return list(self._watches.values())

    def follow(self, watches: Sequence[WatchLine], output: Callable[[int], OutputLog]) -> None:
        """Have a pane for each watch, and none for one that is no longer of interest.

        Args:
            watches: Those of the view.
            output: What a run prints.
        """
        wanted = {watch.run: watch for watch in watches}
        for run in self._watches.keys() - wanted.keys():
            self._drop(run)
        # Those that run stand before those that are over.
        self._watches = {run: self._watches[run] for run in wanted if run in self._watches}
        for run, watch in wanted.items():
            pane = self._watches.get(run) or self._add(run, output(run).file)
            pane.name_it(f"{watch.number} · {watch.title} · {watch.words}")
            if watch.over:
                pane.finished()
                pane.takes_keys = False

    def show(self, *, act: str | None) -> None:
        """Show what there is room for.

        Args:
            act: The title of the act's pane; None leaves the act out.
        """
        self._with_act = act is not None or not self._watches
        self._act.name_it(act or "")
        if self.chosen not in self.panes:
            self._chosen = next(iter(self._watches))
        self.lay_out()

    def lay_out(self) -> None:
        """Fit the panes to the room."""
        panes = self.panes
        found = arrange(self.size.width, self.size.height, len(panes))
        seen = panes[: 1 if self.maximised else found.panes]
        if self.chosen not in seen:
            seen[-1] = self.chosen
        self.styles.grid_size_columns = min(found.columns, len(seen))
        alone = len(seen) % 2 == 1 and found.columns == 2  # the last one has the whole row
        for pane in [self._act, *self._watches.values()]:
            pane.display = pane in seen
            pane.styles.column_span = min(found.columns, len(seen)) if alone and pane is seen[-1] else 1
            pane.set_class(pane is self.chosen and len(seen) > 1, "-chosen")

    def on_resize(self) -> None:
        """Fit the panes to the new room."""
        self.lay_out()
        self.post_message(self.Arranged())

    def choose_act(self) -> None:
        """Choose the act's pane."""
        self._chosen = None

    def next(self) -> None:
        """Choose the next pane."""
        panes = self.panes
        at = (panes.index(self.chosen) + 1) % len(panes)
        self.chosen.end_search()
        self.chosen.unselect()
        pane = panes[at]
        self._chosen = pane.run if isinstance(pane, WatchPane) else None
        self.lay_out()

    def last_lines(self) -> dict[int, str]:
        """The newest line of each watch whose pane is not seen, by run."""
        return {run: pane.last_line() for run, pane in self._watches.items() if not (self.display and pane.display)}

    def take_keyboard_back(self) -> None:
        """Keys are the wizard's again."""
        for pane in [self._act, *self._watches.values()]:
            if pane.takes_keys:
                pane.takes_keys = False

    def _add(self, run: int, file: OutputFile) -> WatchPane:
        pane = self._watches[run] = WatchPane(run)
        self.mount(pane)
        pane.show_file(file)
        return pane

    def _drop(self, run: int) -> None:
        pane = self._watches.pop(run)
        pane.end_search()
        pane.remove()
        if self._chosen == run:
            self._chosen = None


class WatchLines(Static):
    """One line for each watch whose pane is not seen: what it is, what it does, and what it said last."""

    DEFAULT_CSS = "WatchLines { height: auto; display: none; &.-open { display: block; } }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__("", id=id, markup=False)
        self._drawn: tuple[object, ...] = ()
        self.rows = 0
        """How many lines it takes."""

    def draw(self, watches: Sequence[WatchLine], said: dict[int, str], width: int) -> None:
        """Draw those that said something, or could have.

        Args:
            watches: Those of the view.
            said: The last line of each that is to be drawn, by run.
            width: Cells of a line.
        """
        drawn = (*((watch, said[watch.run]) for watch in watches if watch.run in said), width)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        lines = [_line(watch, said[watch.run], width) for watch in watches if watch.run in said]
        self.rows = len(lines)
        self.set_class(bool(lines), "-open")
        self.update(Content("\n").join(lines))


def _line(watch: WatchLine, said: str, width: int) -> Content:
    mark = "!" if watch.over else "●"
    head = safe_text(f" {mark} {watch.number} · {watch.title} · {watch.words}")
    room = width - len(head) - 4
    if room < 10:
        return Content(cut(head, width))
    return Content.assemble(head, (f" │ {cut(safe_text(said), room)}" if said else "", "dim"))
