"""`exit`: the exit code that a command must have."""

from collections.abc import Iterator, Mapping

from wizard.checks.assertion import Assertion, Beside, Heard
from wizard.fields.scalars import Whole


class Exit(Assertion[int]):
    """The exit code it must have."""

    KEY = "exit"
    TYPE = Whole
    DEFAULT = 0
    JUDGES = "end"

    def unmet(self, heard: Heard, beside: Beside) -> Iterator[str]:
        del beside
        if heard.answer.exit != self.wanted:
            yield f"It ended with {heard.answer.exit}; {self.wanted} was expected."

    def told(self, values: Mapping[str, str], beside: Beside) -> Iterator[str]:
        del values
        if self.wanted != 0 or beside.alone:
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
