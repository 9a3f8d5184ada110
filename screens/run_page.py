"""What the run screen looks like: drawn from an engine's messages, and from nothing else."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import RenderableType
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.answering import settle
from screens.driver import Driver, EngineSaid
from screens.guard import KeyGuard
from screens.keys import OUTPUT_KEYS
from screens.lending import Lending
from screens.live_end import show_live_end, show_whole
from screens.page import Outcome
from screens.run_text import (
    closing_page,
    doing_line,
    life_line,
    page_of,
    pinned_of,
    pinned_rows,
    right_of,
    running_text,
)
from screens.showing import Showing
from screens.tiling import TiledPage, draw_tiles, rows_below
from screens.widgets.checklist import Checklist, one_line
from screens.widgets.choices import Choices
from screens.widgets.room import Room
from screens.widgets.stop_now import StopNowLine
from screens.widgets.tiles import Tiles, WatchLines
from wizard.clock import Clock, SystemClock
from wizard.engine import Activity, Finished, ScreenLent, Signs


if TYPE_CHECKING:
    from wizard.engine import Engine
    from wizard.events import Option

WAITING = {
    "question": "Something is asked. Esc goes back to it.",
    "result": "The step has ended. Esc goes back to it.",
    "closed": "The session is over. Esc goes back to it.",
}
"""What is said while the operator is busy with the output and the screen has something else to show."""


class RunPage(TiledPage):
    """Draws what an engine tells. Takes no keys and decides nothing.

    Args:
        engine: Not started yet.
        auto: The engine answers its own questions.
        clock: For durations on the screen.
        ticks: Seconds for the guard against keys typed ahead; tests inject their own.
        after: What the screen before this one left, when the terminal was lent meanwhile.
    """

    WHERE = "run"
    AUTO_FOCUS = ""

    def __init__(
        self,
        engine: "Engine",
        *,
        auto: bool = False,
        clock: Clock | None = None,
        ticks: Callable[[], float] = monotonic,
        after: Lending | None = None,
    ) -> None:
        super().__init__()
        self.driver = Driver(engine, self) if after is None else after.driver
        self.driver.move_to(self)
        self.showing = Showing(engine.situation, engine.state, auto=auto) if after is None else after.showing
        self._lent = False
        self._at_output = after is not None and after.at_output
        self.guard = KeyGuard(ticks)
        self._clock = clock or SystemClock()
        self.run_shown: int | None = None
        self.look_at_output = False
        self.remarked, self.kept = "", False
        self._moving: dict[str, Content] = {}
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
                with VerticalScroll(id="card-scroll", can_focus=False):
                    yield Static("", id="card", markup=False)
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
            self._draw_moving()
            self._make_room()
            return
        if isinstance(message.said, Signs):
            self._beat_drawn = True
            self._draw_moving()
            return
        if isinstance(message.said, Finished):
            self._over(message.said)
        self.draw()

    def lend(self, lend: Callable[[], str | None]) -> None:
        """Give the terminal away; another app goes on from here when it is back."""
        if self._lent:
            return
        self._lent = True
        self.driver.leave_screen()
        secrets = {
            name: value for page in self.app.screen_stack for name, value in getattr(page, "secrets", {}).items()
        }
        self.app.exit(Outcome(0, lending=Lending(self.driver, self.showing, secrets, lend, self.look_at_output)))

    def _over(self, finished: Finished) -> None:
        # A session that is over keeps its last card until it was read; one that is left is left at once.
        if (self.showing.view.closed is None or self.showing.auto) and not self.driver.detaching:
            self.leave(finished.code, finished.sentence)

    def _tick(self) -> None:
        if self.run_shown is not None and self.showing.kind == "running" and not self.held:
            engine = self.driver.engine
            show_live_end(self.tiles.act, engine.output(self.run_shown), engine.tail(self.run_shown))
        beat, self._beat_drawn = self._beat_drawn, False
        if not beat and (self.showing.kind in {"running", "busy"} or self.showing.activity is not None):
            self._draw_moving()
        self.draw_watch_lines()
        self.follow_live_ends(self.driver.engine)

    def fit(self) -> None:
        """Fit everything that is drawn by width."""
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Draw everything."""
        showing = self.showing
        kind, view = showing.kind, showing.view
        self.banner.say(view.title, view.mode, view.target, production=view.production)
        new = self.guard.changed(showing.meaning)
        if new:
            self.remarked, self.kept = "", self.held
            self.look_at_output = self.kept  # who looks at the output goes on looking; what is asked meanwhile waits
            self.remove_class("-steps")
        if new or not self.query_one(Choices).shows(self.options()):
            self._offer()
        self._follow_run()
        output = kind == "running" or self.look_at_output
        self.set_class(output, "-output")
        self.set_class(kind == "running", "-running")
        draw_tiles(self, output=output)
        self.query_one("#card", Static).update(self._page())
        pinned = pinned_of(showing)
        self.query_one("#command", Static).update(pinned or "")
        self.query_one("#command").set_class(pinned is not None, "-open")
        self.query_one(Checklist).draw(view.rows)
        for stop in self.query(StopNowLine):
            stop.draw(view.stop_now if view.closed is None else None)
        tell_all(self)
        self._draw_moving()
        self._make_room()
        self.offer(*keys_without_use(self))
        if new:
            self.query_one("#card-scroll").scroll_home(animate=False)
        self.call_after_refresh(self._drawn, showing.meaning)

    def _drawn(self, meaning: object) -> None:
        self.show_current()
        if meaning == self.showing.meaning:
            self.guard.drawn()

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
        main = self.query_one("#main").size
        below = pinned_rows(self.showing, main.width) + self.has_class("-doing") + self.query_one(Choices).rows
        self.query_one("#card-scroll").styles.max_height = max(3, main.height - below - rows_below(self))

    def _page(self) -> RenderableType:
        if self.showing.kind == "closed":
            return closing_page(self.showing, self.driver.engine.session, str(self.driver.engine.folder))
        return page_of(self.showing)

    def _draw_moving(self) -> None:
        """What changes with time alone."""
        showing = self.showing
        now = self._clock.now()
        number, title, right = right_of(showing, now)
        if showing.kind != "running":
            title, right = "", ""  # the card says it
        self._put("line", one_line(showing.view.rows, number, title, right, self.size.width))
        self._put("running", running_text(showing, now, self.has_class("-wide")))
        life = life_line(showing)
        self._put("life", Content(f" {life}"))
        self.set_class(bool(life), "-life")
        doing = doing_line(showing, self.query_one("#main").size.width)
        self._put("doing", Content.styled(doing, "dim"))
        self.set_class(bool(doing), "-doing")

    def _put(self, place: str, content: Content) -> None:
        """Show a text that changes often; nothing is laid out anew while its lines keep their lengths."""
        before = self._moving.get(place)
        if before != content or before.spans != content.spans:
            self._moving[place] = content
            lengths = [len(line) for line in content.plain.split("\n")]
            same = before is not None and lengths == [len(line) for line in before.plain.split("\n")]
            self.query_one(f"#{place}", Static).update(content, layout=not same)

    def _offer(self) -> None:
        question = self.showing.state.question if self.showing.kind == "question" else None
        choices = self.query_one(Choices)
        choices.offer(question.options if question else (), question.default if question else "")
        choices.set_class(question is not None, "-open")

    def _follow_run(self) -> None:
        runs = self.showing.state.runs
        newest = max((number for number, run in runs.items() if not run.intent.watch), default=None)
        pane = self.tiles.act
        if newest is not None and newest != self.run_shown and not self.held:
            self.run_shown = newest
            self.tiles.choose_act()
            pane.show_file(self.driver.engine.output(newest), apart=runs[newest].intent.stderr_apart)
        if self.run_shown is not None and runs[self.run_shown].ended is not None:
            show_whole(pane, self.driver.engine.output(self.run_shown))
            pane.finished()
            if pane.takes_keys:
                self.take_keyboard_back()

    @property
    def covered(self) -> bool:
        """Whether the list of steps or the last output stands where the card and its question would."""
        return self.look_at_output or (self.has_class("-steps") and not self.has_class("-wide"))

    def uncover(self) -> None:
        """Show the card again. Its question counts as new: a key pressed before it stood there does not answer it."""
        self.guard.changed(None)
        self.look_at_output, self.remarked = False, ""
        self.release()
        self.remove_class("-steps")
        self.call_after_refresh(self.draw)

    def options(self) -> "tuple[Option, ...]":
        """The answers that are offered now."""
        question = self.showing.state.question
        return question.options if question is not None and self.showing.kind == "question" else ()


