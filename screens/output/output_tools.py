"""What one can do with the output while it is shown: search, wrap, mark, copy, save, go to a time."""

from pathlib import Path
from time import monotonic
from typing import NamedTuple, Protocol

from textual.message import Message

from screens.output.live_end import show_whole
from screens.output.output_pane import OutputPane
from screens.output.saving import Saved, save_copy
from screens.output.time_jump import HOW, said_moment, wanted_moment
from screens.shared.background import in_background, post_from_thread
from screens.shared.dialogs import TextDialog
from screens.shared.page import Page
from wizard.errors import UplevelError, UsageProblem
from wizard.record.output import OutputFile
from wizard.session.state import When


_TELL_EVERY = 0.2
_MEGABYTE = 1_000_000


class RecordedOutput(NamedTuple):
    """The output of a run.

    Attributes:
        run: Its number.
        file: It.
        began: When the run was asked for.
    """

    run: int
    file: OutputFile
    began: When


class ChosenOutput(Protocol):
    """The output that is worked on."""

    @property
    def pane(self) -> OutputPane: ...
    @property
    def recorded(self) -> RecordedOutput | None: ...


class OutputTools:
    """Works on one output, and says on the page what came of it.

    Args:
        chosen: The output.
        page: Stands around it, and hands on what is told of a copy.
    """

    class CopyTold(Message):
        """How far a copy is.

        Args:
            outcome: Bytes written so far; the copy, or why there is none, when it is over.
        """

        def __init__(self, outcome: int | Saved | UplevelError) -> None:
            super().__init__()
            self.outcome = outcome

    def __init__(self, chosen: ChosenOutput, page: Page[None]) -> None:
        self._chosen = chosen
        self._page = page
        self._saving = False

    def find(self) -> None:
        """Open the search line, or go back to it."""
        self._chosen.pane.search()

    def wrap(self) -> None:
        """Wrap long lines, or cut them at the edge."""
        self._chosen.pane.toggle_wrap()

    def control_marks(self) -> None:
        """Show control characters by marks, or not."""
        self._chosen.pane.toggle_marks()

    def mark_lines(self, by: int) -> None:
        """Begin to mark lines, or mark more of them; the same key again marks nothing."""
        pane = self._chosen.pane
        if by == 0 and pane.selecting:
            pane.unselect()
            return
        pane.select(by)
        self._page.say("↑ ↓ PgUp PgDn mark more, C copies, Esc leaves it.")

    def copy(self) -> None:
        """Copy the marked lines."""
        self._page.say(self._chosen.pane.copy())

    def go_to_time(self) -> None:
        """Ask for a time, and go to what was printed then."""

        def go(text: str | None) -> None:
            if text is not None:
                try:
                    self._go_to(text)
                except UsageProblem as problem:
                    self._page.say(problem.sentence)

        self._page.app.push_screen(TextDialog("Go to a time", HOW), go)

    def _go_to(self, text: str) -> None:
        output, pane = self._chosen.recorded, self._chosen.pane
        if output is None:
            return
        piece = output.file.piece_since(wanted_moment(text, output.began))
        if piece is None:
            self._page.say("Nothing was printed yet.")
            return
        show_whole(pane, output.file)
        line = pane.show_offset(piece.offset)
        self._page.say(f"Line {line:,} came at {said_moment(piece.boottime, output.began)}.")

    def save(self) -> None:
        """Ask for a file, and copy the output into it."""
        output = self._chosen.recorded
        if output is None:
            return
        if self._saving:
            self._page.say("A copy is being written. Wait for its end.")
            return

        def save(target: str | None) -> None:
            if target is not None:
                self._save(output.file.path, target)

        text = f"Its bytes as they were recorded, escapes too. A name alone is a file in {Path.cwd()}."
        name = f"run-{output.run:04}-output.txt"
        self._page.app.push_screen(TextDialog("Save the output to a file", text, value=name), save)

    def _save(self, source: Path, target: str) -> None:
        page, self._saving = self._page, True
        told_at = monotonic()

        def told(done: int) -> bool:
            nonlocal told_at
            if monotonic() - told_at > _TELL_EVERY:
                told_at = monotonic()
                post_from_thread(page, self.CopyTold(done))
            return page.is_running  # who leaves it ends the copy

        in_background(page, "save", lambda: save_copy(source, target, told), self.CopyTold)

    def tell_copy(self, message: CopyTold) -> None:
        """Say how far the copy is."""
        message.stop()
        match message.outcome:
            case int(done):
                self._page.say(f"Saving: {done / _MEGABYTE:,.0f} MB so far.")
            case Saved(path=path, size=size):
                self._saving = False
                self._page.say(f"Saved {size:,} bytes to {path}.")
            case UplevelError() as problem:
                self._saving = False
                self._page.say(str(problem))
