"""Every search for a pattern of the file that judging an answer makes.

A pattern can take for ever on an unlucky text, and Python's matching holds up every thread of its process. So whoever
judges has these searches tried first, where they can be ended.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wizard.checks.answer import CommandAnswer, cleaned
from wizard.checks.captures import take_value
from wizard.checks.model import Capture, Expectation
from wizard.fields.templates import parse_template, render


@dataclass(frozen=True, slots=True)
class PatternSearch:
    """One search.

    Attributes:
        pattern: With its values, as it is compiled.
        text: What is searched.
    """

    pattern: str
    text: str


def searches(expectation: Expectation, answer: CommandAnswer, values: Mapping[str, str]) -> list[PatternSearch]:
    """The searches of `judge` for these arguments; none where it does not look at a text.

    Raises:
        ValueMissing: A name has no value.
    """
    if answer.problem is not None or answer.timed_out or answer.signal is not None or answer.exit is None:
        return []
    return list(_searches(expectation, answer.cleaned(), values))


def _searches(expectation: Expectation, answer: CommandAnswer, values: Mapping[str, str]) -> Iterator[PatternSearch]:
    for pattern in (*expectation.no_answer, *expectation.has, *expectation.lacks):
        yield PatternSearch(_filled(pattern, values), answer.both)
    if expectation.capture is not None:
        yield PatternSearch(_filled(expectation.capture, values), answer.stdout)
    question = expectation.json_
    if question is not None and question.matches is not None:
        found = take_value(expectation.model_copy(update={"capture": None}), answer.stdout, values)
        yield PatternSearch(_filled(question.matches, values), found)


def capture_searches(captures: Mapping[str, Capture], stdout: str, values: Mapping[str, str]) -> list[PatternSearch]:
    """The searches of `take_captures` for these arguments.

    Raises:
        ValueMissing: A name has no value.
    """
    text = cleaned(stdout)
    return [
        PatternSearch(_filled(each.capture, values), text) for each in captures.values() if each.capture is not None
    ]


def _filled(pattern: str, values: Mapping[str, str]) -> str:
    return render(parse_template(pattern), values, re.escape)
