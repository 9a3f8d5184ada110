"""Values taken from an answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.checks.answer import cleaned
from wizard.checks.in_json import MISSING, NoJson, as_text, from_json
from wizard.checks.model import Capture, Expectation
from wizard.fields.parameters import unfit
from wizard.fields.templates import parse_template, render


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


def take(pattern: str | None, stdout: str, values: Mapping[str, str]) -> str:
    """What a pattern's group takes from stdout, or all of it without its trailing newlines; empty for nothing."""
    if pattern is None:
        return stdout.rstrip("\r\n")
    found = as_regex(pattern, values).search(stdout)
    return (found[1] or "") if found is not None else ""


def take_value(expectation: Expectation, stdout: str, values: Mapping[str, str]) -> str:
    """The value that an answer holds: what `capture` takes, else what the path of `json` finds, else all of it."""
    if expectation.capture is None and expectation.json_ is not None:
        return _json_value(expectation.json_.path, stdout, values)
    return take(expectation.capture, stdout, values)


def _json_value(path: str, stdout: str, values: Mapping[str, str]) -> str:
    try:
        found = from_json(path, stdout, values)
    except NoJson:
        return ""
    return "" if found is MISSING else as_text(found)


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
        by_path = capture.json_ is not None
        value = _json_value(capture.json_ or "", stdout, values) if by_path else take(capture.capture, stdout, values)
        if value == "":
            return Taken(why=f"The output holds no value for {name}.")
        if (wrong := unfit(value)) is not None:
            return Taken(why=f"What the output holds for {name} cannot be used. {wrong}")
        taken[name] = value
    return Taken(taken)
