"""The terminal is lent to a program: what one app leaves behind and the next one goes on with.

An app is never suspended: rendering goes on then and can block it for good. It ends, the program has the terminal, and
a new app draws the same session, whose engine lives in a thread of its own and has gone on all the while.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from textual.screen import Screen

from screens.driver import Driver, ShownSession
from screens.run.showing import Showing


class ShowsSession(Protocol):
    """Makes a screen that shows a session."""

    def __call__(self, engine: ShownSession, /, *, auto: bool, after: "Lending") -> Screen[None]: ...


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

    screen: ShowsSession
    driver: Driver
    showing: Showing
    secrets: dict[str, str]
    lend: Callable[[], str | None]
    at_output: bool = False

    def going_on(self) -> Screen[None]:
        """The screen that shows the session from now on."""
        return self.screen(self.driver.engine, auto=self.showing.auto, after=self)
