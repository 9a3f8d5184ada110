"""The run screen of a session that somebody else has open: everything is seen, and nothing can be decided."""

from typing import TYPE_CHECKING

from textual import on

from screens.keys import Key
from screens.output.tool_keys import OUTPUT_KEY_IDS
from screens.run.room import Room
from screens.run.screen import RunScreen
from screens.shared.key_line import KeyLine
from wizard.engine import Leave


if TYPE_CHECKING:
    from screens.driver import ShownSession
    from screens.run.lending import Lending
    from wizard.clock import Clock
    from wizard.engine import SessionFinished
    from wizard.record.events import Option


READ_ONLY = "Observing: read only."
"""What a key that would decide something says."""
_HARMLESS = OUTPUT_KEY_IDS | {
    *("up", "down", "page-up", "page-down", "steps", "output", "next-pane"),
    *("leave", "interrupt", "help", "back"),
}
"""Ids of the keys that only show something else, or end the looking on."""


class ObserveScreen(RunScreen):
    """Shows what another wizard records. Its engine does nothing, whatever is submitted.

    Args:
        looking_on: Tells of the session; not started yet.
        auto: Always so: nothing waits to be acknowledged here.
        clock: For durations on the screen.
        after: What the screen before this one left, when the terminal was lent meanwhile.
    """

    QUITS = "Stop observing."

    def __init__(
        self,
        looking_on: "ShownSession",
        *,
        auto: bool = True,
        clock: "Clock | None" = None,
        after: "Lending | None" = None,
    ) -> None:
        super().__init__(looking_on, auto=auto, clock=clock, after=after)

    def on_mount(self) -> None:
        """Call the way out what it is here."""
        self.query_one(KeyLine).relabel("leave", "stop observing")

    @on(Room.Changed)
    def _refit(self) -> None:
        """Draw it anew: it may be long until something is recorded, and is drawn then."""
        self.draw()

    @property
    def mode_told(self) -> str:
        """That one looks on, beside the mode."""
        return f"OBSERVING {self.showing.view.mode}"

    def options(self) -> "tuple[Option, ...]":
        """None: nothing is answered here."""
        return ()

    def why_not(self, key: Key) -> str:
        """Why the key does nothing: it would decide, or there is nothing to show."""
        leaves = key.id == "enter" and (self.covered or self.showing.finished is not None)
        if leaves or (key.id == "back" and self._above_another):
            return ""
        return super().why_not(key) if key.id in _HARMLESS else READ_ONLY

    def offer(self, *hidden: str) -> None:
        """Draw the line of keys without those that would decide something."""
        shown = {"back"} if self._above_another else set()
        deciding = {key.id for key in self.all_keys()} - _HARMLESS
        super().offer(*((deciding | {*hidden}) - shown))

    def misplaced(self) -> None:
        """A text was typed; it goes nowhere."""
        self.lead()
        self.say(READ_ONLY)

    def lead(self, words: str = "") -> None:
        """Say in the line of keys that nothing can be decided here."""
        over = self.showing.finished is not None and not self.covered
        super().lead(words or ("Enter: leave" if over else READ_ONLY))

    def _offer(self) -> None:
        """The answers are for whoever is at the session."""

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
        if self.covered or finished is None:
            super().action_enter()
        else:
            self.leave(finished.code, finished.sentence)

    def action_back(self) -> None:
        """From the output or the list back to the card, and from there to the screen behind."""
        if self.covered or self.held:
            super().action_back()
        else:
            self.action_interrupt()

    def action_interrupt(self) -> None:
        """Stop observing."""
        finished = self.showing.finished
        self.driver.submit(Leave())
        told = self.driver.engine.way_on if finished is None else finished.sentence
        self.leave(0, told)

    def _over(self, finished: "SessionFinished") -> None:
        """What was seen last stays until it was read, and why no more can be seen."""
        if self.showing.view.closed is None and not self.driver.detaching:
            self.showing.trouble = finished.sentence
