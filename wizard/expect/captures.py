"""Values taken from an answer."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import jmespath
from jmespath.exceptions import JMESPathError

from wizard.expect.answer import cleaned
from wizard.procedure import Capture, unfit
from wizard.procedure.templates import json_literal, parse_template, render


MISSING = object()
"""What a question to JSON gives when stdout is no JSON or holds nothing there."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step's `capture` took.

    Attributes:
        values: By name.
        why: Why it failed; empty when all were taken.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


def as_regex(pattern: str, values: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern of the file with its values, each matching itself alone."""
    return re.compile(render(parse_template(pattern), values, re.escape), re.MULTILINE)


def as_text(value: object) -> str:
    """A value of JSON as a text: a string is itself, anything else as JSON writes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def from_json(path: str, text: str, values: Mapping[str, str]) -> object:
    """What a JMESPath finds in a text, or `MISSING`."""
    question = render(parse_template(path), values, json_literal)
    try:
        found = jmespath.search(question, json.loads(text))
    except (JMESPathError, ValueError, RecursionError):
        return MISSING
    return MISSING if found is None else found


def take(pattern: str | None, stdout: str, values: Mapping[str, str]) -> str:
    """What a pattern's group takes from stdout, or all of it without its trailing newlines; empty for nothing."""
    if pattern is None:
        return stdout.rstrip("\r\n")
    found = as_regex(pattern, values).search(stdout)
    return (found[1] or "") if found is not None else ""


def take_captures(captures: Mapping[str, Capture], stdout: str, values: Mapping[str, str]) -> Taken:
    """The values of a step's `capture`, all or none: an empty one is a failure.

    Args:
        captures: Of the step.
        stdout: What its command printed (the private output where it is private).
        values: For the `${names}` in patterns.
    """
    taken: dict[str, str] = {}
    stdout = cleaned(stdout)
    for name, capture in captures.items():
        if capture.json_ is not None:
            found = from_json(capture.json_, stdout, values)
            value = "" if found is MISSING else as_text(found)
        else:
            value = take(capture.capture, stdout, values)
        if value == "":
            return Taken(why=f"The output holds no value for {name}.")
        if (wrong := unfit(value)) is not None:
            return Taken(why=f"What the output holds for {name} cannot be used. {wrong}")
        taken[name] = value
    return Taken(taken)
