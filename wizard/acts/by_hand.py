"""`by_hand:` what a person does and ticks."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

from wizard.acts.act import Act, Keys, Wording
from wizard.acts.plan import Tick, TickAll
from wizard.fields.base import Model, OneOrMany


class ByHandItem(Model):
    """One thing a person does and ticks.

    Attributes:
        text: What to do.
        evidence: What is asked for beside the tick: a text, a URL, or a file (kept by its hash).
        plays: The pretend command a world plays in a rehearsal when the item is ticked.
    """

    SHORTHAND: ClassVar[str] = "text"

    text: str
    evidence: Literal["text", "url", "file"] | None = None
    plays: str | None = None


@dataclass(frozen=True, slots=True)
class ByHand(Act):
    """A list of items to tick."""

    items: tuple[ByHandItem, ...]

    KEY: ClassVar[str] = "by_hand"
    SAYS: ClassVar[str] = "What a person does and ticks."
    ABSENT: ClassVar[object] = ()
    KEYS: ClassVar[Keys] = Keys(played=("plays",), texts=("by_hand", "text"))

    @classmethod
    def annotation(cls) -> Any:
        return OneOrMany[ByHandItem]

    @classmethod
    def of(cls, stands: Any) -> Self:
        return cls(stands)

    @property
    def plan(self) -> TickAll:
        return TickAll(tuple(Tick(item.text, item.evidence, item.plays) for item in self.items))

    def shown(self, wording: Wording) -> str:
        return f"by hand: {'; '.join(wording.text(item.text) for item in self.items)}"
