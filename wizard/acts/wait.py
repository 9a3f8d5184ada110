"""`wait:` a soak with a countdown."""

from typing import ClassVar

from pydantic import Field

from wizard.acts.act import Act, Keys, Wording
from wizard.acts.plan import Countdown
from wizard.fields.base import Model
from wizard.fields.scalars import Seconds, StepId


class Wait(Model, Act):
    """A soak with a countdown; written as a duration, or as a mapping.

    Attributes:
        for_: Seconds.
        since: The id of the step whose end starts the count; this step's start when not said.
    """

    KEY: ClassVar[str] = "wait"
    SAYS: ClassVar[str] = "How long to wait."
    SHORTHAND: ClassVar[str] = "for"
    KEYS: ClassVar[Keys] = Keys(since="since")

    for_: Seconds = Field(alias="for")
    since: StepId | None = None

    @property
    def plan(self) -> Countdown:
        return Countdown(self.for_, self.since)

    def shown(self, wording: Wording) -> str:
        return self.gate(wording)

    def gate(self, wording: Wording) -> str:
        return f"waits {wording.duration(self.for_)}"
