"""What one can do with the output while it is shown: search, wrap, mark, copy, save, go to a time."""

from pathlib import Path
from threading import Event
from time import monotonic

from textual.message import Message

from screens.output.output_pane import OutputPane
from screens.output.output_search import SearchField
from screens.output.saving import Saved, save_copy
from screens.output.time_jump import HOW, said_moment, wanted_moment
from screens.run.key_availability import unlisted
from screens.run.live_end import show_whole
from screens.run.run_page import RunPage
from screens.shared.background import in_background, post_from_thread
from screens.shared.dialogs import TextDialog
from screens.shared.key_line import KeyLine
from wizard.errors import UplevelError, UsageProblem
from wizard.lending import show_in_pager


_TELL_EVERY = 0.2
_MEGABYTE = 1_000_000


class OutputPage(RunPage):
    """The keys of the output. They work on `pane`, and only while output is shown."""

    _leaving: Event | None = None
    """Set to end a copy; None while there is none."""

    class Saving(Message):
        """How far a copy is.

        Args:
            outcome: Bytes written so far; the copy, or why there is none, when it is over.
        """

        def __init__(self, outcome: int | Saved | UplevelError) -> None:
            super().__init__()
            self.outcome = outcome

    def action_find_output(self) -> None:
        """Open the search line, or go back to it."""
        self.pane.search()

    def action_maximise(self) -> None:
        """Give the output the whole screen but the first and the last line, or give it back."""
        self.toggle_class("-maximised")
        self.offer(*unlisted(self))

    def action_wrap_output(self) -> None:
        """Wrap long lines, or cut them at the edge."""
        self.pane.toggle_wrap()

    def action_control_marks(self) -> None:
        """Show control characters by marks, or not."""
        self.pane.toggle_marks()

    def action_mark_lines(self, by: int) -> None:
        """Begin to mark lines, or mark more of them; the same key again marks nothing."""
        if by == 0 and self.pane.selecting:
            self.pane.unselect()
            return
        self.pane.select(by)
        self.say("↑ ↓ PgUp PgDn mark more, C copies, Esc leaves it.")

    def action_copy_output(self) -> None:
        """Copy the marked lines."""
        self.say(self.pane.copy())

    def action_go_to_time(self) -> None:
        """Ask for a time, and go to what was printed then."""

        def go(text: str | None) -> None:
            if text is not None:
                try:
                    self._go_to(text)
                except UsageProblem as problem:
                    self.say(problem.sentence)

        self.app.push_screen(TextDialog("Go to a time", HOW), go)

    def action_save_output(self) -> None:
        """Ask for a file, and copy the output into it."""
        run = self.run_chosen
        if run is None:
            return
        if self._leaving is not None:
            self.say("A copy is being written. Wait for its end.")
            return

        def save(target: str | None) -> None:
            if target is not None:
                self._save(run, target)

        text = f"Its bytes as they were recorded, escapes too. A name alone is a file in {Path.cwd()}."
        self.app.push_screen(TextDialog("Save the output to a file", text, value=f"run-{run:04}-output.txt"), save)

    def action_pager(self) -> None:
        """Read the output in the operator's own pager; the screen comes back after it."""
        if self.run_chosen is None:
            return
        output, environment = self.driver.engine.output(self.run_chosen).file, self.driver.engine.environment

        def lend() -> str | None:
            try:
                return show_in_pager(output, environment)
            except UsageProblem as problem:
                self.showing.refused = str(problem)
                return None

        self.lend(lend)

    def on_output_pane_searching(self, message: OutputPane.Searching) -> None:
        """The line of keys is that of the search while it is open."""
        message.stop()
        self.query_one(KeyLine).speak_for(SearchField.KEYS if self.pane.searching else self.all_keys())

    def on_output_page_saving(self, message: Saving) -> None:
        """Say how far the copy is."""
        message.stop()
        match message.outcome:
            case int(done):
                self.say(f"Saving: {done / _MEGABYTE:,.0f} MB so far.")
            case Saved(path=path, size=size):
                self._leaving = None
                self.say(f"Saved {size:,} bytes to {path}.")
            case UplevelError() as problem:
                self._leaving = None
                self.say(str(problem))

    def on_unmount(self) -> None:
        """End a copy that is being written."""
        if self._leaving is not None:
            self._leaving.set()

    def _go_to(self, text: str) -> None:
        run = self.run_chosen
        if run is None:
            return
        began = self.showing.state.runs[run].asked_at
        file = self.driver.engine.output(run).file
        piece = file.piece_since(wanted_moment(text, began))
        if piece is None:
            self.say("Nothing was printed yet.")
            return
        show_whole(self.pane, file)
        line = self.pane.show_offset(piece.offset)
        self.say(f"Line {line:,} came at {said_moment(piece.boottime, began)}.")

    def _save(self, run: int, target: str) -> None:
        source, leaving = self.driver.engine.output(run).file.path, Event()
        self._leaving = leaving
        told_at = monotonic()

        def told(done: int) -> bool:
            nonlocal told_at
            if monotonic() - told_at > _TELL_EVERY:
                told_at = monotonic()
                post_from_thread(self, self.Saving(done))
            return not leaving.is_set()

        in_background(self, "save", lambda: save_copy(source, target, told), self.Saving)
