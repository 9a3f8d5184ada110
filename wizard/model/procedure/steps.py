"""A step, its undo and its gates."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from wizard.acts.act import Act
from wizard.acts.fields import ActFields
from wizard.acts.kinds import ACT_KEYS, KINDS
from wizard.checks.model import Capture, Check, Expectation
from wizard.fields.base import KeyFault, Model, OneOrMany
from wizard.fields.commands import CommandText, MadeWords
from wizard.fields.scalars import Name, Seconds, Size, StepId, Yes


_UNRECORDED = (
    "Nothing that a program shows is recorded with screen: full, so there is nothing for {}. "
    "Name its files in files:, and let checks after it look at them."
)


def _yes_or_question(value: Any) -> Any:
    words = {"yes": "Do this now?", "true": "Do this now?", "no": None, "false": None}
    return words.get(value, value) if isinstance(value, str) else value


class Soak(Model):
    """A step waits until this much time passed since another ended.

    Attributes:
        since: The id of that step.
        for_: Seconds, by the journal.
    """

    since: StepId
    for_: Seconds = Field(alias="for")


class Predict(Model):
    """A question to the learner before the step runs.

    Attributes:
        ask: What will happen?
        options: What they may say.
        answer: The right one of the options.
        why: Told after the answer.
    """

    ask: str
    options: tuple[str, ...] = Field(min_length=2)
    answer: str
    why: str | None = None

    @model_validator(mode="after")
    def _answerable(self) -> Self:
        if self.answer not in self.options:
            raise ValueError(f"The answer {self.answer!r} is none of the options.")
        return self


class Operation(ActFields):
    """What a step and an undo have in common: one act, its surroundings, its checks.

    Attributes:
        env: Further variables; values may be `${names}`, secrets too.
        stdin: What the command reads; a secret may stand here.
        in_: The folder it runs in.
        output: `private` keeps stdout off the disk.
        stderr: `apart` keeps standard error apart from what is printed on the terminal.
        capture: Values taken from the output, by name.
        keep: How many bytes of output are kept.
        timeout: After how long the command is stopped; without it, it takes its time.
        quiet_for: Seconds without output after which the operator is told so, and again when they have doubled.
        progress: A pattern for how far the command says it is: one group for percent, or two for done and total.
        trusts: Values that may stand behind an interpreter's -c or after ssh.
        screen: `full` hands the real terminal to the program.
        files: Files whose hashes are kept before and after a full screen program.
        leaves: `background` says that something is left running on purpose.
        already: The probe: is the effect there?
        before: Checks that must say yes before the act.
        expect: What the act's own output must be.
        after: Checks that prove the act.
    """

    env: Mapping[str, str] = Field(default_factory=dict)
    stdin: str | None = None
    in_: str | None = Field(default=None, alias="in")
    output: Literal["shown", "private"] = "shown"
    stderr: Literal["together", "apart"] = "together"
    capture: Mapping[Name, Capture] = Field(default_factory=dict)
    keep: Size | None = None
    timeout: Seconds | None = None
    quiet_for: Seconds | None = None
    progress: str | None = None
    trusts: OneOrMany[Name] = ()
    screen: Literal["full"] | None = None
    files: OneOrMany[str] = ()
    leaves: Literal["background"] | None = None
    already: Check | None = None
    before: OneOrMany[Check] = ()
    expect: Expectation | None = None
    after: OneOrMany[Check] = ()

    @cached_property
    def _acts(self) -> tuple[Act, ...]:
        there = [(kind, getattr(self, kind.KEY)) for kind in KINDS]
        return tuple(kind.of(stands) for kind, stands in there if stands != kind.ABSENT)

    @cached_property
    def act(self) -> Act:
        """The one thing it does. An act that may be the gate of another is it where no other stands."""
        if not self._acts:
            raise ValueError("A step without an act does not exist.")
        return next((act for act in self._acts if not act.GATE), self._acts[0])

    @property
    def command(self) -> CommandText | None:
        """What the act starts, on the live pane or beside the steps; None for an act that starts nothing."""
        return self.act.command

    @property
    def starts_command(self) -> bool:
        """Whether the act starts a program on the live pane and ends with it."""
        act = self.act
        return act.command is not None and act.beside is None

    @property
    def own_probe(self) -> Check | None:
        """The probe that the act brings, whose no carries the difference that it would make."""
        return next((own for act in self._acts if (own := act.probe(self.in_, self.env)) is not None), None)

    @property
    def probe(self) -> Check | None:
        """What tells whether the effect is there: the probe of the act, else `already`."""
        own = self.own_probe
        return self.already if own is None else own

    def broken_rules(self) -> Iterator[KeyFault]:
        acts = self._acts
        if sum(not act.GATE for act in acts) > 1:
            yield KeyFault("", "A step does one thing, and this one does several. Make a step of each.")
        if not acts:
            yield KeyFault("", f"The step does nothing: it needs one of {', '.join(ACT_KEYS)}.")
            return
        for act in acts:
            yield from (KeyFault(key, told) for key, told in act.SENSELESS.items() if self._says(key))
        if self.stderr == "apart" and self.screen is not None:
            yield KeyFault("stderr", "A program that gets the whole screen prints all of it there: leave stderr out.")
        if self.output != "private" and any(capture.secret for capture in self.capture.values()):
            yield KeyFault("capture", "A secret can be taken from output: private only; other output is kept on disk.")
        yield from self._without_output()
        yield from self._with_whole_screen()

    def _says(self, key: str) -> bool:
        """Whether a key holds something else than where it is left out."""
        field = type(self).model_fields[key]
        return bool(getattr(self, key) != field.get_default(call_default_factory=True))

    def _without_output(self) -> Iterator[KeyFault]:
        if self.capture and not self.starts_command:
            yield KeyFault("capture", "Only run and shell have output that capture can take a value from.")
        if self.stderr == "apart" and not self.starts_command:
            yield KeyFault("stderr", "Only run and shell have a standard error that can be kept apart.")
        if self.progress is not None and (not self.starts_command or self.output == "private"):
            yield KeyFault("progress", "Only run and shell whose output is shown tell how far they are.")

    def _with_whole_screen(self) -> Iterator[KeyFault]:
        if self.screen is None:
            if self.files:
                yield KeyFault(
                    "files", "files belongs to screen: full, where it says what the program may have changed."
                )
            return
        if not self.starts_command or isinstance(self.command, MadeWords):
            yield KeyFault("screen", "screen: full hands the terminal to a program, so the step needs run or shell.")
        wanted = {
            "output": self.output == "private",
            "capture": bool(self.capture),
            "expect": self.expect is not None and self.expect.judges_text,
            "keep": self.keep is not None,
            "quiet_for": self.quiet_for is not None,
        }
        for key, there in wanted.items():
            if there:
                yield KeyFault(key, _UNRECORDED.format(key))
        if self.stdin is not None:
            yield KeyFault("stdin", "A program with screen: full reads from the terminal, so it cannot have stdin.")


class Undo(Operation):
    """How a finished step is taken back.

    Attributes:
        title: What it does, when the command does not say it.
        why: What is lost or regained by it.
    """

    title: str | None = None
    why: str | None = None

    def broken_rules(self) -> Iterator[KeyFault]:
        yield from super().broken_rules()
        for act in self._acts:
            if act.beside is not None:
                yield KeyFault(act.KEY, "A way back takes one thing back; a watch belongs into a step of its own.")


class Step(Operation):
    """One thing to do.

    Attributes:
        id: Unique in the procedure.
        ref: The number it has in the manual.
        title: What it does, in a line.
        why: Why it is there.
        hint: What helps while it is done.
        predict: A question to the learner before it runs.
        confirm: The question of the gate; without it there is none.
        type: What the operator types to pass the gate.
        soak: How much time must have passed since another step.
        skippable: Whether it may be skipped, with a reason.
        needs: Ids of steps that must be done (a step that does not apply satisfies it).
        when: The values for which the step applies; all keys must match.
        undo: How it is taken back.
        remember: Checks whose values are taken once the step is proven, by name; names change, guids do not.
        repeat: Whether the command may run twice: safe, check-first (the probe says no), never.
        no_return: Why there is no way back after it.
    """

    id: StepId
    ref: str | None = None
    title: str
    why: str | None = None
    hint: str | None = None
    predict: Predict | None = None
    confirm: Annotated[str | None, BeforeValidator(_yes_or_question, json_schema_input_type=str | bool)] = None
    type: str | None = None
    soak: Soak | None = None
    needs: OneOrMany[StepId] = ()
    skippable: Yes = True
    when: Mapping[str, OneOrMany[str]] = Field(default_factory=dict)
    remember: Mapping[Name, Check] = Field(default_factory=dict)
    undo: Undo | None = None
    no_return: str | None = None
    repeat: Literal["safe", "check-first", "never"] = "never"

    def broken_rules(self) -> Iterator[KeyFault]:
        yield from super().broken_rules()
        if self.repeat == "check-first" and self.probe is None:
            yield KeyFault("repeat", "repeat: check-first needs already: without the probe nothing can be checked.")
        if self.undo is not None and self.no_return is not None:
            yield KeyFault("no_return", "A step has undo or no_return, not both: there is a way back or there is none.")

    @property
    def changes(self) -> bool:
        """Whether it changes the world by a command or an edit of its own."""
        return self.starts_command
