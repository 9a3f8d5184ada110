"""Steps that never apply: their `when` asks for something that cannot be."""

import re
from collections.abc import Iterator, Mapping

from wizard.fields.parameters import PLAIN_VALUE
from wizard.fields.regex import compile_regex
from wizard.model.reading.fault import Fault
from wizard.model.reading.outline import BEFORE_ALL, Outline, items, table, word, yes
from wizard.model.reading.tree import Table, Text


Conditions = Mapping[str, frozenset[str]]
"""The values that each name must have one of."""


def when_faults(found: Outline) -> Iterator[Fault]:
    """Everything that keeps a step from ever applying."""
    for index, (step, _) in enumerate(found.steps):
        when = table(step.get("when"))
        for name, wanted in when.entries.items():
            if not items(wanted):
                yield Fault(
                    when.keys[name], f"The list of {name} is empty, so the step never applies.", "Name a value."
                )
            for value in items(wanted):
                if isinstance(value, Text) and (why := _impossible(found, name, value.value)):
                    yield Fault(value.spot, f"{name} is never {value.value!r}: {why}")
        yield from _contradiction(found, index, when)


def _impossible(found: Outline, name: str, value: str) -> str:
    """Why a free text is never this value; empty where it can be, or where its choices say so elsewhere."""
    declared = found.names.get(name)
    if declared is None or declared.values is not None:
        return ""
    asked = _asked(found, name)
    if yes(asked.get("secret")):
        return "it is a secret, and when: looks at no secret."
    if yes(asked.get("any")) or not asked.entries or (value == "" and yes(asked.get("optional"))):
        return ""
    rule = word(asked.get("matches")) or PLAIN_VALUE
    try:
        fits = compile_regex(rule).fullmatch(value) is not None
    except re.error:
        return ""
    return "" if fits else f"its values match {rule}."


def _asked(found: Outline, name: str) -> Table:
    """What asks for a name: its parameter, or a step; empty for what nobody is asked for."""
    return next((each.rule for each in found.asked if each.name == name), table(None))


def _contradiction(found: Outline, index: int, when: Table) -> Iterator[Fault]:
    for name in when.entries:
        declared = found.names.get(name)
        if declared is None or declared.step in {BEFORE_ALL, index} or declared.step > index:
            continue
        against = excluded(conditions(found, index), conditions(found, declared.step))
        if against is not None:
            yield Fault(
                when.keys[name],
                f"The step never applies: step {declared.step_id} decides {name}, and it applies only where {against} "
                "is something else.",
            )


def conditions(found: Outline, index: int) -> Conditions:
    """What the `when` of a step says, as far as it can be read."""
    when = table(found.steps[index][0].get("when"))
    return {name: frozenset(map(word, items(wanted))) for name, wanted in when.entries.items()}


def excluded(one: Conditions, other: Conditions) -> str | None:
    """The name because of which two steps never both apply; None where they can."""
    return next((name for name in one if name in other and not one[name] & other[name]), None)
