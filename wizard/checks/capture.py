"""`capture`: a value taken out of an answer by a pattern."""

from collections.abc import Iterator

from wizard.checks.assertion import Assertion, AssertionContext, JudgedAnswer
from wizard.checks.pattern_words import in_words


class CaptureGroup(Assertion[str]):
    """A pattern with one group; the group is the value taken from stdout. Taking nothing is a failure."""

    KEY = "capture"
    TYPE = str | None
    TAKING = "with a pattern that has one group"
    REGEXES = ("capture",)
    GROUPS = 1

    def take(self, judged: JudgedAnswer) -> str:
        found = judged.find(self.wanted, judged.answer.stdout)
        return "" if found is None else found[1]

    def unmet(self, judged: JudgedAnswer) -> Iterator[str]:
        if self.take(judged) == "":
            yield f"The answer has no {in_words(self.wanted, judged.values)} to take a value from."

    def told(self, context: AssertionContext) -> Iterator[str]:
        if not context.compared:
            yield f"a value at {in_words(self.wanted, context.values)}"
