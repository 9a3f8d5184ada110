"""`has`: what must be found in an answer."""

from collections.abc import Iterator

from wizard.checks.assertion import Assertion, AssertionContext, JudgedAnswer
from wizard.checks.pattern_words import in_words
from wizard.fields.base import OneOrMany


class Has(Assertion[tuple[str, ...]]):
    """Patterns that must be found in stdout or stderr, line by line."""

    KEY = "has"
    TYPE = OneOrMany[str]
    DEFAULT = ()
    REGEXES = ("has",)

    def unmet(self, judged: JudgedAnswer) -> Iterator[str]:
        for pattern in self.wanted:
            if judged.find(pattern, judged.answer.both) is None:
                yield f"The answer does not have {in_words(pattern, judged.values)}."

    def told(self, context: AssertionContext) -> Iterator[str]:
        yield from (f"an answer with {in_words(pattern, context.values)}" for pattern in self.wanted)

    def proof(self, judged: JudgedAnswer) -> Iterator[str]:
        for pattern in self.wanted:
            if (found := judged.find(pattern, judged.answer.both)) is not None:
                yield " ".join(found.lines.split())
