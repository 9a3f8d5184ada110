"""The world of a rehearsal: what every pretend platform has in common, and how it is kept."""

import json
import time
from dataclasses import dataclass, field
from typing import Any, Self

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from wizard.platforms.sdk import seeded_random
from wizard.platforms.sdk.adapters import adapter_of, first_mistake


FORMAT = 2

Json = dict[str, Any]
"""A table of JSON: what a person said as JSON, or what a command answers in it."""


@dataclass(slots=True, kw_only=True)
class World:
    """What exists, and what time it is there. A platform's own world has its things beside these.

    Attributes:
        format: Of the file it is kept in.
        world: The name of the estate.
        stage: The part of the estate that is worked on.
        seed: Decides what is drawn.
        drawn: How often something was drawn.
        now: World time in whole seconds since 1970, UTC.
        began: The world time at which the rehearsal began.
        drill: The drill that was planted in it; empty for none.
        armed: Faults that wait for their hour, or for the deed that they spoil, as their drill says them.
        harm: What was done that cannot be undone or that somebody noticed, counted by name.
    """

    format: int = FORMAT
    world: str
    stage: str
    seed: int
    drawn: int = 0
    now: int
    began: int
    drill: str = ""
    armed: list[Json] = field(default_factory=list)
    harm: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str | bytes) -> Self:
        """The world that `write` wrote.

        Raises:
            ValueError: It is none of this platform.
        """
        try:
            return adapter_of(cls).validate_json(text)
        except ValidationError as wrong:
            raise ValueError(first_mistake(wrong)) from None

    def write(self) -> bytes:
        """The world as JSON. What is no text, in a word of a command, becomes a question mark."""
        adapter = adapter_of(type(self))
        try:
            return adapter.dump_json(self)
        except PydanticSerializationError:
            return json.dumps(adapter.dump_python(self, mode="json"), ensure_ascii=False).encode(errors="replace")

    def copy(self) -> Self:
        """A world like it, which shares nothing with it."""
        return self.read(self.write())

    def advance(self, seconds: int) -> None:
        """Let world time pass: what was in progress comes to its end."""
        self.now += max(0, seconds)
        self.settle()

    def settle(self) -> None:
        """Make of what was begun what it has come to by now."""

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included, drawn by the seed."""
        return low + self._draw() % (high - low + 1)

    def guid(self) -> str:
        """A fresh guid, drawn by the seed."""
        return seeded_random.guid(self._draw(), self._draw())

    def moment(self, at: int | None = None) -> str:
        """A world time (now, unless given) as `2018-10-18T09:13:20Z`."""
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.now if at is None else at))

    def _draw(self) -> int:
        self.drawn += 1
        return seeded_random.number(self.seed, self.drawn)
