"""A value a procedure asks for: declared once here; command line, form and prompt are made of it."""

from typing import Self

from pydantic import model_validator

from wizard.procedure.base import Model
from wizard.procedure.scalars import Yes


PLAIN_VALUE = r"[A-Za-z0-9][A-Za-z0-9._:/@+-]*"
"""What a free text must match in full when its parameter says nothing else."""


class Parameter(Model):
    """One parameter.

    Attributes:
        ask: The question; the name stands in when it is empty.
        default: The value when nothing is given.
        choices: The only values there are.
        matches: What a value must match in full.
        any: Any text is a value, even one that looks like an option.
        secret: Never stored, never shown, never in words of a command.
        env: The environment variable it is taken from when that is set.
        example: What a rehearsal answers when there is neither default nor choice.
        optional: May be left without a value.
    """

    ask: str = ""
    default: str | None = None
    choices: tuple[str, ...] = ()
    matches: str | None = None
    any: Yes = False
    secret: Yes = False
    env: str | None = None
    example: str | None = None
    optional: Yes = False

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        rules = sum((bool(self.choices), self.matches is not None, self.any))
        if rules > 1:
            raise ValueError("A parameter takes one of choices, matches and any.")
        if self.secret and self.default is not None:
            raise ValueError("A secret has no default: whatever stands in the file is no secret.")
        return self

    @property
    def required(self) -> bool:
        """Whether a value must be given by someone."""
        return self.default is None and not self.optional

    def rehearsed(self) -> str | None:
        """What a rehearsal answers by itself: the default, the example, or the first choice."""
        if self.default is not None:
            return self.default
        if self.example is not None:
            return self.example
        return self.choices[0] if self.choices else None
