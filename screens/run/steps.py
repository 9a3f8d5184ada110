"""All steps: walked with the arrows, and the card of each read, ahead or back. Nothing is done from here."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from screens.keys import Key
from screens.run.checklist import Checklist
from screens.run.step_card import card_page, result_page
from screens.run.stop_now import StopNowLine
from screens.shared.page import Page
from screens.shared.shared_keys import PAGE_DOWN, PAGE_UP
from wizard.session import Mark
from wizard.session.view import card_of


if TYPE_CHECKING:
    from rich.console import RenderableType

    from screens.run.showing import Showing
    from wizard.session.view import StepRow


class StepsScreen(Page[None]):
    """The list of steps, with the card of the one that is pointed at once Enter was pressed.

    Args:
        showing: What the run screen shows; it goes on while one reads here.
    """

    WHERE = "steps"
    KEYS = (
        PAGE_UP,
        PAGE_DOWN,
        Key("walk-up", ("up",), "walk(-1)", "step above", "Go to the step above.", foot=False),
        Key("walk-down", ("down",), "walk(1)", "next step", "Go to the step below."),
        Key("leave-steps", ("f4",), "dismiss", "back", "Go back to where the session is.", foot=False),
        Key("read", ("enter",), "read", "read its card", "Read the card of that step; nothing is done."),
    )

    def __init__(self, showing: "Showing") -> None:
        super().__init__()
        self._showing = showing
        card = showing.view.card
        self.pointed = card.number if card is not None else 1

    def compose_page(self) -> ComposeResult:
        """The list with what stopping now would mean, and the card."""
        with Horizontal(id="body"):
            with Vertical(id="side"):
                with VerticalScroll(id="list", can_focus=False):
                    yield Checklist(id="checklist")
                yield StopNowLine(lines=8, id="stop-side")
            with VerticalScroll(id="reading", can_focus=False):
                yield Static("", id="card", markup=False)

    def on_mount(self) -> None:
        """Draw, and go on drawing what changes meanwhile."""
        view = self._showing.view
        self.banner.say(f"Steps: {view.title}", view.mode, view.target, production=view.production)
        self.draw()
        self.set_interval(1.0, self.draw)

    def fit(self) -> None:
        """Fit everything that is drawn by width."""
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Draw the list and the card that is read."""
        view = self._showing.view
        checklist = self.query_one(Checklist)
        checklist.draw(view.rows, self.pointed)
        self.query_one(StopNowLine).draw(view.stop_now if view.closed is None else None)
        self.query_one("#card", Static).update(self._card(view.rows[self.pointed - 1]) if self.reading else "")
        self.offer(*({"read"} if self.reading else ()))
        self.call_after_refresh(self._show_pointed)

    def _show_pointed(self) -> None:
        if not self.query("#list"):
            return  # it was left before it was drawn
        scroll = self.query_one("#list", VerticalScroll)
        line = self.query_one(Checklist).line_of(self.pointed)
        if not scroll.scroll_y <= line < scroll.scroll_y + scroll.size.height - 1:
            scroll.scroll_to(y=max(0, line - scroll.size.height // 2), animate=False)

    @property
    def reading(self) -> bool:
        """Whether a card is read."""
        return self.has_class("-reading")

    def _card(self, row: "StepRow") -> "RenderableType":
        showing = self._showing
        card, total = card_of(showing.plan_input, showing.state, showing.view.rows, row.step), len(showing.view.rows)
        if showing.state.step(row.step).end is not None and row.mark not in {Mark.SKIPPED, Mark.NOT_APPLICABLE}:
            return result_page(card, total, row.mark, list(showing.told_of(card, row.mark)))
        return card_page(card, total, row.mark, "", alone=True)

    def action_walk(self, by: int) -> None:
        """Point at the next step or the one before."""
        self.pointed = min(max(1, self.pointed + by), len(self._showing.view.rows))
        self.query_one("#reading").scroll_home(animate=False)
        self.draw()

    def action_read(self) -> None:
        """Read the card of the step that is pointed at."""
        self.add_class("-reading")
        self.fit()

    def action_turn(self, by: int) -> None:
        """Scroll the card that is read, else walk a page of steps."""
        if self.reading:
            card = self.query_one("#reading", VerticalScroll)
            (card.scroll_page_down if by > 0 else card.scroll_page_up)(animate=False)
        else:
            self.action_walk(by * max(1, self.query_one("#list").size.height - 1))

    def action_back(self) -> None:
        """From the card to the list, from the list to the run screen."""
        if self.reading:
            self.remove_class("-reading")
            self.fit()
        else:
            self.dismiss()
