"""Values into commands, patterns and prose. A value is data: it can never become syntax."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from wizard.acts.plan import Value
from wizard.errors import UsageProblem
from wizard.fields.lines import CommandLine, LineProblem, split_line
from wizard.fields.parameters import Parameter
from wizard.fields.templates import Slot, Template, ValueMissing, json_literal, parse_template, render
from wizard.model.procedure import Procedure


__all__ = [
    "CommandLine",
    "EmptyValue",
    "Filled",
    "LineProblem",
    "Template",
    "ValueMissing",
    "check_value",
    "fill",
    "fill_json",
    "fill_line",
    "fill_regex",
    "fill_text",
    "json_literal",
    "optional_names",
    "parse_template",
    "secret_names",
    "shell_environment",
    "split_words",
]


class EmptyValue(UsageProblem):
    """A value that is empty where a word of a command needs one."""

    title = "A value is empty"


@dataclass(frozen=True, slots=True)
class Filled:
    """A command ready to be started.

    Attributes:
        env: Variables its line sets, in order.
        words: Its words; word 0 is the program.
    """

    env: dict[str, str]
    words: list[str]


def split_words(line: str) -> CommandLine:
    """A `run:` line as templates, with its leading assignments apart.

    Raises:
        LineProblem: It needs a shell; the loader has refused such lines before.
    """
    return split_line(line)


def fill(words: tuple[Template, ...], values: Mapping[str, str], optional: AbstractSet[str] = frozenset()) -> list[str]:
    """The words with their values.

    Args:
        words: Templates, one a word.
        values: Value by name.
        optional: Names that may be without a value; a word that is only such a name is left out.

    Raises:
        ValueMissing: A name has no value and is not optional.
        EmptyValue: A value is empty and would make a word empty or change its meaning unseen.
    """
    filled = []
    for word in words:
        only = word[0].name if len(word) == 1 and isinstance(word[0], Slot) else None
        if only in optional and not values.get(only or "", ""):
            continue
        for part in word:
            if isinstance(part, Slot):
                _needed(part.name, values, optional)
        filled.append(render(word, values))
    return filled


def _needed(name: str, values: Mapping[str, str], optional: AbstractSet[str]) -> None:
    if name not in values and name not in optional:
        raise ValueMissing(name)
    if not values.get(name):
        raise EmptyValue(
            f"The value of {name} is empty, and the command would mean something else without it.",
            f"Give {name} a value.",
        )


def fill_line(line: str, values: Mapping[str, str], optional: AbstractSet[str] = frozenset()) -> Filled:
    """A `run:` line with its values; see `fill`. An assignment may be given an empty value.

    Raises:
        LineProblem: It needs a shell.
        ValueMissing: A name has no value and is not optional.
        EmptyValue: A value is empty inside a word.
    """
    split = split_line(line)
    present = {**dict.fromkeys(optional, ""), **values}
    env = {name: render(template, present) for name, template in split.env}
    return Filled(env, fill(split.words, values, optional))


def fill_text(text: str, values: Mapping[str, str], optional: AbstractSet[str] = frozenset()) -> str:
    """Prose, the value of a variable or an expected text with its values; optional ones may be empty.

    Raises:
        ValueMissing: A name has no value and is not optional.
    """
    return render(parse_template(text), {**dict.fromkeys(optional, ""), **values})


def fill_regex(pattern: str, values: Mapping[str, str]) -> str:
    """A regular expression in which each value matches itself alone."""
    return render(parse_template(pattern), values, re.escape)


def fill_json(question: str, values: Mapping[str, str]) -> str:
    """A JMESPath in which each value is a literal."""
    return render(parse_template(question), values, json_literal)


def check_value(parameter: Parameter, text: str) -> str:
    """A text as the value of a parameter.

    Args:
        parameter: What the value must be.
        text: What was given.

    Returns:
        The text, unchanged.

    Raises:
        UsageProblem: It is no value of that parameter; the sentence says what would be one, and never shows a secret.
    """
    if text == "" and parameter.optional:
        return text
    wrong = parameter.misfit(text)
    if wrong is not None:
        raise UsageProblem(wrong)
    return text


def optional_names(procedure: Procedure) -> frozenset[str]:
    """The names that may be without a value."""
    return frozenset(name for name, parameter in procedure.parameters.items() if parameter.optional)


def secret_names(procedure: Procedure) -> frozenset[str]:
    """The names whose values are never stored or shown."""
    found = {name for name, parameter in procedure.parameters.items() if parameter.secret}
    for step in procedure.steps():
        asked = step.act.plan
        if isinstance(asked, Value) and asked.secret:
            found.add(asked.name)
        for operation in (step, step.undo):
            if operation is not None:
                found.update(name for name, capture in operation.capture.items() if capture.secret)
    return frozenset(found)


def shell_environment(values: Mapping[str, str], secrets: AbstractSet[str]) -> dict[str, str]:
    """What a `shell:` script gets in its environment: every value but the secrets."""
    return {name: value for name, value in values.items() if name not in secrets}
