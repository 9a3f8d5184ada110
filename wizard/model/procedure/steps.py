"""A step, its undo and its gates."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from wizard.checks.model import Capture, Check, Expectation
from wizard.fields.base import KeyFault, Model, OneOrMany
from wizard.fields.scalars import Name, Seconds, Size, StepId, Yes
from wizard.model.procedure.acts import (
    Act,
    Approve,
    Ask,
    ByHand,
    ByHandItem,
    Choose,
    Edit,
    Run,
    Shell,
    Wait,
    Watch,
)
from wizard.model.procedure.probes import EditCheck
from wizard.model.procedure.whole_screen import check_whole_screen


def _yes_or_question(value: Any) -> Any:
    return {"yes": "Do this now?", "true": "Do this now?", "no": None, "false": None}.get(value, value)


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


class Operation(Model):
    """What a step and an undo have in common: one act, its surroundings, its checks.

    Attributes:
        run: One command, split into words; no shell sees it.
        shell: A bash script; it stops at the first command that fails.
        edit: Paths to set or remove in a file.
        by_hand: What a person does and ticks.
        ask: A value that a person types.
        choose: A decision of a person.
        wait: How long to wait.
        watch: A command that runs beside the steps until a later one has ended.
        approve: What a second person says yes to.
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

    run: str | None = None
    shell: str | None = None
    edit: Edit | None = None
    by_hand: OneOrMany[ByHandItem] = ()
    ask: Ask | None = None
    choose: Choose | None = None
    wait: Wait | None = None
    watch: Watch | None = None
    approve: Approve | None = None
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

    def _acts(self) -> list[Act]:
        found: list[Act | None] = [
            Run(self.run) if self.run is not None else None,
            Shell(self.shell) if self.shell is not None else None,
            ByHand(self.by_hand) if self.by_hand else None,
            self.edit,
            self.ask,
            self.choose,
            self.wait,
            self.watch,
        ]
        return [act for act in found if act is not None]

    @property
    def act(self) -> Act:
        """The one thing it does. `approve` is the act of a step that does nothing else."""
        acts = self._acts()
        if acts:
            return acts[0]
        if self.approve is None:
            raise ValueError("A step without an act does not exist.")
        return self.approve

    @property
    def starts_command(self) -> bool:
        """Whether the act starts a program on the live pane and ends with it."""
        return isinstance(self.act, Run | Shell | Edit)

    @property
    def probe(self) -> Check | None:
        """What tells whether the effect is there: `already`, or for an edit whether it would still change anything."""
        if self.edit is not None:
            return EditCheck(edit=self.edit, in_=self.in_, env=self.env)
        return self.already

    @property
    def command(self) -> Run | Shell | Edit | None:
        """What the act starts, on the live pane or beside the steps; None for an act that starts nothing."""
        act = self.act
        if isinstance(act, Watch):
            return act.command
        return act if isinstance(act, Run | Shell | Edit) else None

    def broken_rules(self) -> Iterator[KeyFault]:
        acts = self._acts()
        if len(acts) > 1:
            yield KeyFault("", "A step does one thing, and this one does several. Make a step of each.")
        if not acts and self.approve is None:
            yield KeyFault(
                "",
                "The step does nothing: it needs one of run, shell, edit, by_hand, ask, choose, wait, watch, approve.",
            )
            return
        if self.edit is not None and self.already is not None:
            yield KeyFault("already", "An edit knows by itself whether it is made; leave already: out.")
        if self.stderr == "apart" and self.screen is not None:
            yield KeyFault("stderr", "A program that gets the whole screen prints all of it there: leave stderr out.")
        if self.output != "private" and any(capture.secret for capture in self.capture.values()):
            yield KeyFault("capture", "A secret can be taken from output: private only; other output is kept on disk.")
        yield from self._without_output()
        yield from check_whole_screen(self)
        yield from self._beside_a_watch()

    def _without_output(self) -> Iterator[KeyFault]:
        if self.capture and not self.starts_command:
            yield KeyFault("capture", "Only run and shell have output that capture can take a value from.")
        if self.stderr == "apart" and not self.starts_command:
            yield KeyFault("stderr", "Only run and shell have a standard error that can be kept apart.")
        if self.progress is not None and (not self.starts_command or self.output == "private"):
            yield KeyFault("progress", "Only run and shell whose output is shown tell how far they are.")

    def _beside_a_watch(self) -> Iterator[KeyFault]:
        senseless = {
            "expect": self.expect is not None,
            "already": self.already is not None,
            "quiet_for": self.quiet_for is not None,
            "output": self.output == "private",
            "screen": self.screen is not None,
        }
        for key, said in senseless.items():
            if said and self.watch is not None:
                yield KeyFault(key, f"A watch runs beside the steps and nothing judges it, so {key} says nothing here.")


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
        if self.watch is not None:
            yield KeyFault("watch", "A way back takes one thing back; a watch belongs into a step of its own.")


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
