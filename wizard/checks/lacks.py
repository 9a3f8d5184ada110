"""`lacks`: what must not be found in an answer."""

from collections.abc import Iterator, Mapping

from wizard.checks.answer import first_line
from wizard.checks.assertion import Assertion, Beside, Heard
from wizard.checks.pattern_words import in_words
from wizard.fields.base import OneOrMany


class Lacks(Assertion[tuple[str, ...]]):
    """Patterns that must be found in neither."""

    KEY = "lacks"
    TYPE = OneOrMany[str]
    DEFAULT = ()
    REGEXES = ("lacks",)

    def unmet(self, heard: Heard, beside: Beside) -> Iterator[str]:
        del beside
        for pattern in self.wanted:
            if (found := heard.find(pattern, heard.answer.both)) is not None:
                there = first_line(found[0]) or in_words(pattern, heard.values)
                yield f"The answer has {there}, which must not be there."

    def told(self, values: Mapping[str, str], beside: Beside) -> Iterator[str]:
        del beside
        yield from (f"an answer without {in_words(pattern, values)}" for pattern in self.wanted)

    def symptom(self, heard: Heard) -> str:
        searched = (heard.find(pattern, heard.answer.both) for pattern in self.wanted)
        return next((first_line(found.lines) for found in searched if found is not None), "")
