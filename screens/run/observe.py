"""The screen of a session that somebody else has open: everything is seen, and nothing can be decided."""

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from screens.driver import Driver, EngineSaid, ShownSession
from screens.keys import Key
from screens.output.output_pane import OutputPane
from screens.output.output_search import SearchField
from screens.output.output_tools import OutputTools
from screens.output.tool_keys import OUTPUT_KEY_IDS, PANE_KEYS
from screens.run.key_availability import unlisted, why_no_effect
from screens.run.presenter import SessionPresenter
from screens.run.room import Room
from screens.run.run_keys import RUN_KEYS
from screens.run.showing import Showing
from screens.run.terminal_loan import TerminalLoan
from screens.shared.key_line import KeyLine
from screens.shared.page import Page
from wizard.engine import Leave, SessionFinished


if TYPE_CHECKING:
    from screens.run.lending import Lending
    from wizard.clock import Clock


READ_ONLY = "Observing: read only."
"""What a key that would decide something says."""
_HARMLESS = OUTPUT_KEY_IDS | {
    *("up", "down", "page-up", "page-down", "steps", "output", "next-pane"),
    *("leave", "interrupt", "help", "back"),
}
"""Ids of the keys that only show something else, or end the looking on."""


class ObserveScreen(Page[None]):
    """Shows what another wizard records. It has the keys of the run screen; those that would decide only say so.

    Args:
        looking_on: Tells of the session; not started yet. It does nothing, whatever is submitted.
        auto: Always so: nothing waits to be acknowledged here.
        clock: For durations on the screen.
        after: What the screen before this one left, when the terminal was lent meanwhile.
    """

    WHERE = "run"
    AUTO_FOCUS = ""
    KEYS = RUN_KEYS
    WIDGET_KEYS = PANE_KEYS
    QUITS = "Stop observing."

    def __init__(
        self,
        looking_on: ShownSession,
        *,
        auto: bool = True,
        clock: "Clock | None" = None,
        after: "Lending | None" = None,
    ) -> None:
        super().__init__()
        self.driver = Driver(looking_on, self) if after is None else after.driver
        self.driver.move_to(self)
        self.showing = Showing(looking_on.plan_input, looking_on.state, auto=auto) if after is None else after.showing
        self._after = after
        self.presenter = SessionPresenter(self, self.showing, looking_on, self.draw, clock=clock, beside="OBSERVING")
        self.outputs = self.presenter.outputs
        self._tools = OutputTools(self.outputs, self)
        loan = TerminalLoan(self, ObserveScreen, self.driver, self.showing, self.outputs)
        self.parts = {"view": self.presenter, "output": self._tools, "terminal": loan}

    def compose_page(self) -> ComposeResult:
        yield self.presenter.view

    def on_mount(self) -> None:
        """Draw what was recorded so far, then look on."""
        self.query_one(KeyLine).relabel("leave", "stop observing")
        self.draw()
        if self._after is not None and self._after.at_output:
            self.presenter.cover()
        self.driver.start()

    def on_engine_said(self, message: EngineSaid) -> None:
        """Draw what happened. What was seen last stays until it was read, and why no more can be seen."""
        message.stop()
        if not self.driver.heard:
            return  # the next screen draws it
        self.driver.taken()
        self.showing.take(message.said)
        over = isinstance(message.said, SessionFinished) and self.showing.view.closed is None
        if isinstance(message.said, SessionFinished) and over and not self.driver.detaching:
            self.showing.trouble = message.said.sentence
        self.draw()

    @on(Room.Changed)
    def draw(self) -> None:
        """Draw everything, with another size too: it may be long until something is recorded, and is drawn then."""
        self.presenter.draw(new=self.presenter.is_new())
        shown = {"back"} if self._above_another else set()
        deciding = {key.id for key in self.all_keys()} - _HARMLESS
        self.offer(*((deciding | unlisted(self.showing, self.outputs)) - shown))
        self.lead()

    def fit(self) -> None:
        """Fit everything that is drawn by width."""
        self.call_after_refresh(self.draw)

    def lead(self) -> None:
        """Say in the line of keys that nothing can be decided here."""
        over = self.showing.finished is not None and not self.presenter.covered
        self.query_one(KeyLine).lead_with("Enter: leave" if over else READ_ONLY)

    def say(self, sentence: str) -> None:
        """Say what came of a key; it stands there until the next one, or until something is recorded."""
        self.presenter.remark(sentence)

    def misplaced(self) -> None:
        """A text was typed; it goes nowhere."""
        self.say(READ_ONLY)

    def why_not(self, key: Key) -> str:
        """Why the key does nothing: it would decide, or there is nothing to show."""
        leaves = key.id == "enter" and (self.presenter.covered or self.showing.finished is not None)
        if leaves or (key.id == "back" and self._above_another):
            return ""
        return why_no_effect(key, self.showing, self.outputs) if key.id in _HARMLESS else READ_ONLY

    def leave(self, code: int, sentence: str = "") -> None:
        """Go back to what stands behind this screen, or leave uplevel."""
        if self._above_another:
            self.dismiss()
        else:
            super().leave(code, sentence)

    @property
    def _above_another(self) -> bool:
        return len(self.app.screen_stack) > 2  # Textual's own blank screen lies below all

    def action_enter(self) -> None:
        """Uncover what is covered; leave what is over."""
        finished = self.showing.finished
        if not self.presenter.uncover() and finished is not None:
            self.leave(finished.code, finished.sentence)

    def action_mark(self, by: int) -> None:
        """Mark more lines, or scroll."""
        if self.outputs.pane.selecting:
            self.outputs.pane.select(by)
        else:
            self.action_turn(by)

    def action_turn(self, by: int) -> None:
        """Scroll what is shown by a page."""
        self.presenter.view.turn(by)

    def action_back(self) -> None:
        """From the output or the list back to the card, and from there to the screen behind."""
        if self.presenter.covered or self.outputs.held:
            self.presenter.back()
        else:
            self.action_interrupt()

    def action_interrupt(self) -> None:
        """Stop observing."""
        finished = self.showing.finished
        self.driver.submit(Leave())
        told = self.driver.engine.way_on if finished is None else finished.sentence
        self.leave(0, told)

    @on(OutputPane.Searching)
    def _searching(self, message: OutputPane.Searching) -> None:
        """The line of keys is that of the search while it is open."""
        message.stop()
        self.query_one(KeyLine).speak_for(SearchField.KEYS if self.outputs.pane.searching else self.all_keys())

    @on(OutputTools.CopyTold)
    def _copy_told(self, message: OutputTools.CopyTold) -> None:
        self._tools.tell_copy(message)
