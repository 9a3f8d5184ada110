"""The terminal is given to a program: the app ends, and the next one goes on with what this one showed."""

from collections.abc import Callable

from screens.driver import Driver
from screens.run.lending import Lending, ShowsSession
from screens.run.outputs import Outputs
from screens.run.showing import Showing
from screens.shared.page import Page, ScreensResult
from wizard.errors import UsageProblem
from wizard.lending import show_in_pager


class TerminalLoan:
    """Lends the terminal of a page that shows a session.

    Args:
        page: What is left.
        shown_again: Makes what shows the session when the terminal is back.
        driver: Of the session.
        showing: What is shown of it.
        outputs: Of which one was chosen.
    """

    def __init__(
        self, page: Page[None], shown_again: ShowsSession, driver: Driver, showing: Showing, outputs: Outputs
    ) -> None:
        self._page = page
        self._shown_again = shown_again
        self._driver = driver
        self._showing = showing
        self._outputs = outputs

    def lend(self, lend: Callable[[], str | None]) -> None:
        """Give the terminal away; another app goes on from here when it is back."""
        if not self._driver.heard:
            return
        self._driver.leave_screen()
        app, at_output = self._page.app, self._outputs.looked_at
        secrets = {name: value for page in app.screen_stack for name, value in getattr(page, "secrets", {}).items()}
        lending = Lending(self._shown_again, self._driver, self._showing, secrets, lend, at_output)
        app.exit(ScreensResult(0, lending=lending))

    def pager(self) -> None:
        """Read the output in the operator's own pager; the screen comes back after it."""
        output, environment = self._outputs.recorded, self._driver.engine.environment
        if output is None:
            return

        def lend() -> str | None:
            try:
                return show_in_pager(output.file, environment)
            except UsageProblem as problem:
                self._showing.refused = str(problem)
                return None

        self.lend(lend)
