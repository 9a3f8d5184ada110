"""The answers to the open question: which one is marked, and what is asked for before it is given."""

from collections.abc import Callable, Sequence
from typing import Protocol

from textual.app import App

from screens.run.answer_dialogs import answer_with
from screens.run.choices import Choices, numbered
from screens.run.showing import Showing
from screens.shared.words import ends_kept, safe_text
from wizard.record.events import Option
from wizard.session import Answer


_LEAD = 28
"""Cells of the marked answer in the line of keys."""


class Asking(Protocol):
    """The screen on which something is asked."""

    @property
    def app(self) -> App[object]: ...
    def say(self, sentence: str) -> None: ...
    def lead(self, words: str = "") -> None: ...


class Answers:
    """Offers what the open question offers, and decides nothing.

    Args:
        choices: Where they stand.
        showing: Has the question.
        screen: Says what Enter does, and shows windows.
        secrets: Gets those that are typed, by name.
        submit: Gets the answer.
    """

    def __init__(
        self,
        choices: Choices,
        showing: Showing,
        screen: Asking,
        secrets: dict[str, str],
        submit: Callable[[Answer], None],
    ) -> None:
        self._choices = choices
        self._showing = showing
        self._screen = screen
        self._secrets = secrets
        self._submit = submit

    def follow(self, *, new: bool) -> None:
        """Offer the answers of the question that is open now."""
        if new or not self._choices.shows(self._showing.options):
            self.offer()

    def offer(self) -> None:
        """Offer the answers anew, marked as from the start."""
        question = self._showing.state.question if self._showing.kind == "question" else None
        self._choices.offer(question.options if question else (), question.default if question else "")
        self._choices.set_class(question is not None, "-open")

    def unmark(self) -> None:
        """Mark none."""
        self._choices.unmark()

    @property
    def told(self) -> str:
        """What Enter takes, in words."""
        marked = self._choices.marked
        return "Nothing is marked" if marked is None else f"Enter: {ends_kept(safe_text(marked.label), _LEAD)}"

    def move(self, by: int) -> None:
        """Move the mark."""
        self._choices.move(by)
        self._screen.lead()

    def mark(self, option: Option) -> None:
        self._choices.mark(option)
        self._screen.say("")
        self._screen.lead()

    def mark_one_of(self, names: Sequence[str]) -> None:
        """Mark the option that a key stands for, by its id."""
        option = next((option for option in self._showing.options if option.id in names), None)
        if option is not None:
            self.mark(option)

    def mark_number(self, number: int) -> None:
        """Mark the option of that number."""
        chosen = numbered(self._showing.options)
        if number <= len(chosen):
            self.mark(chosen[number - 1])
        else:
            self.unmark()
            self._screen.lead()
            self._screen.say(f"There is no option {number}.")

    def take(self) -> None:
        """Give the marked answer, once what it needs was asked for."""
        question, option = self._showing.state.question, self._choices.marked
        if option is None:
            self._screen.say("Nothing is marked. Press the key of an answer, or mark one with the arrows.")
            return
        if question is None:
            return

        def submit(answer: Answer) -> None:
            if option.needs == "secret":
                self._secrets[question.name or "secret"] = answer.text
            self._submit(answer)

        rehearsal = self._showing.state.opened.mode == "rehearsal"
        answer_with(self._screen.app, question, option, submit, rehearsal=rehearsal)