def keys_without_use(page: RunPage) -> set[str]:
    """Ids of the keys that do nothing as things stand."""
    kind = page.showing.kind
    hidden = {"steps", "output", "evidence"} if kind == "running" else set()
    if page.command_chosen is None:
        hidden |= {"keyboard", "stop-command"}
    if page.run_shown is None and not page.showing.view.watches:
        hidden.add("output")
    if len(page.tiles.panes) < 2 and (page.tiles_seen or not page.showing.view.watches):
        hidden.add("next-pane")
    if not page.has_class("-output"):
        hidden |= OUTPUT_KEYS
    elif page.look_at_output:
        hidden |= {"note", "evidence", "steps"}  # they can be used; the line says what is done with the output
    if page.has_class("-maximised"):
        hidden |= {"note", "evidence", "leave"}  # so that the way back stands there
    if not any(option.id == "undo" for option in page.options()):
        hidden.add("undo")
    if kind == "closed":
        hidden |= {"note", "evidence", "leave"}
    if page.has_class("-wide"):
        hidden.add("steps")
    hidden.add("interrupt")  # F7 stands there and does the same
    return hidden


def tell_all(page: RunPage) -> None:
    """Say what is wrong, what waits, and what came of the last key of the output."""
    showing = page.showing
    waits = WAITING.get(showing.kind, "") if page.kept and page.look_at_output else ""
    wrong = showing.refused or showing.trouble or showing.warned or waits or showing.remark or showing.aside
    page.tell(f"{wrong or showing.told} {page.remarked}".strip(), wrong=bool(wrong))
