"""`capture`: a value taken out of an answer by a pattern."""

from collections.abc import Iterator, Mapping

from wizard.checks.assertion import Assertion, Beside, Heard
from wizard.checks.pattern_words import in_words


class CaptureGroup(Assertion[str]):
    """A pattern with one group; the group is the value taken from stdout. Taking nothing is a failure."""

    KEY = "capture"
    TYPE = str | None
    TAKING = "with a pattern that has one group"
    REGEXES = ("capture",)
    GROUPS = 1

    def take(self, heard: Heard) -> str:
        found = heard.find(self.wanted, heard.answer.stdout)
        return "" if found is None else found[1]

    def unmet(self, heard: Heard, beside: Beside) -> Iterator[str]:
        del beside
        if self.take(heard) == "":
            yield f"The answer has no {in_words(self.wanted, heard.values)} to take a value from."

    def told(self, values: Mapping[str, str], beside: Beside) -> Iterator[str]:
        if not beside.compared:
            yield f"a value at {in_words(self.wanted, values)}"
