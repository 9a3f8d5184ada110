"""The run screen: one step at a time, its checks, its command live, and what it left."""

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from screens.driver import Driver, EngineSaid, ShownSession
from screens.keys import Key
from screens.output.output_pane import OutputPane
from screens.output.output_search import SearchField
from screens.output.output_tools import OutputTools
from screens.output.tool_keys import PANE_KEYS
from screens.run.answer_dialogs import settle
from screens.run.answers import Answers
from screens.run.attention import what_waits
from screens.run.choices import Choices
from screens.run.intentions import Intentions
from screens.run.key_availability import unlisted, why_no_effect
from screens.run.observe import ObserveScreen
from screens.run.opening_observer import ObserverReady, open_observer
from screens.run.presenter import SessionPresenter
from screens.run.run_keys import ABOUT_ANSWERS, RUN_KEYS
from screens.run.run_view import RunView
from screens.run.showing import Showing
from screens.run.stop_target import stop_label
from screens.run.terminal_loan import TerminalLoan
from screens.shared.key_line import KeyLine
from screens.shared.page import Page
from wizard.engine import Activity, Intention, ObserveOther, RunHealth, ScreenLent, SessionFinished, Update
from wizard.errors import UplevelError


if TYPE_CHECKING:
    from screens.run.lending import Lending
    from wizard.clock import Clock


TEXT = "That was text: nothing is marked, Enter takes nothing"
"""What the line of keys says of a text that was typed where none is wanted."""


