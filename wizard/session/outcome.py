"""How a session ended, folded from its steps: the closing record alone says less."""

from dataclasses import dataclass
from typing import Literal

from wizard.session.state import SessionState


@dataclass(frozen=True, slots=True)
class Outcome:
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
        parts = [f"{count} {how}" for count, how in ((self.skipped, "skipped"), (self.accepted, "accepted")) if count]
        if not parts:
            return self.word
        first, *rest = parts
        number, how = first.split()
        steps = f"{number} step{'' if number == '1' else 's'} {how}"
        return f"{self.word}, with {' and '.join([steps, *rest])}"


def outcome(state: SessionState) -> Outcome | None:
    """How a session ended; None while it has not."""
    ends = [step.end for step in state.steps.values()]
    skipped, accepted = ends.count("skipped"), ends.count("accepted")
    match state.closed:
        case "completed":
            return Outcome("ended" if skipped or accepted else "completed", skipped, accepted)
        case "stopped":
            return Outcome("stopped", skipped, accepted)
        case "failed":
            return Outcome("failed", skipped, accepted)
        case _:
            return None
