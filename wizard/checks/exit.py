"""`exit`: the exit code that a command must have."""

from collections.abc import Iterator

from wizard.checks.assertion import Assertion, AssertionContext, JudgedAnswer
from wizard.fields.scalars import Whole


class Exit(Assertion[int]):
    """The exit code it must have."""

    KEY = "exit"
    TYPE = Whole
    DEFAULT = 0
    JUDGES = "end"

    def unmet(self, judged: JudgedAnswer) -> Iterator[str]:
        if judged.answer.exit != self.wanted:
            yield f"It ended with {judged.answer.exit}; {self.wanted} was expected."

    def told(self, context: AssertionContext) -> Iterator[str]:
        if self.wanted != 0 or context.alone:
            yield exit_told(self.wanted)

    def lacking(self, texts: str) -> str | None:
        if self.wanted == 0:
            return None
        return (
            f"A check that expects exit {self.wanted} must also name the text it expects, by {texts}: a command that "
            "failed for another reason would pass it."
        )


def exit_told(code: int | None) -> str:
    """An exit code that is wanted, in words."""
    return f"exit {code}"
