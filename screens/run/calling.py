"""The person at the wizard is told that it waits, also where something else stands in front: last line, bell, title."""

from typing import TYPE_CHECKING, Protocol, cast

from screens.run.showing import Showing
from screens.shared.dialogs import Dialog
from screens.shared.keyed import Keyed
from screens.shared.page import Page
from wizard.clock import Clock
from wizard.session.calling import Calling, title_of


if TYPE_CHECKING:
    from screens.run.run_page import RunPage


_WAITS = {
    "question": "Something is asked",
    "result": "The step has ended",
    "closed": "The session is over",
}


def what_waits(showing: Showing) -> str:
    """What a person is waited for, in words; empty while nobody is."""
    question = showing.state.question
    counts_down = showing.kind == "question" and question is not None and question.sort == "soak"
    return "" if showing.auto or counts_down else _WAITS.get(showing.kind, "")


def elsewhere(page: "RunPage") -> bool:
    """Whether something else is in front of the person than what they are to decide."""
    front = page.app.screen
    aside = front.question is None if isinstance(front, Dialog) else isinstance(front, Page)
    return page.covered or (front is not page and aside)


class _HasTerminal(Protocol):
    def ring(self) -> None: ...
    def say_title(self, title: str) -> None: ...


class Caller:
    """Calls whoever looks elsewhere, and keeps the terminal's title true.

    Args:
        page: The run screen.
        clock: Time.
    """

    def __init__(self, page: "RunPage", clock: Clock) -> None:
        self._page = page
        self._clock = clock
        self._calling = Calling(self._now)
        self._said: tuple[str, bool] | None = None

    @property
    def _now(self) -> float:
        return self._clock.now().boottime / 1e9

    def call(self) -> None:
        """Tell what is true now."""
        page, view = self._page, self._page.showing.view
        waits = bool(page.waits)
        terminal = cast("_HasTerminal", page.app)
        if not waits:
            self._calling.works(self._now)
        elif self._calling.waits(self._now, elsewhere=elsewhere(page)):
            terminal.ring()
        told = (title_of(view, page.mode_told, waits=waits), waits)
        if told != self._said:
            self._said = told
            terminal.say_title(page.driver.engine.redact(told[0]))
        if isinstance(front := page.app.screen, Keyed):
            front.tell_behind()
