"""`edit:` paths set and removed in a file, by the program `uplevel edit`."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from wizard.acts.act import Act, Keys
from wizard.checks.model import Check
from wizard.fields.base import Model
from wizard.fields.commands import Fill, MadeWords


class Edit(Model, Act):
    """Paths set and removed in a file, shown as a redacted diff before it is written.

    Attributes:
        file: The file.
        kind: How its paths are read: dotted keys of YAML, or patterns that pick lines of a text.
        set: Path to new value.
        remove: Paths that go.
    """

    KEY: ClassVar[str] = "edit"
    SAYS: ClassVar[str] = "Paths to set or remove in a file."
    SENSELESS: ClassVar[Mapping[str, str]] = {
        "already": "An edit knows by itself whether it is made; leave already: out."
    }
    KEYS: ClassVar[Keys] = Keys(free=("set",))

    file: str
    kind: Literal["yaml", "text"] = Field(default="yaml", alias="as")
    set: Mapping[str, Any] = Field(default_factory=dict)
    remove: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.set and not self.remove:
            raise ValueError("An edit needs set or remove: as it stands it changes nothing.")
        return self

    @property
    def command(self) -> MadeWords:
        return MadeWords(self.words)

    def probe(self, in_: str | None, env: Mapping[str, str]) -> Check:
        return EditCheck(edit=self, in_=in_, env=env)

    def words(self, fill: Fill) -> list[str]:
        """The edit as a command, `uplevel edit FILE ...`.

        A value goes into a list or mapping before that becomes JSON, so it cannot break out of its place.
        """
        file = fill(self.file)
        # A value that begins like an option is a file all the same.
        words = ["uplevel", "edit", f"./{file}" if file.startswith("-") else file, "--as", self.kind]
        for path, value in self.set.items():
            filled = _filled(value, fill)
            one = isinstance(filled, str)
            words += ["--set" if one else "--set-json", fill(path), filled if one else json.dumps(filled)]
        for path in self.remove:
            words += ["--remove", fill(path)]
        return words


def _filled(value: Any, fill: Fill) -> Any:
    if isinstance(value, Mapping):
        return {fill(str(key)): _filled(item, fill) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(item, fill) for item in value]
    return fill(str(value))


class EditCheck(Check):
    """Asks the program of an edit whether anything would still change. A no carries the diff.

    Attributes:
        edit: The edit.
    """

    edit: Edit

    @model_validator(mode="after")
    def _one_command(self) -> Self:
        return self  # it is asked by the edit

    @property
    def command(self) -> str:
        return f"uplevel edit {self.edit.file} --check"

    @property
    def asks(self) -> MadeWords:
        return MadeWords(lambda fill: [*self.edit.words(fill), "--check"])
