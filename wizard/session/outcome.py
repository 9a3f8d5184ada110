"""How a session ended, folded from its steps: the closing record alone says less."""

from dataclasses import dataclass
from typing import Literal

from wizard.session.state import SessionState


@dataclass(frozen=True, slots=True)
class SessionOutcome:
    """The end of a session.

    Attributes:
        word: completed (each step that applies is done, by hand too, or found done), ended (it came to its end, but
            some steps are not proven), stopped or failed.
        skipped: How many steps were skipped.
        accepted: How many steps a person took as they were, although their proof said no or nothing.
    """

    word: Literal["completed", "ended", "stopped", "failed"]
    skipped: int = 0
    accepted: int = 0

    @property
    def words(self) -> str:
        """`completed`; `ended, with 1 step skipped and 2 accepted`; `stopped, with 1 step skipped`."""
        counts = [(count, how) for count, how in ((self.skipped, "skipped"), (self.accepted, "accepted")) if count]
        if not counts:
            return self.word
        (first, how), *rest = counts
        told = [f"{first} step{'' if first == 1 else 's'} {how}", *(f"{count} {how}" for count, how in rest)]
        return f"{self.word}, with {' and '.join(told)}"

    @property
    def sentence(self) -> str:
        """`The session has ended, with 1 step skipped.`."""
        return f"The session {_VERBS[self.word]} {self.words}."


_VERBS = {"completed": "is", "ended": "has", "stopped": "was", "failed": "has"}


def outcome(state: SessionState) -> SessionOutcome | None:
    """How a session ended; None while it has not."""
    if state.closed is None:
        return None
    ends = [step.end for step in state.steps.values()]
    skipped, accepted = ends.count("skipped"), ends.count("accepted")
    unproven = state.closed == "completed" and skipped + accepted > 0
    return SessionOutcome("ended" if unproven else state.closed, skipped, accepted)
