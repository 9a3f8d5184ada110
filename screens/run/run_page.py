"""What the run screen looks like: drawn from an engine's messages, and from nothing else."""

from typing import TYPE_CHECKING

from rich.console import RenderableType
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from screens.driver import Driver, EngineSaid, ShownSession
from screens.run.answering import settle
from screens.run.calling import Caller, elsewhere
from screens.run.card_scroll import CardScroll
from screens.run.checklist import Checklist
from screens.run.choices import Choices
from screens.run.fitting import Fitting, share_width
from screens.run.key_availability import unlisted, why_no_effect
from screens.run.lending import Lending
from screens.run.live_end import show_live_end, show_whole
from screens.run.moving import Moving
from screens.run.room import Room
from screens.run.run_text import closing_page, page_of
from screens.run.showing import Showing
from screens.run.stop_now import StopNowLine
from screens.run.tiles import Tiles, WatchLines
from screens.run.tiling import TiledPage, draw_tiles
from screens.shared.key_line import KeyLine
from screens.shared.page import ScreensResult
from screens.shared.words import ends_kept, safe_text
from wizard.clock import Clock, SystemClock
from wizard.engine import Activity, RunHealth, ScreenLent, SessionFinished


if TYPE_CHECKING:
    from collections.abc import Callable

    from screens.keys import Key
    from wizard.record.events import Option

_LEAD = 28
"""Cells of the marked answer in the line of keys."""

TEXT = "That was text: nothing is marked, Enter takes nothing"
"""What the line of keys says of a text that was typed where none is wanted."""


