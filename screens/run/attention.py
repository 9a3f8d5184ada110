"""The person at the wizard is told that it waits, also where something else stands in front: last line, bell, title."""

from collections.abc import Callable
from typing import Protocol, cast

from screens.run.showing import Showing
from screens.shared.dialogs import Dialog
from screens.shared.keyed import Keyed
from screens.shared.page import Page
from wizard.clock import Clock
from wizard.session.calling import Calling, title_of


_WAITS = {
    "question": "Something is asked",
    "result": "The step has ended",
    "closed": "The session is over",
}


def what_waits(showing: Showing) -> str:
    """What a person is waited for, in words; empty while nobody is."""
    question = showing.state.question
    counts_down = showing.kind == "question" and question is not None and question.question_kind == "soak"
    return "" if showing.auto or counts_down else _WAITS.get(showing.kind, "")


def elsewhere(page: Page[None], *, covered: bool) -> bool:
    """Whether something else is in front of the person than what they are to decide.

    Args:
        page: Where they decide.
        covered: An output stands there in the place of what is asked.
    """
    front = page.app.screen
    aside = front.question is None if isinstance(front, Dialog) else isinstance(front, Page)
    return covered or (front is not page and aside)


class _HasTerminal(Protocol):
    def ring(self) -> None: ...
    def say_title(self, title: str) -> None: ...


class Caller:
    """Calls whoever looks elsewhere, and keeps the terminal's title true.

    Args:
        page: Where a person decides.
        clock: Time.
        redact: Leaves the session's secrets out of a text.
    """

    def __init__(self, page: Page[None], clock: Clock, redact: Callable[[str], str]) -> None:
        self._page = page
        self._clock = clock
        self._redact = redact
        self._calling = Calling(self._now)
        self._said: tuple[str, bool] | None = None

    @property
    def _now(self) -> float:
        return self._clock.now().boottime / 1e9

    def call(self, showing: Showing, mode: str, *, covered: bool) -> None:
        """Tell what is true now.

        Args:
            showing: What is shown of the session.
            mode: As the first line has it.
            covered: An output stands in the place of what is asked.
        """
        waits = bool(what_waits(showing))
        terminal = cast("_HasTerminal", self._page.app)
        if not waits:
            self._calling.works(self._now)
        elif self._calling.waits(self._now, elsewhere=elsewhere(self._page, covered=covered)):
            terminal.ring()
        told = (title_of(showing.view, mode, waits=waits), waits)
        if told != self._said:
            self._said = told
            terminal.say_title(self._redact(told[0]))
        if isinstance(front := self._page.app.screen, Keyed):
            front.tell_behind()
