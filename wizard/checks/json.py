"""`json`: a question to an answer read as JSON, and what it must find."""

from collections.abc import Iterator
from typing import ClassVar, Self

from pydantic import model_validator

from wizard.checks.answer import first_line
from wizard.checks.assertion import Assertion, AssertionContext, JudgedAnswer, Unjudgeable
from wizard.checks.in_json import MISSING, NoJson, TooDeep, as_text, from_json, same
from wizard.checks.pattern_words import in_words
from wizard.fields.base import Model
from wizard.fields.templates import parse_template, render


class JsonQuestion(Model):
    """A question to a JSON answer; written as a JMESPath where nothing is said of what it finds, or as a mapping.

    Attributes:
        path: JMESPath; a `${value}` in it stands for a literal.
        equals: What the found value must be: a text, a number, yes or no, null, or a list or table written as JSON.
        at_least: The least number it may be.
        matches: A regular expression searched in it.
    """

    SHORTHAND: ClassVar[str] = "path"

    path: str
    equals: str | None = None
    at_least: str | None = None
    matches: str | None = None

    @model_validator(mode="after")
    def _one_judgement(self) -> Self:
        if sum(wanted is not None for wanted in (self.equals, self.at_least, self.matches)) > 1:
            raise ValueError("A question to JSON takes one of equals, at_least and matches.")
        return self


class Json(Assertion[JsonQuestion]):
    """A question to stdout read as JSON; what its path finds is the value that `target` and `remember` take."""

    KEY = "json"
    TYPE = JsonQuestion | None
    TAKING = "with a path"
    REGEXES = ("json.matches",)
    QUESTIONS = ("json", "json.path")

    def take(self, judged: JudgedAnswer) -> str:
        try:
            found = from_json(self.wanted.path, judged.answer.stdout, judged.values)
        except NoJson:
            return ""
        return "" if found is MISSING else as_text(found)

    def unmet(self, judged: JudgedAnswer) -> Iterator[str]:
        question = self.wanted
        try:
            found = from_json(question.path, judged.answer.stdout, judged.values)
        except TooDeep as problem:
            raise Unjudgeable(str(problem)) from problem
        except NoJson as problem:
            yield str(problem)
            return
        if question.equals is not None:
            wanted = render(parse_template(question.equals), judged.values)
            if not same(found, wanted):
                stands = "nothing" if found is MISSING else first_line(as_text(found))
                yield f"{question.path} is {stands}; wanted is {first_line(wanted)}."
        elif found is MISSING:
            yield f"The answer has nothing at {question.path}."
        else:
            yield from self._unlike(found, judged)

    def _unlike(self, found: object, judged: JudgedAnswer) -> Iterator[str]:
        question, text = self.wanted, as_text(found)
        if question.at_least is not None:
            least = render(parse_template(question.at_least), judged.values)
            if not _at_least(found, least):
                yield f"{question.path} is {first_line(text)}; wanted is at least {least}."
        elif question.matches is not None:
            if judged.find(question.matches, text) is None:
                told = in_words(question.matches, judged.values)
                yield f"{question.path} is {first_line(text)}, which does not match {told}."
        elif not judged.context.kept and not judged.context.compared and (found is False or found in ("", [], {})):
            yield f"{question.path} is {text or 'empty'}."  # nobody says what it must be, and it says false or nothing

    def told(self, context: AssertionContext) -> Iterator[str]:
        question = self.wanted
        if question.equals is not None:
            yield f"{question.path} is {render(parse_template(question.equals), context.values)}"
        elif question.at_least is not None:
            yield f"{question.path} is at least {render(parse_template(question.at_least), context.values)}"
        elif question.matches is not None:
            yield f"{question.path} matches {in_words(question.matches, context.values)}"
        else:
            yield f"something at {question.path}"


def _at_least(found: object, least: str) -> bool:
    """Whether a number of JSON, or a text that writes one, is as great as wanted."""
    if isinstance(found, bool):
        return False
    try:
        return float(as_text(found)) >= float(least)
    except ValueError:
        return False