class RunPage(TiledPage):
    """Draws what an engine tells. Takes no keys and decides nothing.

    Args:
        engine: Not started yet.
        auto: The engine answers its own questions.
        clock: For durations on the screen.
        after: What the screen before this one left, when the terminal was lent meanwhile.
    """

    WHERE = "run"
    AUTO_FOCUS = ""

    def __init__(
        self,
        engine: ShownSession,
        *,
        auto: bool = False,
        clock: Clock | None = None,
        after: Lending | None = None,
    ) -> None:
        super().__init__()
        self.driver = Driver(engine, self) if after is None else after.driver
        self.driver.move_to(self)
        self.showing = Showing(engine.plan_input, engine.state, auto=auto) if after is None else after.showing
        self._lent = False
        self._at_output = after is not None and after.at_output
        self._clock = clock or SystemClock()
        self.render_run: int | None = None
        self.remarked, self.kept = "", False
        self._moving = Moving(self)
        self._caller = Caller(self, self._clock)
        self._fitting = Fitting(self)
        self._beat_drawn = False
        self._list_at = (0, 0)

    def compose_page(self) -> ComposeResult:
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
                yield Choices(id="choices")
                yield Static("", id="running", markup=False)
                yield Static("", id="life", markup=False)
                yield Tiles(id="tiles")
                yield WatchLines(id="watches")
        yield StopNowLine(lines=1, id="stop")

    def on_mount(self) -> None:
        """Draw the state the engine starts from, then start it."""
        self.draw()
        if self._at_output:
            self.look_at_output = True
            self.draw()
        self.set_interval(1.0, self._tick)
        self.driver.start()

    def on_engine_said(self, message: EngineSaid) -> None:
        """Draw what happened."""
        message.stop()
        if self._lent:
            return  # the next screen draws it
        self.driver.taken()
        self.showing.take(message.said)
        if isinstance(message.said, ScreenLent):
            self.lend(self.driver.lend)
            return
        if settle(self.app.screen, message.said):
            self.showing.refused = ""
        if isinstance(message.said, Activity):  # many in a second where a rehearsal polls
            self._moving.draw(self._clock.now())
            self._fitting.lay_out()
            return
        if isinstance(message.said, RunHealth):
            self._beat_drawn = True
            self._moving.draw(self._clock.now())
            return
        if isinstance(message.said, SessionFinished):
            self._over(message.said)
        self.draw()

    def lend(self, lend: "Callable[[], str | None]") -> None:
        """Give the terminal away; another app goes on from here when it is back."""
        if self._lent:
            return
        self._lent = True
        self.driver.leave_screen()
        secrets = {
            name: value for page in self.app.screen_stack for name, value in getattr(page, "secrets", {}).items()
        }
        self.app.exit(
            ScreensResult(0, lending=Lending(type(self), self.driver, self.showing, secrets, lend, self.look_at_output))
        )

    def _over(self, finished: SessionFinished) -> None:
        # A session that is over keeps its last card until it was read; one that is left is left at once.
        if (self.showing.view.closed is None or self.showing.auto) and not self.driver.detaching:
            self.leave(finished.code, finished.sentence)

    def _tick(self) -> None:
        if self.render_run is not None and self.showing.kind == "running" and not self.held:
            show_live_end(self.tiles.act, self.driver.engine.output(self.render_run))
        beat, self._beat_drawn = self._beat_drawn, False
        if not beat:
            self._moving.draw(self._clock.now())
        self.draw_watch_lines()
        self.follow_live_ends(self.driver.engine)

    def fit(self) -> None:
        """Fit everything that is drawn by width."""
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Draw everything."""
        showing = self.showing
        kind, view = showing.kind, showing.view
        self.banner.say(view.title, self.mode_told, view.target, production=view.production)
        new = self.guard.changed(showing.meaning)
        if new:
            self.remarked, self.kept = "", self.held
            self.look_at_output = self.kept  # who looks at the output goes on looking; what is asked meanwhile waits
        if new or not self.query_one(Choices).shows(self.options()):
            self._offer()
        self._follow_run()
        share_width(self)
        output = (kind == "running" and not self.has_class("-split")) or self.look_at_output
        self.set_class(output, "-output")
        self.set_class(kind == "running", "-running")
        draw_tiles(self, output=output)
        self._fitting.show(self._page())
        self.query_one(Checklist).draw(view.rows)
        for stop in self.query(StopNowLine):
            stop.draw(view.stop_now if view.closed is None else None)
        tell_all(self)
        self._caller.call()
        self._moving.draw(self._clock.now())
        self._fitting.lay_out()
        self.offer(*unlisted(self))
        self.lead()
        if new:
            self.query_one("#card-scroll").scroll_home(animate=False, immediate=True)
        self.call_after_refresh(self._drawn, showing.meaning)

    def _drawn(self, meaning: object) -> None:
        self.show_current()
        if meaning == self.showing.meaning:
            self.seen()

    def show_current(self) -> None:
        """Scroll the list to where we are; once it is looked at, it stays where it is until the step changes."""
        card = self.showing.view.card
        scroll = self.query_one("#list")
        if card is not None and scroll.size.height:
            at = (card.number, scroll.size.height)
            if at != self._list_at:
                self._list_at = at
                line = self.query_one(Checklist).line_of(card.number)
                scroll.scroll_to(y=max(0, line - scroll.size.height // 2), animate=False)

    @on(Room.Changed)
    def _make_room(self) -> None:
        """The card takes what stands below it leaves."""
        self._fitting.lay_out()

    @on(CardScroll.Scrolled)
    def _tell_more(self, message: CardScroll.Scrolled) -> None:
        message.stop()
        self._fitting.tell_more()

    def _page(self) -> RenderableType:
        if self.showing.kind == "closed":
            return closing_page(self.showing, self.driver.engine.session, str(self.driver.engine.folder))
        return page_of(self.showing)

    def _offer(self) -> None:
        question = self.showing.state.question if self.showing.kind == "question" else None
        choices = self.query_one(Choices)
        choices.offer(question.options if question else (), question.default if question else "")
        choices.set_class(question is not None, "-open")

    def remark_default(self) -> None:
        """Mark what is marked from the start."""
        self._offer()
        self.lead()

    def unmark(self) -> None:
        """Mark nothing, so that Enter takes nothing."""
        self.query_one(Choices).unmark()
        self.lead()

    def misplaced(self) -> None:
        """A text was typed where none is wanted: the line of keys says what that did."""
        self.unmark()
        self.say("")
        self.lead(TEXT)

    def why_not(self, key: "Key") -> str:
        """Why the key does nothing as things stand."""
        return why_no_effect(self, key)

    def say(self, sentence: str) -> None:
        """Say what came of a key; it stands there until the next one, or until something is asked."""
        self.remarked = sentence
        tell_all(self)

    def lead(self, words: str = "") -> None:
        """Say in the line of keys what Enter does, or the words that say why it does nothing."""
        self.query_one(KeyLine).lead_with(words or enter_words(self))

    def _follow_run(self) -> None:
        runs = self.showing.state.runs
        newest = max((number for number, run in runs.items() if not run.intent.watch), default=None)
        pane = self.tiles.act
        if newest is not None and newest != self.render_run and not self.held:
            self.render_run = newest
            self.tiles.choose_act()
            pane.show_file(self.driver.engine.output(newest).file, apart=runs[newest].intent.stderr_apart)
        if self.render_run is not None and runs[self.render_run].ended is not None:
            show_whole(pane, self.driver.engine.output(self.render_run).file)
            pane.finished()
            if pane.takes_keys:
                self.take_keyboard_back()

    def on_screen_suspend(self) -> None:
        """Something else stands in front."""
        self.lead()

    def uncover(self) -> None:
        """Show the card again. Its question counts as new: a key pressed before it stood there does not answer it."""
        self.guard.changed(None)
        self.look_at_output, self.remarked = False, ""
        self.release()
        self.call_after_refresh(self.draw)

    def options(self) -> "tuple[Option, ...]":
        """The answers that are offered now."""
        question = self.showing.state.question
        return question.options if question is not None and self.showing.kind == "question" else ()


def enter_words(page: RunPage) -> str:
    """What Enter does now; where something else is shown, that a person is waited for."""
    if page.waits and elsewhere(page):
        return f"! {page.waits}." if page.pane.searching else f"! {page.waits}. Esc goes back."
    match page.showing.kind:
        case _ if page.covered or page.has_class("-output"):
            return ""
        case "question":
            marked = page.query_one(Choices).marked
            return f"Enter: {ends_kept(safe_text(marked.label), _LEAD)}" if marked is not None else "Nothing is marked"
        case "result":
            return "Enter: go on"
        case _:
            return ""


def tell_all(page: RunPage) -> None:
    """Say what is wrong, and what came of the last key of the output."""
    showing = page.showing
    wrong = showing.refused or showing.trouble or showing.warned or showing.remark or showing.aside
    page.tell(f"{wrong or showing.told} {page.remarked}".strip(), wrong=bool(wrong))
