"""Questions to the world: what is asked, and what the answer must be."""

from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import Field, model_validator

from wizard.fields.base import Model, OneOrMany
from wizard.fields.commands import BashScript, CommandText, PlainLine
from wizard.fields.scalars import Name, Seconds, Whole, Yes


class JsonQuestion(Model):
    """A question to a JSON answer; written as a JMESPath where nothing is said of what it finds, or as a mapping.

    Attributes:
        path: JMESPath; a `${value}` in it stands for a literal.
        equals: What the found value must be: a text, a number, yes or no, null, or a list or table written as JSON.
        at_least: The least number it may be.
        matches: A regular expression searched in it.
    """

    SHORTHAND: ClassVar[str] = "path"

    path: str
    equals: str | None = None
    at_least: str | None = None
    matches: str | None = None

    @model_validator(mode="after")
    def _one_judgement(self) -> Self:
        if sum(wanted is not None for wanted in (self.equals, self.at_least, self.matches)) > 1:
            raise ValueError("A question to JSON takes one of equals, at_least and matches.")
        return self


class Expectation(Model):
    """What an answer must be.

    Attributes:
        exit: The exit code it must have.
        has: Patterns that must be found in stdout or stderr, line by line.
        lacks: Patterns that must be found in neither.
        equals: What stdout must be, its trailing newline dropped; beside `capture` or `json`, what that takes of it.
        json_: A question to stdout read as JSON; what its path finds is the value that `target` and `remember` take.
        capture: A pattern with one group; the group is the value taken from stdout. Taking nothing is a failure.
        no_answer: Patterns that mean that no answer was given, beside those built in for cf.
        says: What to do when it fails.
    """

    exit: Whole = 0
    has: OneOrMany[str] = ()
    lacks: OneOrMany[str] = ()
    equals: str | None = None
    json_: JsonQuestion | None = Field(default=None, alias="json")
    capture: str | None = None
    no_answer: OneOrMany[str] = ()
    says: str | None = None

    @model_validator(mode="after")
    def _another_exit_names_its_text(self) -> Self:
        if self.exit != 0 and not self.judges_text:
            raise ValueError(
                f"A check that expects exit {self.exit} must also name the text it expects, by has, lacks, equals, "
                "json or capture: a command that failed for another reason would pass it."
            )
        return self

    @property
    def judges_text(self) -> bool:
        """Whether more than the exit code is looked at."""
        return bool(self.has or self.lacks or self.json_ or self.capture) or self.equals is not None


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
