"""What the operator can want of a session besides answering: remark, prove, stop its command, leave it."""

from collections.abc import Callable
from typing import Protocol

from textual.app import App

from screens.run.outputs import Outputs
from screens.run.showing import Showing
from screens.run.stop_target import stop_told
from screens.shared.dialogs import ChooseDialog, EvidenceDialog, TextDialog
from wizard.engine import AddEvidence, AddNote, HandOver, Intention, Leave, StopCommand
from wizard.record.events import Evidence


_STOP = ("stop", "Stop it: interrupt, then terminate, then kill")


class Leaving(Protocol):
    """The screen that can be left."""

    @property
    def app(self) -> App[object]: ...
    def leave(self, code: int, sentence: str = "") -> None: ...


class Intentions:
    """Asks in a window for what an intention needs, and hands it to the engine.

    Args:
        showing: What is shown of the session.
        outputs: Of which one was chosen.
        screen: Shows windows, and is left when the session is over.
        submit: Gets the intention.
    """

    def __init__(
        self, showing: Showing, outputs: Outputs, screen: Leaving, submit: Callable[[Intention], None]
    ) -> None:
        self._showing = showing
        self._outputs = outputs
        self._screen = screen
        self._submit = submit

    def note(self) -> None:
        """Ask for a remark."""

        def add(text: str | None) -> None:
            if text is not None:
                self._submit(AddNote(text))

        self._screen.app.push_screen(TextDialog("A note for the record"), add)

    def evidence(self) -> None:
        """Ask for evidence."""

        def add(evidence: Evidence | None) -> None:
            if evidence is not None:
                self._submit(AddEvidence(evidence))

        self._screen.app.push_screen(EvidenceDialog("Evidence for the record"), add)

    def hand_over(self) -> None:
        """Ask for the note with which the session is left to somebody else."""

        def leave(note: str | None) -> None:
            if note is not None:
                self._submit(HandOver(note))

        self._screen.app.push_screen(
            TextDialog("A note for whoever accepts the session: where things are, what is next"), leave
        )

    def stop_command(self) -> None:
        """Ask whether the command of the chosen pane shall be stopped."""
        watch, run = self._outputs.tiles.run_chosen, self._outputs.command
        if run is None:
            return

        def stop(way: str | None) -> None:
            if way == "stop":
                self._submit(StopCommand(watch))

        title = "Stop this command?" if watch is None else "Stop this watch?"
        ways = (("stay", "Let it run"), _STOP)
        self._screen.app.push_screen(ChooseDialog(title, stop_told(self._showing, run), ways), stop)

    def leave(self) -> None:
        """Pause and leave; while a command runs, ask first."""
        if self._showing.finished is not None:
            self._screen.leave(self._showing.finished.code, self._showing.finished.sentence)
        elif self._showing.kind == "running":
            self._ask_about_running()
        elif self._showing.view.closed is None:
            self._submit(Leave())

    def _ask_about_running(self) -> None:
        ways = (
            ("stay", "Stay here"),
            ("leave", "Leave it running; uplevel resume finds it again, with its output and exit"),
            _STOP,
        )

        def go(way: str | None) -> None:
            if way == "leave":
                self._submit(Leave())
            elif way == "stop":
                self._submit(StopCommand())

        self._screen.app.push_screen(
            ChooseDialog("A command is running", "It does not need uplevel to go on.", ways), go
        )
