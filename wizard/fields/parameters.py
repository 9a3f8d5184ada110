"""A value a procedure asks for: declared once here; command line, form and prompt are made of it."""

import json
import re
from collections.abc import Sequence
from typing import Self

from pydantic import model_validator

from wizard.fields.base import KeyFault, Model
from wizard.fields.regex import compile_regex
from wizard.fields.scalars import Yes


PLAIN_VALUE = r"[A-Za-z0-9][A-Za-z0-9._:/@+-]*"
"""What a free text must match in full when its parameter says nothing else."""

_PLAIN_WORDS = (
    "Enter one word of letters, digits and . _ : / @ + - that begins with a letter or a digit. "
    "The procedure's file could allow more, with matches: or any: yes."
)

MAX_VALUE = 64 * 1024
"""Bytes a value may have in UTF-8; with more, a command could not be started."""
MAX_WRITTEN = 3 * MAX_VALUE
"""Characters a value may have as the journal writes it; what stands beside it in its record has room then."""


def unfit(value: str) -> str | None:
    """Why a text can be no value at all, whatever its parameter allows; None when it can. Never quotes it."""
    if "\0" in value:
        return "The value holds a NUL character, which no command can be given."
    try:
        length = len(value.encode("utf-8"))
    except UnicodeEncodeError:
        return "The value holds half of a character (a lone surrogate), which is no text."
    if length > MAX_VALUE or len(json.dumps(value)) > MAX_WRITTEN:
        return "The value is longer than 64 KiB, or would be in the record."
    return None


def either(words: Sequence[str]) -> str:
    """Several words of which one is wanted: `a, b or c`."""
    return " or ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _quoted(value: str) -> str:
    return repr(value if len(value) <= 80 else value[:79] + "…")


class Parameter(Model):
    """One parameter.

    Attributes:
        ask: The question; the name stands in when it is empty.
        default: The value when nothing is given.
        choices: The only values there are.
        matches: What a value must match in full.
        means: What `matches` wants, in words that go on after "Enter": `minutes, 1 to 9999`. Shown in its place.
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
    means: str | None = None
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
        if self.means is not None and self.matches is None:
            raise KeyFault("means", "means: says in words what matches: wants, and there is no matches: beside it.")
        if self.means is not None and not self.wanted:
            raise KeyFault(
                "means", "means: is empty. Write what goes on after the word Enter, like: minutes, 1 to 9999."
            )
        return self

    @model_validator(mode="after")
    def _own_values_fit(self) -> Self:
        for key, value in (("default", self.default), ("example", self.example)):
            if value is not None and (wrong := self.misfit(value)) is not None:
                wrong = wrong if self.matches is None else f"It does not match {self.matches}."
                raise KeyFault(key, f"The {key} {_quoted(value)} does not fit the parameter. {wrong}")
        return self

    @property
    def wanted(self) -> str:
        """What `means` says, to go on after "Enter"; empty when the procedure does not say it."""
        return " ".join((self.means or "").split()).rstrip(".")

    def misfit(self, value: str) -> str | None:
        """Why a text is no value of this parameter, as a sentence; None when it is one.

        It says what would do. It quotes neither the text, which may be a secret, nor a pattern.
        """
        if (wrong := unfit(value)) is not None:
            return wrong
        if self.choices:
            return None if value in self.choices else f"Choose {either(self.choices)}."
        if self.any or self._matched(value):
            return None
        if self.wanted:
            return f"Enter {self.wanted}."
        if self.matches is None:
            return _PLAIN_WORDS
        known = self.default if self.default is not None else self.example
        if known is not None and known != value:
            return f"The procedure does not take this value. {_quoted(known)} is one it takes."
        return "The procedure does not take this value. Its file says by a pattern what it takes, and not in words."

    def _matched(self, value: str) -> bool:
        try:
            return compile_regex(PLAIN_VALUE if self.matches is None else self.matches).fullmatch(value) is not None
        except re.error:
            return True  # the pattern itself is reported where it stands

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
