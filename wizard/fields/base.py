"""What all models of the file have in common."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from wizard.fields.scalars import one_or_many


class KeyFault(ValueError):
    """A fault that only a whole model can see.

    Args:
        key: The key it stands under; empty for the model as such.
        sentence: What is wrong.
    """

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


class KeyFaults(ValueError):
    """All of those of one model.

    Args:
        faults: At least one.
    """

    def __init__(self, faults: Sequence[KeyFault]) -> None:
        super().__init__(" ".join(map(str, faults)))
        self.faults = tuple(faults)


class Model(BaseModel):
    """Frozen, closed, named by the file's own keys, and silent about values when it fails."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_by_alias=True, validate_by_name=True
    )

    SHORTHAND: ClassVar[str] = ""
    """The key that a text stands for which is written in place of the whole table; empty where none may be."""

    @model_validator(mode="before")
    @classmethod
    def _from_shorthand(cls, given: Any) -> Any:
        return {cls.SHORTHAND: given} if cls.SHORTHAND and isinstance(given, str) else given

    def broken_rules(self) -> Iterator[KeyFault]:
        """What is wrong with its keys taken together."""
        yield from ()

    @model_validator(mode="after")
    def _keeps_its_rules(self) -> Self:
        broken = tuple(self.broken_rules())
        if broken:
            raise KeyFaults(broken)
        return self


_T = TypeVar("_T")


class _OnceOrListed:
    """Tells the schema that the list may be left out around one value."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        listed = handler(core)
        return {"anyOf": [listed["items"], listed]}


OneOrMany = Annotated[tuple[_T, ...], BeforeValidator(one_or_many), _OnceOrListed()]
"""A key that takes one value or a list of them; in Python always a tuple."""
