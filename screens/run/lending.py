"""The terminal is lent to a program: what one app leaves behind and the next one goes on with.

An app is never suspended: rendering goes on then and can block it for good. It ends, the program has the terminal, and
a new app draws the same session, whose engine lives in a thread of its own and has gone on all the while.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from screens.driver import Driver
    from screens.run.run_page import RunPage
    from screens.run.showing import Showing


@dataclass(frozen=True, slots=True)
class Lending:
    """Why an app ended that is to be followed by another.

    Attributes:
        screen: What showed the session, and shows it again.
        driver: Of the session that goes on.
        showing: What its run screen showed.
        secrets: What was typed unseen, by name, so that a crash report can leave it out.
        lend: Gives the terminal away and takes it back; returns the signal that wants the wizard gone, or None.
        at_output: Whether the output stood on the screen, to be shown again.
    """

    screen: "type[RunPage]"
    driver: "Driver"
    showing: "Showing"
    secrets: dict[str, str]
    lend: Callable[[], str | None]
    at_output: bool = False

    def going_on(self) -> "RunPage":
        """The screen that shows the session from now on."""
        screen = self.screen(self.driver.engine, auto=self.showing.auto, after=self)
        screen.secrets.update(self.secrets)
        return screen
