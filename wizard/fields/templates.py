"""Texts with `${name}` in them: taken apart once, so that filling in can never read a value as syntax."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from wizard.errors import UsageProblem


_NAMED = re.compile(r"\$\$\{|\$\{([^${}\s]*)\}")


_OPEN = re.compile(rf"{_NAMED.pattern}|(\$\{{)")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place where a value goes.

    Attributes:
        name: The name between the braces, as it was written.
        at: Offset of its `$` in the text it was written in.
    """

    name: str
    at: int


Template = tuple[str | Slot, ...]
"""Literal texts and slots, in order."""


@lru_cache(maxsize=4096)
def parse_template(text: str) -> Template:
    """Take a text apart; `$${` writes `${`, and a `$` that starts no `${name}` is itself."""
    return tuple(_parts(text))


def _parts(text: str) -> Iterator[str | Slot]:
    literal, end = "", 0
    for found in _NAMED.finditer(text):
        literal += text[end : found.start()]
        end = found.end()
        if found[1] is None:
            literal += "${"
            continue
        if literal:
            yield literal
        literal = ""
        yield Slot(found[1], found.start())
    literal += text[end:]
    if literal:
        yield literal


def slots(template: Template) -> list[Slot]:
    """The slots of a template, in order."""
    return [part for part in template if isinstance(part, Slot)]


def broken_slots(text: str) -> list[int]:
    """Where a `${` begins that is no `${name}`: it is not closed, or a name cannot be what stands in it."""
    return [found.start() for found in _OPEN.finditer(text) if found[2] is not None]


def names_in(text: str) -> list[str]:
    """The names a text asks for, in order, each once."""
    return list(dict.fromkeys(slot.name for slot in slots(parse_template(text))))


class ValueMissing(UsageProblem):
    """A `${name}` whose value nobody knows.

    Args:
        name: The name.
    """

    title = "A value is missing"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The value of {name} is not known.",
            "The step that takes it was skipped, or it was never given.",
        )
        self.name = name


def render(template: Template, values: Mapping[str, str], form: Callable[[str], str] = str) -> str:
    """A template with its slots filled.

    Args:
        template: What to fill.
        values: Value by name.
        form: What is done to each value before it goes in, such as escaping; literal parts stay as they are.

    Raises:
        ValueMissing: A name has no value.
    """
    pieces = []
    for part in template:
        if isinstance(part, str):
            pieces.append(part)
        elif part.name in values:
            pieces.append(form(values[part.name]))
        else:
            raise ValueMissing(part.name)
    return "".join(pieces)


class KnownValues(dict[str, str]):
    """Values by name; a name that has none, or a secret, stands for itself as it is written."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return f"${{{name}}}"


def render_text(text: str, values: Mapping[str, str]) -> str:
    """The text with the values that are known filled in; a name that has none, or a secret, stays as it is written."""
    return render(parse_template(text), KnownValues(values))


def json_literal(value: str) -> str:
    """A JMESPath literal of a text."""
    return "`" + json.dumps(value).replace("`", "\\u0060") + "`"
