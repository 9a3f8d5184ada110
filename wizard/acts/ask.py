"""`ask:` a value that a person types."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wizard.acts.act import Act, GivenName, Keys, Wording, name_in
from wizard.acts.plan import Value
from wizard.fields.parameters import Parameter
from wizard.fields.scalars import Name


class Ask(Parameter, Act):
    """A value asked for on the way.

    Attributes:
        name: The name later steps use it by.
    """

    KEY: ClassVar[str] = "ask"
    SAYS: ClassVar[str] = "A value that a person types."
    KEYS: ClassVar[Keys] = Keys(texts=("ask",))

    name: Name

    @classmethod
    def gives(cls, stands: Any) -> GivenName | None:
        return GivenName(name, as_parameter=True) if (name := name_in(stands)) else None

    @property
    def plan(self) -> Value:
        return Value(self.name, self.ask, rule=self, example=self.rehearsed())

    def shown(self, wording: Wording) -> str:
        return f"asks: {wording.text(self.ask or self.name)}"

    def came_to(self, values: Mapping[str, str]) -> str:
        if self.name in values:
            return f"You answered: {values[self.name]}"
        return f"{self.name} is kept in memory and stored nowhere."
