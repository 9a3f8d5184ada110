"""The run screen: one step at a time, its checks, its command live, and what it left."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.answering import answer_with
from screens.dialogs import AskEvidence, AskText, Choose
from screens.driver import Driver, EngineSaid
from screens.guard import KeyGuard
from screens.keys import bindings_of, key_of
from screens.page import Page
from screens.run_text import closing_page, doing_line, page_of, right_of, running_text
from screens.showing import Showing
from screens.widgets.checklist import Checklist, one_line
from screens.widgets.choices import Choices
from screens.widgets.output_pane import OutputPane
from screens.widgets.stop_now import StopNowLine
from wizard.clock import Clock, SystemClock
from wizard.engine import AddEvidence, AddNote, Finished, Intention, Leave, ResizePane, StopCommand, TypeKeys


if TYPE_CHECKING:
    from wizard.engine import Engine
    from wizard.events import Evidence, Option
    from wizard.session import Answer


class RunScreen(Page[None]):
    """Draws what an engine tells, and hands it what the operator wants. Decides nothing.

    Args:
        engine: Not started yet.
        auto: The engine answers its own questions.
        clock: For durations on the screen.
        ticks: Seconds for the guard against keys typed ahead; tests inject their own.
    """

    WHERE = "run"
    BINDINGS = bindings_of("run")
    AUTO_FOCUS = ""

    def __init__(
        self,
        engine: "Engine",
        *,
        auto: bool = False,
        clock: Clock | None = None,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__()
        self.driver = Driver(engine, self)
        self.showing = Showing(engine.situation, engine.state, auto=auto)
        self.guard = KeyGuard(ticks)
        self._clock = clock or SystemClock()
        self._run_shown: int | None = None
        self._look_at_output = False

    def compose_page(self) -> ComposeResult:
        """One-line checklist; beside each other the list and the card or the output; what stopping would mean."""
        yield Static("", id="line", markup=False)
        with Horizontal(id="body"):
            with Vertical(id="side"):
                with VerticalScroll(id="list", can_focus=False):
                    yield Checklist(id="checklist")
                yield StopNowLine(lines=8, id="stop-side")
            with Vertical(id="main"):
                with VerticalScroll(id="card-scroll", can_focus=False):
                    yield Static("", id="card", markup=False)
                yield Static("", id="doing", markup=False)
                yield Choices(id="choices")
                yield Static("", id="running", markup=False)
                yield OutputPane(id="pane")
        yield StopNowLine(lines=1, id="stop")

    def on_mount(self) -> None:
        """Draw the state the engine starts from, then start it."""
        self._draw()
        self.set_interval(1.0, self._tick)
        self.driver.start()

    def on_engine_said(self, message: EngineSaid) -> None:
        """Draw what happened."""
        message.stop()
        self.showing.take(message.said)
        if isinstance(message.said, Finished):
            self._over(message.said)
        self._draw()

    def _over(self, finished: Finished) -> None:
        # A session that is over keeps its last card until it was read; one that is left is left at once.
        if self.showing.view.closed is None or self.showing.auto:
            self.leave(finished.code, finished.sentence)

    def _tick(self) -> None:
        if self.showing.kind in {"running", "busy"} or self.showing.activity is not None:
            self._draw_moving()

    def fit(self) -> None:
        """Fit everything that is drawn by width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        showing = self.showing
        kind, view = showing.kind, showing.view
        self.banner.say(view.title, view.mode, view.target, production=view.production)
        new = self.guard.changed(showing.meaning)
        if new:
            self._look_at_output = False
            self._offer()
        self._follow_run()
        output = kind == "running" or self._look_at_output
        self.set_class(output, "-output")
        self.set_class(kind == "running", "-running")
        self.query_one("#card", Static).update(self._page())
        self.query_one(Checklist).draw(view.rows)
        for stop in self.query(StopNowLine):
            stop.draw(view.stop_now if view.closed is None else None)
        self.tell(showing.refused or showing.trouble, wrong=True)
        self._draw_moving()
        self._make_room()
        self.offer(*self._unusable())
        if new:
            self.query_one("#card-scroll").scroll_home(animate=False)
        self.call_after_refresh(self._drawn, showing.meaning)

    def _drawn(self, meaning: object) -> None:
        if meaning == self.showing.meaning:
            self.guard.drawn()

    def _make_room(self) -> None:
        """The card takes what the answers below it leave."""
        doing = 1 if self.has_class("-doing") else 0
        room = self.query_one("#main").size.height - self.query_one(Choices).rows - doing
        self.query_one("#card-scroll").styles.max_height = max(3, room)

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
        self.query_one("#line", Static).update(one_line(showing.view.rows, number, title, right, self.size.width))
        self.query_one("#running", Static).update(running_text(showing, now, self.has_class("-wide")))
        doing = doing_line(showing)
        self.query_one("#doing", Static).update(Content.styled(doing, "dim"))
        self.set_class(bool(doing), "-doing")

    def _offer(self) -> None:
        question = self.showing.state.question if self.showing.kind == "question" else None
        choices = self.query_one(Choices)
        choices.offer(question.options if question else (), question.default if question else "")
        choices.set_class(question is not None, "-open")

    def _follow_run(self) -> None:
        runs = self.showing.state.runs
        newest = max(runs) if runs else None
        pane = self.query_one(OutputPane)
        if newest is not None and newest != self._run_shown:
            self._run_shown = newest
            pane.show_file(self.driver.engine.output(newest))
        if newest is not None and runs[newest].ended is not None:
            pane.finished()
            if pane.takes_keys:
                self._take_keyboard_back()

    def _unusable(self) -> set[str]:
        kind = self.showing.kind
        hidden = {"keyboard", "stop-command"} if kind != "running" else {"steps", "output", "evidence"}
        if self._run_shown is None:
            hidden.add("output")
        if not any(option.id == "undo" for option in self._options()):
            hidden.add("undo")
        if kind == "closed":
            hidden |= {"note", "evidence", "leave"}
        if self.has_class("-wide"):
            hidden.add("steps")
        hidden.add("interrupt")  # F7 stands there and does the same
        return hidden

    def _options(self) -> "tuple[Option, ...]":
        question = self.showing.state.question
        return question.options if question is not None and self.showing.kind == "question" else ()

    def submit(self, intention: "Intention") -> None:
        """Hand an intention to the engine."""
        self.showing.refused = ""
        self.driver.submit(intention)

    def action_enter(self) -> None:
        """Take the marked answer, or acknowledge what is shown."""
        if not self.guard.ready:
            return
        match self.showing.kind:
            case "result":
                self.showing.acknowledge()
                self._draw()
            case "closed" if self.showing.finished is not None:
                self.leave(self.showing.finished.code, self.showing.finished.sentence)
            case "question":
                marked = self.query_one(Choices).marked
                if marked is None:
                    self.tell("Nothing is marked here: press the key of an answer, or mark one with the arrows.")
                else:
                    self._answer(marked)
            case _:
                return

    def action_answer(self, key_id: str) -> None:
        """Answer with the option that the key stands for, when it is offered."""
        option = next((option for option in self._options() if option.id in key_of(key_id).answers), None)
        if option is not None and self.guard.ready:
            self._answer(option)

    def _answer(self, option: "Option") -> None:
        question = self.showing.state.question
        if question is None:
            return

        def submit(answer: "Answer") -> None:
            if option.needs == "secret":
                self.secrets[question.name or "secret"] = answer.text
            self.submit(answer)

        answer_with(self.app, question, option, submit)

    def action_mark(self, by: int) -> None:
        """Move the mark among the answers, or scroll where there are none."""
        if self._look_at_output or not self._options():
            self.action_turn(by)
        else:
            self.query_one(Choices).move(by)

    def action_turn(self, by: int) -> None:
        """Scroll what is shown by a page."""
        seen = self.query_one(OutputPane) if self.has_class("-output") else self.query_one("#card-scroll")
        (seen.scroll_page_down if by > 0 else seen.scroll_page_up)(animate=False)

    def action_steps(self) -> None:
        """Show the whole list, or the card again."""
        self.toggle_class("-steps")

    def action_output(self) -> None:
        """Show the last command's output, or the card again."""
        if self._run_shown is not None and self.showing.kind != "running":
            self._look_at_output = not self._look_at_output
            self.set_class(self._look_at_output, "-output")

    def action_keyboard(self) -> None:
        """Give the keyboard to the running command."""
        if self.showing.kind == "running":
            pane = self.query_one(OutputPane)
            pane.takes_keys = True
            pane.focus()

    def _take_keyboard_back(self) -> None:
        self.query_one(OutputPane).takes_keys = False
        self.set_focus(None)

    def on_output_pane_left(self, message: OutputPane.Left) -> None:
        """The operator took the keyboard back."""
        message.stop()
        self._take_keyboard_back()

    def on_output_pane_keys_typed(self, message: OutputPane.KeysTyped) -> None:
        """Keys for the command."""
        message.stop()
        self.driver.submit(TypeKeys(message.data))

    def on_output_pane_resized(self, message: OutputPane.Resized) -> None:
        """The command's window has another size."""
        message.stop()
        self.driver.submit(ResizePane(message.columns, message.rows))

    def action_note(self) -> None:
        """Ask for a remark."""
        if self.showing.kind == "closed":
            return

        def add(text: str | None) -> None:
            if text is not None:
                self.submit(AddNote(text))

        self.app.push_screen(AskText("A note for the record"), add)

    def action_evidence(self) -> None:
        """Ask for evidence."""
        if self.showing.kind == "closed":
            return

        def add(evidence: "Evidence | None") -> None:
            if evidence is not None:
                self.submit(AddEvidence(evidence))

        self.app.push_screen(AskEvidence("Evidence for the record"), add)

    def action_stop_command(self) -> None:
        """Ask whether the running command shall be stopped."""
        if self.showing.kind != "running":
            return

        def stop(way: str | None) -> None:
            if way == "stop":
                self.submit(StopCommand())

        ways = (("stay", "Let it run"), ("stop", "Stop it: interrupt, then terminate, then kill"))
        self.app.push_screen(Choose("Stop the running command?", "Half of what it does may be done.", ways), stop)

    def action_leave(self) -> None:
        """Pause and leave; while a command runs, ask first."""
        self.action_interrupt()

    def action_interrupt(self) -> None:
        """Pause and leave; while a command runs, ask first."""
        if self.showing.finished is not None:
            self.leave(self.showing.finished.code, self.showing.finished.sentence)
        elif self.showing.kind == "running":
            self._ask_about_running()
        elif self.showing.view.closed is None:
            self.submit(Leave())

    def _ask_about_running(self) -> None:
        ways = (
            ("stay", "Stay here"),
            ("leave", "Leave it running; uplevel resume finds it again, with its output and exit"),
            ("stop", "Stop it: interrupt, then terminate, then kill"),
        )

        def go(way: str | None) -> None:
            if way == "leave":
                self.submit(Leave())
            elif way == "stop":
                self.submit(StopCommand())

        self.app.push_screen(Choose("A command is running", "It does not need uplevel to go on.", ways), go)
