"""`has`: what must be found in an answer."""

from collections.abc import Iterator, Mapping

from wizard.checks.assertion import Assertion, Beside, Heard
from wizard.checks.pattern_words import in_words
from wizard.fields.base import OneOrMany


class Has(Assertion[tuple[str, ...]]):
    """Patterns that must be found in stdout or stderr, line by line."""

    KEY = "has"
    TYPE = OneOrMany[str]
    DEFAULT = ()
    REGEXES = ("has",)

    def unmet(self, heard: Heard, beside: Beside) -> Iterator[str]:
        del beside
        for pattern in self.wanted:
            if heard.find(pattern, heard.answer.both) is None:
                yield f"The answer does not have {in_words(pattern, heard.values)}."

    def told(self, values: Mapping[str, str], beside: Beside) -> Iterator[str]:
        del beside
        yield from (f"an answer with {in_words(pattern, values)}" for pattern in self.wanted)

    def proof(self, heard: Heard) -> Iterator[str]:
        for pattern in self.wanted:
            if (found := heard.find(pattern, heard.answer.both)) is not None:
                yield " ".join(found.lines.split())
