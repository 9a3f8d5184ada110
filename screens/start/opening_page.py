"""The session that the command line named is resumed; until then its page says what is being done."""

from typing import TYPE_CHECKING

from textual.message import Message

from screens.shared.opening import resume_in_background
from screens.shared.page import Page
from screens.shared.shared_keys import INTERRUPT
from wizard.errors import UplevelError


if TYPE_CHECKING:
    from wizard.archive.sessions import SessionSummary
    from wizard.engine import Engine


class OpeningScreen(Page[None]):
    """What is being done, and nothing else.

    Args:
        session: The one to resume.
    """

    WHERE = "opening"
    SHARED_KEYS = (INTERRUPT,)

    class Resumed(Message):
        """The session was taken up, or could not be."""

        def __init__(self, outcome: "Engine | UplevelError") -> None:
            super().__init__()
            self.outcome = outcome

    def __init__(self, session: "SessionSummary") -> None:
        super().__init__()
        self._session = session

    def on_mount(self) -> None:
        """Show the frame, then resume."""
        words, production = self._session.mode_words
        self.banner.say(self._session.title, words, production=production)
        resume_in_background(self, self._session, self.Resumed)

    def on_opening_screen_resumed(self, message: Resumed) -> None:
        """Show the session, or say why it cannot be."""
        if isinstance(message.outcome, UplevelError):
            self.leave(message.outcome.code, str(message.outcome))
            return
        from screens.run.screen import RunScreen

        self.app.switch_screen(RunScreen(message.outcome))
