"""`equals`: what the value taken of an answer must be."""

from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel

from wizard.checks.answer import first_line
from wizard.checks.assertion import Assertion, AssertionContext, JudgedAnswer
from wizard.fields.templates import parse_template, render


class Equals(Assertion[str]):
    """What stdout must be, its trailing newline dropped; beside `capture` or `json`, what that takes of it."""

    KEY = "equals"
    TYPE = str | None
    JUDGES = "value"

    def unmet(self, judged: JudgedAnswer) -> Iterator[str]:
        wanted = render(parse_template(self.wanted), judged.values)
        if judged.value != wanted.rstrip("\r\n"):
            came, must = first_line(judged.value) or "empty", first_line(wanted) or "an empty one"
            yield f"The answer is {came}; wanted is {must}."

    def told(self, context: AssertionContext) -> Iterator[str]:
        yield render(parse_template(self.wanted), context.values) or "an empty answer"


_Check = TypeVar("_Check", bound=BaseModel)


def must_equal(check: _Check, wanted: str) -> _Check:
    """The same check, whose value must be a text that may hold `${names}`."""
    return check.model_copy(update={Equals.KEY: wanted})
