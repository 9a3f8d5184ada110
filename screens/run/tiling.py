"""When which outputs are seen: the act's while it runs, and the watches' beside it, below the card, or as lines."""

from typing import TYPE_CHECKING

from textual import on

from screens.output.output_pane import OutputPane
from screens.run.calling import what_waits
from screens.run.live_end import show_live_end, show_whole
from screens.run.showing import Showing
from screens.run.stopping import stop_label
from screens.run.tiles import Tiles, WatchLines, WatchPane
from screens.shared.key_line import KeyLine
from screens.shared.page import Page


if TYPE_CHECKING:
    from screens.driver import ShownSession
    from screens.run.run_page import RunPage


_ROOMY = 28
"""Rows of the screen's main part from which the watches' panes stand below the card."""


class TiledPage(Page[None]):
    """A page with several outputs, of which one is chosen.

    Attributes:
        showing: What the page shows.
        render_run: The run whose output stands in the act's pane; None while there is none.
        look_at_output: The last output is looked at although no command runs.
    """

    showing: Showing
    render_run: int | None
    look_at_output = False

    def offer(self, *hidden: str) -> None:
        """Draw the line of keys without those that cannot be used now; it names the command that would be stopped."""
        run = self.showing.state.runs.get(self.command_chosen or 0)
        self.query_one(KeyLine).relabel("stop-command", stop_label(run))
        super().offer(*hidden)

    @property
    def mode_told(self) -> str:
        """The mode in the words of the first line."""
        return self.showing.view.mode

    @property
    def waits(self) -> str:
        """What a person is waited for, in words."""
        return what_waits(self.showing)

    @property
    def covered(self) -> bool:
        """Whether the last output stands where the card and its question would."""
        return self.look_at_output

    @on(Tiles.Arranged)
    def _arranged(self, message: Tiles.Arranged) -> None:
        message.stop()
        self.draw_watch_lines()

    def draw_watch_lines(self) -> None:
        """The lines of the watches whose panes are not seen."""
        width = self.query_one("#main").size.width
        self.query_one(WatchLines).draw(self.showing.view.watches, self.tiles.last_lines(), width)

    def follow_live_ends(self, engine: "ShownSession") -> None:
        """Of outputs that are longer than what is kept, watches show the live end."""
        for pane in self.tiles.watch_panes:
            if pane.window.done:
                if pane.note:
                    show_whole(pane, engine.output(pane.run).file)
                    pane.finished()
            elif not (self.held and pane is self.pane):
                show_live_end(pane, engine.output(pane.run))

    @property
    def pane(self) -> OutputPane:
        """The output that the keys of the output are about."""
        return self.tiles.chosen

    @property
    def tiles(self) -> Tiles:
        """All outputs."""
        return self.query_one("#tiles", Tiles)

    @property
    def tiles_seen(self) -> bool:
        """Whether outputs are on the screen, with the card or in its place."""
        return self.has_class("-output") or self.has_class("-beside") or self.has_class("-split")

    @property
    def run_chosen(self) -> int | None:
        """The run whose output the keys of the output are about."""
        return self.render_run if self.tiles.run_chosen is None else self.tiles.run_chosen

    @property
    def command_chosen(self) -> int | None:
        """The run that can be given the keyboard, or be stopped; None while nothing runs in the chosen pane."""
        run = self.showing.state.runs.get(self.run_chosen or 0)
        return run.intent.run if run is not None and run.ended is None and self.tiles_seen else None

    @property
    def held(self) -> bool:
        """Whether the operator is busy with the output: it stays, since a key meant for it is no answer."""
        watched = isinstance(self.pane, WatchPane) and self.pane.takes_keys
        return watched or self.has_class("-maximised") or self.pane.searching or self.pane.selecting

    def release(self) -> None:
        """End the search and the marking, and give the rest of the screen back."""
        self.remove_class("-maximised")
        self.pane.end_search()
        self.pane.unselect()

    def take_keyboard_back(self) -> None:
        """Keys are the wizard's again."""
        self.tiles.take_keyboard_back()
        self.set_focus(None)


def draw_tiles(page: "RunPage", *, output: bool) -> None:
    """The panes of the act and of the watches; without an act running, those of the watches where there is room.

    Args:
        page: Has them.
        output: Output stands in the place of the card.
    """
    view = page.showing.view
    watches = view.watches if view.closed is None else ()
    page.tiles.follow(watches, page.driver.engine.output)
    beside = bool(watches) and not output and page.query_one("#main").size.height >= _ROOMY
    page.set_class(beside, "-beside")
    page.tiles.show(act=None if beside or (watches and page.render_run is None) else _act_title(page))
    page.draw_watch_lines()


def rows_below(page: "RunPage") -> int:
    """How many rows the card leaves to the watches."""
    return page.query_one(WatchLines).rows + (page.tiles.outer_size.height if page.has_class("-beside") else 0)


def _act_title(page: "RunPage") -> str:
    """Whose output the act's pane shows, where it is not the only one."""
    view, run = page.showing.view, page.render_run
    step = page.showing.state.runs[run].intent.step if run is not None and view.watches else ""
    return next((f"{row.number} · {row.title}" for row in view.rows if row.step == step), "")
