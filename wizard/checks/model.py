"""Questions to the world: what is asked, and what the answer must be."""

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import Field, create_model, model_validator

from wizard.checks.assertion import Assertion
from wizard.checks.kinds import KINDS, TEXT_KEYS, attribute_of
from wizard.fields.base import Model, OneOrMany
from wizard.fields.commands import BashScript, CommandText, PlainLine
from wizard.fields.scalars import Name, Seconds, Yes


if TYPE_CHECKING:
    _Asserted = Model
else:
    _Asserted = create_model(
        "_Asserted",
        __base__=Model,
        __module__=__name__,
        **{
            attribute_of(kind): (
                kind.TYPE,
                Field(default=kind.DEFAULT, alias=kind.KEY, description=inspect.cleandoc(kind.__doc__)),
            )
            for kind in KINDS
        },
    )


class Expectation(_Asserted):
    """What an answer must be.

    It has a key for each kind of assertion, beside its own.

    Attributes:
        no_answer: Patterns that mean that no answer was given, beside those built in for cf.
        says: What to do when it fails.
    """

    no_answer: OneOrMany[str] = ()
    says: str | None = None

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        lacking = [wrong for each in self.assertions if (wrong := each.lacking(TEXT_KEYS)) is not None]
        if lacking and not self.judges_text:
            raise ValueError(lacking[0])
        return self

    @property
    def assertions(self) -> tuple[Assertion[object], ...]:
        """What is wanted of the answer, each for itself, in the order of the registry."""
        given = ((kind, getattr(self, attribute_of(kind))) for kind in KINDS)
        return tuple(kind(value) for kind, value in given if value not in (None, ()))

    @property
    def judges_text(self) -> bool:
        """Whether more than the exit code is looked at."""
        return any(each.JUDGES != "end" for each in self.assertions)


class Check(Expectation):
    """A read-only command and what its answer must be.

    Attributes:
        run: A command line without a shell.
        shell: A bash script; exactly one of the two is given.
        within: Ask again until yes, at most this long; without it, once.
        every: Seconds between two of those.
        timeout: Seconds one answer may take.
        env: Further variables of the command.
        in_: The folder it runs in.
        trusts: Values that may stand behind an interpreter's -c or after ssh.
    """

    run: str | None = None
    shell: str | None = None
    within: Seconds | None = None
    every: Seconds = 5.0
    timeout: Seconds = 30.0
    env: Mapping[str, str] = Field(default_factory=dict)
    in_: str | None = Field(default=None, alias="in")
    trusts: OneOrMany[Name] = ()

    @model_validator(mode="after")
    def _one_command(self) -> Self:
        if (self.run is None) == (self.shell is None):
            raise ValueError("A check asks by run or by shell; it needs exactly one of them.")
        return self

    @property
    def command(self) -> str:
        """What it asks, for people: the run line, or the script."""
        return self.run if self.run is not None else self.shell or ""

    @property
    def asks(self) -> CommandText:
        """What is started to ask it."""
        return PlainLine(self.run) if self.run is not None else BashScript(self.shell or "")


class Capture(Model):
    """A value a step takes from the output of its command; written as a pattern, or as a mapping.

    Attributes:
        capture: A pattern with one group, searched line by line in the output; without it, `json` or the whole output.
        json_: JMESPath into the output read as JSON.
        secret: The value is never stored or shown.
    """

    SHORTHAND: ClassVar[str] = "capture"

    capture: str | None = None
    json_: str | None = Field(default=None, alias="json")
    secret: Yes = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.capture is not None and self.json_ is not None:
            raise ValueError("A value is taken by capture or by json, not by both.")
        return self
