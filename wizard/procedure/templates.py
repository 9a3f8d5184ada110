"""Texts with `${name}` in them: taken apart once, so that filling in can never read a value as syntax."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


_NAMED = re.compile(r"\$\$\{|\$\{([^${}\s]*)\}")


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


def names_in(text: str) -> list[str]:
    """The names a text asks for, in order, each once."""
    return list(dict.fromkeys(slot.name for slot in slots(parse_template(text))))
