"""Shows a session on a page: its view, and around it the first line, the notice, the bell and the terminal's title."""

from collections.abc import Callable

from screens.driver import ShownSession
from screens.run.attention import Caller, elsewhere
from screens.run.run_view import RunView
from screens.run.showing import Showing
from screens.run.steps import StepsScreen
from screens.shared.page import Page
from wizard.clock import Clock, SystemClock


class SessionPresenter:
    """Has a session drawn, and does what only changes what is seen of it.

    Args:
        page: Around the view.
        showing: What is shown of the session.
        session: Where it is recorded.
        redraw: Draws the whole page.
        clock: For durations.
        beside: A word beside the mode on the first line.
    """

    def __init__(
        self,
        page: Page[None],
        showing: Showing,
        session: ShownSession,
        redraw: Callable[[], None],
        *,
        clock: Clock | None = None,
        beside: str = "",
    ) -> None:
        clock = clock or SystemClock()
        self._page = page
        self._showing = showing
        self._redraw = redraw
        self._beside = beside
        self._caller = Caller(page, clock, session.redact)
        self._remarked = ""
        self.view = RunView(showing, session, clock)
        self.outputs = self.view.outputs

    def is_new(self) -> bool:
        """Whether the page is to mean something new now. Who is busy with the output goes on; what is asked waits."""
        new = self._page.guard.changed(self._showing.meaning)
        if new:
            self._remarked = ""
            self.outputs.looked_at = self.outputs.held
        return new

    def draw(self, *, new: bool) -> None:
        """Draw the page but its line of keys.

        Args:
            new: It means something new.
        """
        showing = self._showing
        mode = f"{self._beside} {showing.view.mode}".lstrip()
        self._page.banner.say(showing.view.title, mode, showing.view.target, production=showing.view.production)
        self.view.draw()
        self._tell()
        self._caller.call(showing, mode, covered=self.covered)
        if new:
            self.view.show_beginning()
        self._page.call_after_refresh(self._drawn, showing.meaning)

    def _drawn(self, meaning: object) -> None:
        self.view.show_current()
        if meaning == self._showing.meaning:
            self._page.seen()

    def remark(self, sentence: str) -> None:
        """Say what came of a key; it stands there until the next one, or until something is asked."""
        self._remarked = sentence
        self._tell()

    def _tell(self) -> None:
        wrong = self._showing.wrong
        self._page.tell(f"{wrong or self._showing.told} {self._remarked}".strip(), wrong=bool(wrong))

    @property
    def covered(self) -> bool:
        """Whether an output stands where the card and its question would."""
        return self.outputs.looked_at

    @property
    def elsewhere(self) -> bool:
        """Whether something else is in front of the person than what they are to decide."""
        return elsewhere(self._page, covered=self.covered)

    def uncover(self) -> bool:
        """Show the card where it is covered; whether it was.

        Its question counts as new: a key pressed before it stood there does not answer it.
        """
        if not self.covered:
            return False
        self._page.guard.changed(None)
        self.outputs.looked_at, self._remarked = False, ""
        self.outputs.release()
        self._page.call_after_refresh(self._redraw)
        return True

    def cover(self) -> None:
        """Show the last command's output in the place of the card."""
        self.outputs.looked_at = True
        self._redraw()

    def output(self) -> None:
        """Show the last command's output, or the card again."""
        if not self.uncover():
            self.cover()

    def next_pane(self) -> None:
        """Choose the next of the outputs; where none is seen, show them."""
        if self.outputs.layout.seen:
            self.outputs.tiles.next()
            self._redraw()
        else:
            self.output()

    def maximise(self) -> None:
        """Give the output the whole screen but the first and the last line, or give it back.

        Where it stands beside the card it covers that, so that what is asked there waits.
        """
        tiles = self.outputs.tiles
        tiles.maximised = not tiles.maximised
        if tiles.maximised and self._showing.kind != "running":
            self.outputs.looked_at = True
        self._redraw()

    def back(self) -> None:
        """From the output back to the card; while the command runs, back to where it was."""
        if not self.uncover():
            self.outputs.release()
            self._redraw()

    def steps(self) -> None:
        """Show the list of steps, to walk it and to read the cards."""
        self._page.app.push_screen(StepsScreen(self._showing))
