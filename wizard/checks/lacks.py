"""`lacks`: what must not be found in an answer."""

from collections.abc import Iterator

from wizard.checks.answer import first_line
from wizard.checks.assertion import Assertion, AssertionContext, JudgedAnswer
from wizard.checks.pattern_words import in_words
from wizard.fields.base import OneOrMany


class Lacks(Assertion[tuple[str, ...]]):
    """Patterns that must be found in neither."""

    KEY = "lacks"
    TYPE = OneOrMany[str]
    DEFAULT = ()
    REGEXES = ("lacks",)

    def unmet(self, judged: JudgedAnswer) -> Iterator[str]:
        for pattern in self.wanted:
            if (found := judged.find(pattern, judged.answer.both)) is not None:
                there = first_line(found[0]) or in_words(pattern, judged.values)
                yield f"The answer has {there}, which must not be there."

    def told(self, context: AssertionContext) -> Iterator[str]:
        yield from (f"an answer without {in_words(pattern, context.values)}" for pattern in self.wanted)

    def symptom(self, judged: JudgedAnswer) -> str:
        searched = (judged.find(pattern, judged.answer.both) for pattern in self.wanted)
        return next((first_line(found.lines) for found in searched if found is not None), "")
