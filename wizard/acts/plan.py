"""What a session does with an act, whatever its kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.fields.parameters import Parameter


@dataclass(frozen=True, slots=True)
class Go:
    """Ask whether to go, pass the gates, start the command and judge what it printed."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing that a person does and says so.

    Attributes:
        text: What to do.
        evidence: What is asked for beside it: `text`, `url` or `file`; None for nothing.
        plays: The command that the pretend platform of a rehearsal plays when it is ticked.
    """

    text: str
    evidence: str | None = None
    plays: str | None = None


@dataclass(frozen=True, slots=True)
class TickAll:
    """Pass the gates, then have a person tick each item. The fence is looked at: a person changes something."""

    items: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """Ask a person for a value. It is a decision: it is taken back by asking again.

    Attributes:
        name: The name that later steps use it by.
        question: What is asked; empty where the step's title asks it.
        rule: What may be typed; None where one of the options is chosen.
        options: What the operator reads, by value; empty where a value is typed.
        example: What a rehearsal answers by itself; None for the first option, or for a text made up.
    """

    name: str
    question: str
    rule: Parameter | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    example: str | None = None

    @property
    def secret(self) -> bool:
        """Whether it is never stored or shown."""
        return self.rule is not None and self.rule.secret


@dataclass(frozen=True, slots=True)
class Countdown:
    """Let time pass.

    Attributes:
        seconds: How much.
        since: The id of the step whose end starts the count; None for this step's own start.
    """

    seconds: float
    since: str | None = None


Plan = Go | TickAll | Value | Countdown
"""What a session does with an act; exactly one of these."""
