"""`watch:` a command that runs beside the steps."""

from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import model_validator

from wizard.acts.act import Act, Keys
from wizard.fields.base import Model
from wizard.fields.commands import BashScript, PlainLine
from wizard.fields.scalars import StepId


class Watch(Model, Act):
    """A command that runs beside the steps until a later one has ended.

    Attributes:
        run: A command line without a shell.
        shell: A bash script; exactly one of the two is given.
        until: The id of the step whose end ends it.
    """

    KEY: ClassVar[str] = "watch"
    SAYS: ClassVar[str] = "A command that runs beside the steps until a later one has ended."
    SENSELESS: ClassVar[Mapping[str, str]] = {
        key: f"A watch runs beside the steps and nothing judges it, so {key} says nothing here."
        for key in ("expect", "already", "quiet_for", "output", "screen")
    }
    KEYS: ClassVar[Keys] = Keys(lines=("run",), scripts=("shell",), until="until")

    run: str | None = None
    shell: str | None = None
    until: StepId

    @model_validator(mode="after")
    def _one_command(self) -> Self:
        if (self.run is None) == (self.shell is None):
            raise ValueError("A watch runs by run or by shell; it needs exactly one of them.")
        return self

    @property
    def command(self) -> PlainLine | BashScript:
        return PlainLine(self.run) if self.run is not None else BashScript(self.shell or "")

    @property
    def beside(self) -> str:
        return self.until
