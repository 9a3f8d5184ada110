"""Values taken from an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wizard.checks.answer import CommandAnswer, cleaned
from wizard.checks.assertion import Assertion, AssertionContext, JudgedAnswer
from wizard.checks.capture import CaptureGroup
from wizard.checks.json import Json, JsonQuestion
from wizard.checks.model import Capture
from wizard.fields.parameters import unfit
from wizard.fields.regex import Search, search_here


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step's `capture` took.

    Attributes:
        values: By name.
        why: Why it failed; empty when all were taken.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


def take_value(assertions: Sequence[Assertion[object]], judged: JudgedAnswer) -> str:
    """The value that an answer holds: what one of the assertions takes out of it, else all of it; empty for nothing."""
    taking = [each for each in assertions if each.TAKING]
    return taking[-1].take(judged) if taking else judged.answer.stdout.rstrip("\r\n")


def take_captures(
    captures: Mapping[str, Capture], stdout: str, values: Mapping[str, str], search: Search = search_here
) -> Taken:
    """The values of a step's `capture`, all or none: an empty one is a failure.

    Args:
        captures: Of the step.
        stdout: What its command printed (the private output where it is private).
        values: For the `${names}` in patterns.
        search: Makes the searches.
    """
    taken: dict[str, str] = {}
    judged = JudgedAnswer(CommandAnswer(stdout=cleaned(stdout)), AssertionContext(values), search)
    for name, capture in captures.items():
        value = take_value(_ways(capture), judged)
        if value == "":
            return Taken(why=f"The output holds no value for {name}.")
        if (wrong := unfit(value)) is not None:
            return Taken(why=f"What the output holds for {name} cannot be used. {wrong}")
        taken[name] = value
    return Taken(taken)


def _ways(capture: Capture) -> list[Assertion[object]]:
    if capture.json_ is not None:
        return [Json(JsonQuestion(path=capture.json_))]
    return [] if capture.capture is None else [CaptureGroup(capture.capture)]
