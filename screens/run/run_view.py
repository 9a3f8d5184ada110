"""What a session looks like between the first line of the screen and the last ones: list, card, answers and outputs."""

from rich.console import RenderableType
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Static

from screens.driver import ShownSession
from screens.output.output_pane import OutputPane
from screens.run.card_scroll import CardScroll
from screens.run.checklist import Checklist
from screens.run.choices import Choices
from screens.run.clock_lines import Moving
from screens.run.fitting import Fitting, share_width
from screens.run.outputs import Outputs
from screens.run.room import Room
from screens.run.run_text import closing_page, page_of
from screens.run.showing import Showing
from screens.run.stop_now import StopNowLine
from screens.run.tiles import Tiles, WatchPane
from wizard.clock import Clock
from wizard.engine import ResizePane, TypeKeys


_NARROWEST = 80
"""Columns that a watch is told it has, at least."""


class RunView(Vertical):
    """Draws what is shown of a session, and the outputs. Takes no keys and decides nothing.

    Args:
        showing: What to draw.
        session: Where it is recorded.
        clock: For durations.
    """

    class Intended(Message):
        """A pane has something for its command: keys, or another size.

        Args:
            intention: What the engine is to do.
        """

        def __init__(self, intention: TypeKeys | ResizePane) -> None:
            super().__init__()
            self.intention = intention

    def __init__(self, showing: Showing, session: ShownSession, clock: Clock) -> None:
        super().__init__()
        self._showing = showing
        self._session = session
        self._clock = clock
        self.outputs = Outputs(showing, session)
        self.choices = Choices(id="choices")
        self._fitting = Fitting(self, showing, lambda: self.outputs.rows_below)
        self._moving = Moving(self, showing)
        self._moved = False
        self._list_at = (0, 0)

    def compose(self) -> ComposeResult:
        """One-line checklist; beside each other the list and the card or the output; what stopping would mean."""
        yield Static("", id="line", markup=False)
        with Horizontal(id="body"):
            with Vertical(id="side"):
                with VerticalScroll(id="list", can_focus=False):
                    yield Checklist(id="checklist")
                yield StopNowLine(lines=8, id="stop-side")
            with Room(id="main"):
                with CardScroll(id="card-scroll", can_focus=False):
                    yield Static("", id="card", markup=False)
                yield Static("", id="more", markup=False)
                yield Static("", id="command", markup=False)
                yield Static("", id="doing", markup=False)
                yield self.choices
                yield Static("", id="running", markup=False)
                yield Static("", id="life", markup=False)
                yield self.outputs.tiles
                yield self.outputs.lines
        yield StopNowLine(lines=1, id="stop")

    def on_mount(self) -> None:
        """Draw what changes with time alone."""
        self.set_interval(1.0, self._tick)

    def _tick(self) -> None:
        moved, self._moved = self._moved, False
        if not moved:
            self._moving.draw(self._clock.now())
        self.outputs.draw_lines(self.query_one("#main").size.width)
        self.outputs.follow_live_ends()

    def draw(self) -> None:
        """Draw everything."""
        showing, outputs = self._showing, self.outputs
        outputs.follow()
        layout = outputs.lay_out(self.app.size, self.query_one("#main").size)
        self.update_classes(  # at once, for each change styles everything below anew
            {
                "-output": layout.output,
                "-split": layout.split,
                "-beside": layout.beside,
                "-maximised": outputs.tiles.maximised,
                "-running": showing.kind == "running",
            }
        )
        share_width(self, showing)
        self._moving.draw(self._clock.now())
        self._fitting.show(self._card())
        self.query_one(Checklist).draw(showing.view.rows)
        for stop in self.query(StopNowLine):
            stop.draw(showing.view.stop_now if showing.view.closed is None else None)

    def draw_signs(self) -> None:
        """Draw how the running command is doing; the time is drawn with it."""
        self._moved = True
        self._moving.draw(self._clock.now())

    def draw_operation(self) -> None:
        """Draw what the engine is doing between events, which takes a row from the card."""
        self._moving.draw(self._clock.now())
        self._fitting.lay_out()

    def _card(self) -> RenderableType:
        if self._showing.kind == "closed":
            return closing_page(self._showing, self._session.session, str(self._session.folder))
        return page_of(self._showing)

    def show_beginning(self) -> None:
        """Scroll the card to its first line."""
        self.query_one("#card-scroll").scroll_home(animate=False, immediate=True)

    def show_current(self) -> None:
        """Scroll the list to where we are; once it is looked at, it stays where it is until the step changes."""
        card = self._showing.view.card
        scroll = self.query_one("#list")
        if card is not None and scroll.size.height:
            at = (card.number, scroll.size.height)
            if at != self._list_at:
                self._list_at = at
                line = self.query_one(Checklist).line_of(card.number)
                scroll.scroll_to(y=max(0, line - scroll.size.height // 2), animate=False)

    def turn(self, by: int) -> None:
        """Scroll what is shown by a page."""
        if self.outputs.layout.output:
            self.outputs.pane.action_scroll_pages(by)
            return
        card = self.query_one("#card-scroll")
        (card.scroll_page_down if by > 0 else card.scroll_page_up)(animate=False)

    @on(Room.Changed)
    def _make_room(self) -> None:
        """The card takes what stands below it leaves."""
        self._fitting.lay_out()

    @on(CardScroll.Scrolled)
    def _tell_more(self, message: CardScroll.Scrolled) -> None:
        message.stop()
        self._fitting.tell_more()

    @on(Tiles.Arranged)
    def _arranged(self, message: Tiles.Arranged) -> None:
        message.stop()
        self.outputs.draw_lines(self.query_one("#main").size.width)

    @on(OutputPane.Left)
    def _left(self, message: OutputPane.Left) -> None:
        """The operator took the keyboard back."""
        message.stop()
        self.outputs.take_keyboard_back()

    @on(OutputPane.KeysTyped)
    def _keys_typed(self, message: OutputPane.KeysTyped) -> None:
        message.stop()
        self.post_message(self.Intended(TypeKeys(message.data)))

    @on(WatchPane.Typed)
    def _typed_to_watch(self, message: WatchPane.Typed) -> None:
        message.stop()
        self.post_message(self.Intended(TypeKeys(message.data, message.run)))

    @on(OutputPane.Resized)
    def _resized(self, message: OutputPane.Resized) -> None:
        message.stop()
        self.post_message(self.Intended(ResizePane(message.columns, message.rows)))

    @on(WatchPane.Sized)
    def _watch_resized(self, message: WatchPane.Sized) -> None:
        message.stop()
        self.post_message(self.Intended(ResizePane(max(_NARROWEST, message.columns), message.rows, message.run)))
