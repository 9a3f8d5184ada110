"""The outputs of a session: which run each pane shows, and which of them the operator is at."""

from textual.geometry import Size

from screens.driver import ShownSession
from screens.output.live_end import show_live_end, show_whole
from screens.output.output_pane import OutputPane
from screens.output.output_tools import RecordedOutput
from screens.run.layout import RunLayout, layout_of
from screens.run.showing import Showing
from screens.run.tiles import Tiles, WatchLines, WatchPane
from wizard.session import RunState


class Outputs:
    """Keeps the panes of the act and of the watches at what runs, and knows which one is chosen.

    Args:
        showing: What is shown of the session.
        session: Has the outputs.
    """

    def __init__(self, showing: Showing, session: ShownSession) -> None:
        self._showing = showing
        self._session = session
        self.tiles = Tiles(id="tiles")
        self.lines = WatchLines(id="watches")
        self.run: int | None = None
        """The run whose output stands in the act's pane; None while there is none."""
        self.looked_at = False
        """The last output stands where the card and its question would, although no command runs."""
        self.layout = RunLayout()

    @property
    def pane(self) -> OutputPane:
        """The one that the keys of the output are about."""
        return self.tiles.chosen

    @property
    def run_chosen(self) -> int | None:
        """The run whose output that is."""
        return self.run if self.tiles.run_chosen is None else self.tiles.run_chosen

    @property
    def recorded(self) -> RecordedOutput | None:
        """That output; None while there is none."""
        run = self.run_chosen
        if run is None:
            return None
        return RecordedOutput(run, self._session.output(run).file, self._showing.state.runs[run].asked_at)

    @property
    def command(self) -> RunState | None:
        """The run that can be given the keyboard, or be stopped; None while nothing runs in the chosen pane."""
        run = self._showing.state.runs.get(self.run_chosen or 0)
        return run if run is not None and run.ended is None and self.layout.seen else None

    @property
    def held(self) -> bool:
        """Whether the operator is busy with the output: it stays, since a key meant for it is no answer."""
        watched = isinstance(self.pane, WatchPane) and self.pane.takes_keys
        return watched or self.tiles.maximised or self.pane.searching or self.pane.selecting

    def release(self) -> None:
        """End the search and the marking, and give the rest of the screen back."""
        self.tiles.maximised = False
        self.pane.end_search()
        self.pane.unselect()

    def give_keyboard(self) -> None:
        """Keys are those of the command in the chosen pane."""
        self.pane.takes_keys = True
        self.pane.focus()

    def take_keyboard_back(self) -> None:
        """Keys are the wizard's again."""
        self.tiles.take_keyboard_back()
        self.tiles.screen.set_focus(None)

    def follow(self) -> None:
        """Show the newest run of an act in its pane, unless the operator is busy with another one."""
        runs = self._showing.state.runs
        newest = max((number for number, run in runs.items() if not run.intent.watch), default=None)
        pane = self.tiles.act
        if newest is not None and newest != self.run and not self.held:
            self.run = newest
            self.tiles.choose_act()
            pane.show_file(self._session.output(newest).file, apart=runs[newest].intent.stderr_apart)
        if self.run is not None and runs[self.run].ended is not None:
            show_whole(pane, self._session.output(self.run).file)
            pane.finished()
            if pane.takes_keys:
                self.take_keyboard_back()

    def follow_live_ends(self) -> None:
        """Of outputs that are longer than what is kept, show the live end."""
        session = self._session
        if self.run is not None and self._showing.kind == "running" and not self.held:
            show_live_end(self.tiles.act, session.output(self.run))
        for pane in self.tiles.watch_panes:
            if pane.window.done:
                if pane.note:
                    show_whole(pane, session.output(pane.run).file)
                    pane.finished()
            elif not (self.held and pane is self.pane):
                show_live_end(pane, session.output(pane.run))

    def lay_out(self, terminal: Size, room: Size) -> RunLayout:
        """Show the panes of the act and of the watches; without an act running, of the watches where there is room.

        Args:
            terminal: Its size.
            room: The size of the part in which card and outputs stand.
        """
        view = self._showing.view
        watches = view.watches if view.closed is None else ()
        self.layout = layout_of(
            self._showing,
            run=self.run,
            looked_at=self.looked_at,
            maximised=self.tiles.maximised,
            width=terminal.width,
            height=room.height,
        )
        self.tiles.follow(watches, self._session.output)
        alone = self.layout.beside or (watches and self.run is None)
        self.tiles.show(act=None if alone else self._act_title())
        self.draw_lines(room.width)
        return self.layout

    def draw_lines(self, width: int) -> None:
        """The lines of the watches whose panes are not seen."""
        self.lines.draw(self._showing.view.watches, self.tiles.last_lines(), width)

    @property
    def rows_below(self) -> int:
        """How many rows the card leaves to the watches."""
        return self.lines.rows + (self.tiles.outer_size.height if self.layout.beside else 0)

    def _act_title(self) -> str:
        """Whose output the act's pane shows, where it is not the only one."""
        view, runs = self._showing.view, self._showing.state.runs
        step = runs[self.run].intent.step if self.run is not None and view.watches else ""
        return next((f"{row.number} · {row.title}" for row in view.rows if row.step == step), "")
