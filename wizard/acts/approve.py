"""`approve:` a second person's yes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wizard.acts.act import Act, Keys
from wizard.fields.base import Model
from wizard.fields.scalars import quoted


class Approve(Model, Act):
    """A second person's yes; written as the sentence they approve, or as a mapping.

    Attributes:
        asks: What they approve.
    """

    KEY: ClassVar[str] = "approve"
    SAYS: ClassVar[str] = "What a second person says yes to."
    GATE: ClassVar[bool] = True
    SHORTHAND: ClassVar[str] = "asks"
    KEYS: ClassVar[Keys] = Keys(texts=("asks",))

    asks: str

    @classmethod
    def dead_end(cls, keys: Mapping[str, Any], *, alone: bool) -> tuple[str, str]:
        stands = keys[cls.KEY]
        given = stands.get("asks") if isinstance(stands, dict) else stands
        asks = quoted(given if isinstance(given, str) else "")
        if alone:
            cure = f"Write: by_hand: [{{text: {asks}, evidence: text}}]"
        elif "confirm" in keys:
            cure = "Take approve: out, and let confirm: ask for it."
        else:
            cure = f"Write: confirm: {asks}"
        return (
            "Nobody can approve this: this version of uplevel cannot ask a second person, and cannot run the step.",
            cure,
        )
