"""What a step does: one class for each of the nine acts. `Act` is their union, to be matched exhaustively."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from wizard.fields.base import Model
from wizard.fields.parameters import Parameter
from wizard.fields.scalars import Name, Seconds, StepId


@dataclass(frozen=True, slots=True)
class Run:
    """One command without a shell; `line` is the text of the file, to be split by `wizard.model.substitute`."""

    line: str


@dataclass(frozen=True, slots=True)
class Shell:
    """A bash script, handed over unchanged; values are its environment."""

    script: str


class ByHandItem(Model):
    """One thing a person does and ticks.

    Attributes:
        text: What to do.
        evidence: What is asked for beside the tick: a text, a URL, or a file (kept by its hash).
        plays: The pretend command a world plays in a rehearsal when the item is ticked.
    """

    text: str
    evidence: Literal["text", "url", "file"] | None = None
    plays: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: Any) -> Any:
        return {"text": given} if isinstance(given, str) else given


@dataclass(frozen=True, slots=True)
class ByHand:
    """A list of items to tick."""

    items: tuple[ByHandItem, ...]


class Ask(Parameter):
    """A value asked for on the way.

    Attributes:
        name: The name later steps use it by.
    """

    name: Name


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


class Choose(Model):
    """A decision of a person that later steps' `when` looks at.

    Attributes:
        name: The name of the decision.
        ask: The question.
        options: At least two; written as a list, or as a mapping from value to label.
        example: The option a rehearsal takes by itself; the first when not said.
    """

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


class Wait(Model):
    """A soak with a countdown; written as a duration, or as a mapping.

    Attributes:
        for_: Seconds.
        since: The id of the step whose end starts the count; this step's start when not said.
    """

    for_: Seconds = Field(alias="for")
    since: StepId | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_duration(cls, given: Any) -> Any:
        return {"for": given} if isinstance(given, str) else given


class Edit(Model):
    """Paths set and removed in a file, shown as a redacted diff before it is written.

    Attributes:
        file: The file.
        kind: How its paths are read: dotted keys of YAML, or patterns that pick lines of a text.
        set: Path to new value.
        remove: Paths that go.
    """

    file: str
    kind: Literal["yaml", "text"] = Field(default="yaml", alias="as")
    set: Mapping[str, Any] = Field(default_factory=dict)
    remove: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.set and not self.remove:
            raise ValueError("An edit needs set or remove: as it stands it changes nothing.")
        return self

    def words(self, fill: Callable[[str], str]) -> list[str]:
        """The edit as a command, `uplevel edit FILE ...`.

        Args:
            fill: What makes a text of the procedure the text that is meant. A value goes into a list or mapping before
                that becomes JSON, so it cannot break out of its place.
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


def _filled(value: Any, fill: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {fill(str(key)): _filled(item, fill) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(item, fill) for item in value]
    return fill(str(value))


class Watch(Model):
    """A command that runs beside the steps until a later one has ended.

    Attributes:
        run: A command line without a shell.
        shell: A bash script; exactly one of the two is given.
        until: The id of the step whose end ends it.
    """

    run: str | None = None
    shell: str | None = None
    until: StepId

    @model_validator(mode="after")
    def _one_command(self) -> Self:
        if (self.run is None) == (self.shell is None):
            raise ValueError("A watch runs by run or by shell; it needs exactly one of them.")
        return self

    @property
    def command(self) -> Run | Shell:
        """What it starts."""
        return Run(self.run) if self.run is not None else Shell(self.shell or "")


class Approve(Model):
    """A second person's yes; written as the sentence they approve, or as a mapping.

    Attributes:
        asks: What they approve.
    """

    asks: str

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: Any) -> Any:
        return {"asks": given} if isinstance(given, str) else given


Act = Run | Shell | ByHand | Ask | Choose | Wait | Edit | Watch | Approve
"""What a step does; exactly one of these."""

ACT_KEYS = ("run", "shell", "edit", "by_hand", "ask", "choose", "wait", "watch", "approve")
"""The keys of a step that are acts (`approve` beside another act is a gate)."""