class RunScreen(Page[None]):
    """Puts the parts of the run screen together: what the engine says goes down to them, what is wanted up to it.

    Args:
        engine: Not started yet.
        auto: The engine answers its own questions.
        clock: For durations on the screen.
        after: What the screen before this one left, when the terminal was lent meanwhile.
    """

    WHERE = "run"
    AUTO_FOCUS = ""
    KEYS = RUN_KEYS
    WIDGET_KEYS = PANE_KEYS
    ABOUT = ABOUT_ANSWERS

    def __init__(
        self,
        engine: ShownSession,
        *,
        auto: bool = False,
        clock: "Clock | None" = None,
        after: "Lending | None" = None,
    ) -> None:
        super().__init__()
        self.driver = Driver(engine, self) if after is None else after.driver
        self.driver.move_to(self)
        self.showing = Showing(engine.plan_input, engine.state, auto=auto) if after is None else after.showing
        self._after = after
        self.secrets.update({} if after is None else after.secrets)
        self.presenter = SessionPresenter(self, self.showing, engine, self.draw, clock=clock)
        self.outputs = self.presenter.outputs
        self.answers = Answers(self.presenter.view.choices, self.showing, self, self.secrets, self.submit)
        self._intentions = Intentions(self.showing, self.outputs, self, self.submit)
        self._tools = OutputTools(self.outputs, self)
        self.loan = TerminalLoan(self, RunScreen, self.driver, self.showing, self.outputs)
        self.parts = {
            "view": self.presenter,
            "outputs": self.outputs,
            "output": self._tools,
            "session": self._intentions,
            "terminal": self.loan,
        }

    def compose_page(self) -> ComposeResult:
        yield self.presenter.view

    def on_mount(self) -> None:
        """Draw the state the engine starts from, then start it."""
        self.draw()
        if self._after is not None and self._after.at_output:
            self.presenter.cover()
        self.driver.start()

    def submit(self, intention: Intention) -> None:
        """Hand an intention to the engine."""
        self.showing.refused = ""
        self.driver.submit(intention)

    def on_engine_said(self, message: EngineSaid) -> None:
        """Draw what happened."""
        message.stop()
        if not self.driver.heard:
            return  # the next screen draws it
        self.driver.taken()
        said = message.said
        self.showing.take(said)
        if settle(self.app.screen, said):
            self.showing.refused = ""
        match said:
            case ScreenLent():
                self.loan.lend(self.driver.lend)
            case Activity():  # many in a second where a rehearsal polls
                self.presenter.view.draw_operation()
            case RunHealth():
                self.presenter.view.draw_signs()
            case SessionFinished():
                self._over(said)
                self.draw()
            case ObserveOther(folder=folder):
                self.draw()
                open_observer(self, folder)
            case Update() if self.guard.means(self.showing.meaning) and self.driver.changes_follow:
                pass  # it is drawn with the last of them; what gives keys another meaning is drawn at once
            case _:
                self.draw()

    def _over(self, finished: SessionFinished) -> None:
        # A session that is over keeps its last card until it was read; one that is left is left at once.
        if (self.showing.view.closed is None or self.showing.auto) and not self.driver.detaching:
            self.leave(finished.code, finished.sentence)

    def draw(self) -> None:
        """Draw everything."""
        new = self.presenter.is_new()
        self.answers.follow(new=new)
        self.presenter.draw(new=new)
        self.query_one(KeyLine).relabel("stop-command", stop_label(self.outputs.command))
        self.offer(*unlisted(self.showing, self.outputs))
        self.lead()

    def fit(self) -> None:
        """Fit everything that is drawn by width."""
        self.call_after_refresh(self.draw)

    def lead(self, words: str = "") -> None:
        """Say in the line of keys what Enter does, or the words that say why it does nothing."""
        self.query_one(KeyLine).lead_with(words or self._enter_words())

    def _enter_words(self) -> str:
        """What Enter does now; where something else is shown, that a person is waited for."""
        if self.waits and self.presenter.elsewhere:
            return f"! {self.waits}." if self.outputs.pane.searching else f"! {self.waits}. Esc goes back."
        match self.showing.kind:
            case _ if self.presenter.covered or self.outputs.layout.output:
                return ""
            case "question":
                return self.answers.told
            case "result":
                return "Enter: go on"
            case _:
                return ""

    @property
    def waits(self) -> str:
        """What a person is waited for, in words."""
        return what_waits(self.showing)

    def say(self, sentence: str) -> None:
        """Say what came of a key; it stands there until the next one, or until something is asked."""
        self.presenter.remark(sentence)

    def why_not(self, key: Key) -> str:
        """Why the key does nothing as things stand."""
        return why_no_effect(key, self.showing, self.outputs)

    def remark_default(self) -> None:
        """Mark what is marked from the start."""
        self.answers.offer()
        self.lead()

    def unmark(self) -> None:
        """Mark nothing, so that Enter takes nothing."""
        self.answers.unmark()
        self.lead()

    def misplaced(self) -> None:
        """A text was typed where none is wanted: the line of keys says what that did."""
        self.unmark()
        self.say("")
        self.lead(TEXT)

    def on_screen_suspend(self) -> None:
        """Something else stands in front."""
        self.lead()

    def action_enter(self) -> None:
        """Take the marked answer, or acknowledge what is shown; what is covered is shown first."""
        if self.presenter.uncover():
            return
        match self.showing.kind:
            case "result":
                self.showing.acknowledge()
                self.draw()
            case "closed" if self.showing.finished is not None:
                self.leave(self.showing.finished.code, self.showing.finished.sentence)
            case "question":
                self.answers.take()
            case _:
                return

    def action_answer(self, key_id: str) -> None:
        """Mark the option that the key stands for; what is covered is shown first."""
        if not self.presenter.uncover():
            self.answers.mark_one_of(self.key_of(key_id).answers)

    def action_number(self, number: int) -> None:
        """Mark the option of that number; what is covered is shown first."""
        if not self.presenter.uncover():
            self.answers.mark_number(number)

    def action_mark(self, by: int) -> None:
        """Move the mark among the answers, or scroll where there are none."""
        if self.outputs.pane.selecting:
            self.outputs.pane.select(by)
        elif self.presenter.covered or not self.showing.options:
            self.action_turn(by)
        else:
            self.answers.move(by)

    def action_turn(self, by: int) -> None:
        """Scroll what is shown by a page."""
        self.presenter.view.turn(by)

    def action_back(self) -> None:
        """From the output back to the card; while the command runs, back to where it was."""
        self.presenter.back()

    def action_interrupt(self) -> None:
        """Pause and leave; while a command runs, ask first."""
        self._intentions.leave()

    @on(Choices.Pointed)
    def _pointed(self, message: Choices.Pointed) -> None:
        """Mark the option that was clicked; a click takes none."""
        message.stop()
        if self.guard.ready and message.option in self.showing.options:
            self.answers.mark(message.option)

    @on(RunView.Intended)
    def _intended(self, message: RunView.Intended) -> None:
        message.stop()
        self.driver.submit(message.intention)

    @on(OutputPane.Searching)
    def _searching(self, message: OutputPane.Searching) -> None:
        """The line of keys is that of the search while it is open."""
        message.stop()
        self.query_one(KeyLine).speak_for(SearchField.KEYS if self.outputs.pane.searching else self.all_keys())

    @on(OutputTools.CopyTold)
    def _copy_told(self, message: OutputTools.CopyTold) -> None:
        self._tools.tell_copy(message)

    @on(ObserverReady)
    def _looked(self, message: ObserverReady) -> None:
        """Show the session that holds the target, or say why it cannot be seen."""
        message.stop()
        if isinstance(message.outcome, UplevelError):
            self.say(str(message.outcome))
        elif self.is_current:
            self.app.push_screen(ObserveScreen(message.outcome))
