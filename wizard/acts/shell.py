"""`shell:` a bash script."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from wizard.acts.act import Act, Keys
from wizard.fields.commands import BashScript


@dataclass(frozen=True, slots=True)
class Shell(Act):
    """A bash script, handed over unchanged; values are its environment."""

    script: str

    KEY: ClassVar[str] = "shell"
    SAYS: ClassVar[str] = "A bash script; it stops at the first command that fails."
    KEYS: ClassVar[Keys] = Keys(scripts=("shell",))

    @classmethod
    def annotation(cls) -> Any:
        return str | None

    @classmethod
    def of(cls, stands: Any) -> Self:
        return cls(stands)

    @property
    def command(self) -> BashScript:
        return BashScript(self.script)
