"""`run:` one command without a shell."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from wizard.acts.act import Act, Keys
from wizard.fields.commands import PlainLine


@dataclass(frozen=True, slots=True)
class Run(Act):
    """One command without a shell; `line` is the text of the file."""

    line: str

    KEY: ClassVar[str] = "run"
    SAYS: ClassVar[str] = "One command, split into words; no shell sees it."
    KEYS: ClassVar[Keys] = Keys(lines=("run",))

    @classmethod
    def annotation(cls) -> Any:
        return str | None

    @classmethod
    def of(cls, stands: Any) -> Self:
        return cls(stands)

    @property
    def command(self) -> PlainLine:
        return PlainLine(self.line)
