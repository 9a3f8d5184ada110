"""`choose:` a decision of a person between options."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from wizard.acts.act import Act, GivenName, Keys, Wording, name_in
from wizard.acts.plan import Value
from wizard.fields.base import Model
from wizard.fields.scalars import Name


class ChooseOption(Model):
    """One labelled option.

    Attributes:
        value: What `when` compares with.
        label: What the operator reads.
        why: When to take it.
    """

    value: str
    label: str
    why: str | None = None


class Choose(Model, Act):
    """A decision of a person that later steps' `when` looks at.

    Attributes:
        name: The name of the decision.
        ask: The question.
        options: At least two; written as a list, or as a mapping from value to label.
        example: The option a rehearsal takes by itself; the first when not said.
    """

    KEY: ClassVar[str] = "choose"
    SAYS: ClassVar[str] = "A decision of a person."
    KEYS: ClassVar[Keys] = Keys(texts=("ask", "label", "why"))

    name: Name
    ask: str
    options: tuple[ChooseOption, ...] = Field(min_length=2)
    example: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_mapping(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("options"), dict):
            listed = [{"value": value, "label": label} for value, label in given["options"].items()]
            return {**given, "options": listed}
        return given

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        values = [option.value for option in self.options]
        if len(set(values)) != len(values):
            raise ValueError("Two options have the same value.")
        if self.example is not None and self.example not in values:
            raise ValueError(f"The example {self.example!r} is none of the options.")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        cited = handler(core)
        keys = handler.resolve_ref_schema(cited)["properties"]
        table = {"type": "object", "additionalProperties": {"type": "string"}}
        keys["options"] = {"anyOf": [keys["options"], table]}
        return cited

    @classmethod
    def gives(cls, stands: Any) -> GivenName | None:
        if not (name := name_in(stands)):
            return None
        options = stands.get("options")
        if isinstance(options, dict):
            return GivenName(name, tuple(options) or None)
        listed = options if isinstance(options, list) else [options]
        written = (each.get("value") for each in listed if isinstance(each, dict))
        return GivenName(name, tuple(value for value in written if isinstance(value, str) and value) or None)

    @property
    def plan(self) -> Value:
        options = {option.value: option.label for option in self.options}
        return Value(self.name, self.ask, options=options, example=self.example)

    def shown(self, wording: Wording) -> str:
        return f"asks: {wording.text(self.ask)} ({', '.join(wording.text(option.label) for option in self.options)})"

    def whys(self) -> tuple[str, ...]:
        return tuple(f"{option.label}: {option.why}" for option in self.options if option.why)

    def came_to(self, values: Mapping[str, str]) -> str:
        chosen = values.get(self.name)
        labels = {option.value: option.label for option in self.options}
        return "" if chosen is None else f"You chose: {labels.get(chosen, chosen)}."
