"""The run screen: one step at a time, its checks, its command live, and what it left."""

from typing import TYPE_CHECKING

from textual import on

from screens.driver import EngineSaid
from screens.output.output_page import OutputPage
from screens.output.output_pane import OutputPane
from screens.output.tool_keys import PANE_KEYS
from screens.run.answering import answer_with
from screens.run.choices import Choices, numbered
from screens.run.key_availability import unlisted
from screens.run.looking import Looked, look_on, show_looked
from screens.run.run_keys import ABOUT_ANSWERS, RUN_KEYS
from screens.run.steps import StepsScreen
from screens.run.stopping import stop_told
from screens.run.tiles import WatchPane
from screens.shared.dialogs import ChooseDialog, EvidenceDialog, TextDialog
from wizard.engine import AddEvidence, AddNote, HandOver, Intention, Leave, LookOn, ResizePane, StopCommand, TypeKeys


if TYPE_CHECKING:
    from wizard.record.events import Evidence, Option
    from wizard.session import Answer


_NARROWEST = 80
"""Columns that a command is told it has, at least."""


class RunScreen(OutputPage):
    """Hands an engine what the operator wants. It offers what the open question offers and decides nothing."""

    KEYS = RUN_KEYS
    WIDGET_KEYS = PANE_KEYS
    ABOUT = ABOUT_ANSWERS

    def submit(self, intention: Intention) -> None:
        """Hand an intention to the engine."""
        self.showing.refused = ""
        self.driver.submit(intention)

    @on(EngineSaid)
    def _look_on(self, message: EngineSaid) -> None:
        if isinstance(message.said, LookOn):
            look_on(self, message.said.folder)

    @on(Looked)
    def _looked(self, message: Looked) -> None:
        message.stop()
        show_looked(self, message.outcome)

    def action_enter(self) -> None:
        """Take the marked answer, or acknowledge what is shown; what is covered is shown first."""
        if self.covered:
            self.uncover()
            return
        match self.showing.kind:
            case "result":
                self.showing.acknowledge()
                self.draw()
            case "closed" if self.showing.finished is not None:
                self.leave(self.showing.finished.code, self.showing.finished.sentence)
            case "question":
                marked = self.query_one(Choices).marked
                if marked is None:
                    self.say("Nothing is marked. Press the key of an answer, or mark one with the arrows.")
                else:
                    self._answer(marked)
            case _:
                return

    def action_answer(self, key_id: str) -> None:
        """Mark the option that the key stands for; what is covered is shown first."""
        if self.covered:
            self.uncover()
            return
        option = next((option for option in self.options() if option.id in self.key_of(key_id).answers), None)
        if option is not None:
            self._mark(option)

    def action_number(self, number: int) -> None:
        """Mark the option of that number; what is covered is shown first."""
        if self.covered:
            self.uncover()
            return
        chosen = numbered(self.options())
        if number <= len(chosen):
            self._mark(chosen[number - 1])
        else:
            self.unmark()
            self.say(f"There is no option {number}.")

    def on_choices_pointed(self, message: Choices.Pointed) -> None:
        """Mark the option that was clicked; a click takes none."""
        message.stop()
        if self.guard.ready and message.option in self.options():
            self._mark(message.option)

    def _mark(self, option: "Option") -> None:
        self.query_one(Choices).mark(option)
        self.say("")
        self.lead()

    def _answer(self, option: "Option") -> None:
        question = self.showing.state.question
        if question is None:
            return

        def submit(answer: "Answer") -> None:
            if option.needs == "secret":
                self.secrets[question.name or "secret"] = answer.text
            self.submit(answer)

        rehearsal = self.showing.state.opened.mode == "rehearsal"
        answer_with(self.app, question, option, submit, rehearsal=rehearsal)

    def action_mark(self, by: int) -> None:
        """Move the mark among the answers, or scroll where there are none."""
        if self.pane.selecting:
            self.pane.select(by)
        elif self.covered or not self.options():
            self.action_turn(by)
        else:
            self.query_one(Choices).move(by)
            self.lead()

    def action_turn(self, by: int) -> None:
        """Scroll what is shown by a page."""
        if self.has_class("-output"):
            self.pane.action_scroll_pages(by)
            return
        card = self.query_one("#card-scroll")
        (card.scroll_page_down if by > 0 else card.scroll_page_up)(animate=False)

    def action_steps(self) -> None:
        """Show the list of steps, to walk it and to read the cards."""
        self.app.push_screen(StepsScreen(self.showing))

    def action_output(self) -> None:
        """Show the last command's output, or the card again."""
        if self.look_at_output:
            self.uncover()
        else:
            self.look_at_output = True
            self.draw()

    def action_next_pane(self) -> None:
        """Choose the next of the outputs; where none is seen, show them."""
        if not self.tiles_seen:
            self.action_output()
            return
        self.tiles.next()
        self.offer(*unlisted(self))

    def action_back(self) -> None:
        """From the output back to the card; while the command runs, back to where it was."""
        if self.covered:
            self.uncover()
        else:
            self.release()

    def action_keyboard(self) -> None:
        """Give the keyboard to the command of the chosen pane."""
        self.pane.takes_keys = True
        self.pane.focus()

    def on_output_pane_left(self, message: OutputPane.Left) -> None:
        """The operator took the keyboard back."""
        message.stop()
        self.take_keyboard_back()

    def on_output_pane_keys_typed(self, message: OutputPane.KeysTyped) -> None:
        """Keys for the command."""
        message.stop()
        self.driver.submit(TypeKeys(message.data))

    def on_watch_pane_typed(self, message: WatchPane.Typed) -> None:
        """Keys for a watch."""
        message.stop()
        self.driver.submit(TypeKeys(message.data, message.run))

    def on_watch_pane_sized(self, message: WatchPane.Sized) -> None:
        """A watch's window has another size."""
        message.stop()
        self.driver.submit(ResizePane(max(_NARROWEST, message.columns), message.rows, message.run))

    def on_output_pane_size_changed(self, message: OutputPane.Resized) -> None:
        """The command's window has another size."""
        message.stop()
        self.driver.submit(ResizePane(message.columns, message.rows))

    def action_note(self) -> None:
        """Ask for a remark."""

        def add(text: str | None) -> None:
            if text is not None:
                self.submit(AddNote(text))

        self.app.push_screen(TextDialog("A note for the record"), add)

    def action_hand_over(self) -> None:
        """Ask for the note with which the session is left to somebody else."""

        def leave(note: str | None) -> None:
            if note is not None:
                self.submit(HandOver(note))

        self.app.push_screen(
            TextDialog("A note for whoever accepts the session: where things are, what is next"), leave
        )

    def action_evidence(self) -> None:
        """Ask for evidence."""

        def add(evidence: "Evidence | None") -> None:
            if evidence is not None:
                self.submit(AddEvidence(evidence))

        self.app.push_screen(EvidenceDialog("Evidence for the record"), add)

    def action_stop_command(self) -> None:
        """Ask whether the command of the chosen pane shall be stopped."""
        watch, run = self.tiles.run_chosen, self.showing.state.runs.get(self.command_chosen or 0)
        if run is None:
            return

        def stop(way: str | None) -> None:
            if way == "stop":
                self.submit(StopCommand(watch))

        ways = (("stay", "Let it run"), ("stop", "Stop it: interrupt, then terminate, then kill"))
        title = "Stop this command?" if watch is None else "Stop this watch?"
        self.app.push_screen(ChooseDialog(title, stop_told(self.showing, run), ways), stop)

    def action_leave(self) -> None:
        """Pause and leave; while a command runs, ask first."""
        self.action_interrupt()

    def action_interrupt(self) -> None:
        """Pause and leave; while a command runs, ask first."""
        if self.showing.finished is not None:
            self.leave(self.showing.finished.code, self.showing.finished.sentence)
        elif self.showing.kind == "running":
            self._ask_about_running()
        elif self.showing.view.closed is None:
            self.submit(Leave())

    def _ask_about_running(self) -> None:
        ways = (
            ("stay", "Stay here"),
            ("leave", "Leave it running; uplevel resume finds it again, with its output and exit"),
            ("stop", "Stop it: interrupt, then terminate, then kill"),
        )

        def go(way: str | None) -> None:
            if way == "leave":
                self.submit(Leave())
            elif way == "stop":
                self.submit(StopCommand())

        self.app.push_screen(ChooseDialog("A command is running", "It does not need uplevel to go on.", ways), go)
