"""From the second comer's question to the session that holds the target, and back."""

from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from screens.shared.background import in_background
from wizard.engine.looking_on import LookingOn
from wizard.errors import UplevelError


if TYPE_CHECKING:
    from screens.run.screen import RunScreen


class Looked(Message):
    """The session can be looked on at, or cannot.

    Args:
        outcome: What tells of it, or why nothing does.
    """

    def __init__(self, outcome: LookingOn | UplevelError) -> None:
        super().__init__()
        self.outcome = outcome


def look_on(page: "RunScreen", folder: Path) -> None:
    """Read the record of a session; the page is told when that is done."""
    in_background(page, "looking on", lambda: LookingOn(folder), Looked)


def show_looked(page: "RunScreen", outcome: LookingOn | UplevelError) -> None:
    """Show that session in front of the page, or say why it cannot be seen."""
    from screens.run.observe import ObserveScreen

    if isinstance(outcome, UplevelError):
        page.say(str(outcome))
    elif page.is_current:
        page.app.push_screen(ObserveScreen(outcome))
