"""The whole file as a model."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from wizard.checks.model import Check
from wizard.fields.base import Model
from wizard.fields.parameters import Parameter
from wizard.fields.scalars import Name, ProcedureName, Whole
from wizard.model.procedure.steps import Step


FORMAT = 1


def _known_format(value: int) -> int:
    if value != FORMAT:
        raise ValueError(f"This uplevel reads format {FORMAT}; the file says {value}. A newer uplevel may read it.")
    return value


def _name_or_table(value: Any) -> Any:
    if not isinstance(value, str | Mapping):
        raise ValueError("A world is the name of one that ships with uplevel, or a table that describes it.")
    return value


class Phase(Model):
    """Steps that belong together.

    Attributes:
        title: What they are for.
        why: Told when the phase begins.
        steps: In the order in which they are done.
    """

    title: str
    why: str | None = None
    steps: tuple[Step, ...] = Field(min_length=1)


class Rehearsal(Model):
    """How the procedure is rehearsed.

    Attributes:
        world: The name of a world that ships with uplevel, or the world itself.
        answers: What `--auto` answers, by name of parameter, ask or choose.
        drills: Names of faults of the world that may be planted.
        lab: Offerings whose instances are real servers: needed, or welcome where the rehearsal does without them too.
    """

    world: Annotated[str | Mapping[str, Any], BeforeValidator(_name_or_table)]
    answers: Mapping[str, str] = Field(default_factory=dict)
    drills: tuple[str, ...] = ()
    lab: Mapping[Literal["postgres", "redis"], Literal["needed", "welcome"]] = Field(default_factory=dict)


class Procedure(Model):
    """One procedure.

    Attributes:
        format: The version of this format: 1.
        procedure: Its name on the command line.
        title: What it does, in a line.
        version: The author's own number of this version.
        source: The manual it was made from.
        summary: What an operator should know before they begin.
        parameters: Values that are asked for before the session begins, by name.
        ports: Names of local ports that are free; each is chosen when a session is opened, and stays the same in it.
        target: The checks whose captured values say where we are, by name.
        who: The checks whose captured values say which account of the platform is used, by name.
        fence: What those values must be before every changing step, beside what they were when the session was opened.
        remember: Checks whose values are taken once at the start, by name.
        phases: Groups of steps, in order.
        rehearsal: How it is rehearsed on a pretend platform; without it, on an empty one.
    """

    format: Annotated[Whole, AfterValidator(_known_format)]
    procedure: ProcedureName
    title: str
    version: str = ""
    source: str = ""
    summary: str = ""
    parameters: Mapping[Name, Parameter] = Field(default_factory=dict)
    ports: Mapping[Name, Literal["free"]] = Field(default_factory=dict)
    target: Mapping[Name, Check] = Field(default_factory=dict)
    who: Mapping[Name, Check] = Field(default_factory=dict)
    fence: Mapping[str, str] = Field(default_factory=dict)
    remember: Mapping[Name, Check] = Field(default_factory=dict)
    phases: tuple[Phase, ...] = Field(min_length=1)
    rehearsal: Rehearsal | None = None

    @property
    def name(self) -> str:
        """Its name on the command line."""
        return self.procedure

    def steps(self) -> list[Step]:
        """All steps, in order."""
        return [step for phase in self.phases for step in phase.steps]

    def step(self, step_id: str) -> Step:
        """The step of that id.

        Raises:
            KeyError: There is none.
        """
        for step in self.steps():
            if step.id == step_id:
                return step
        raise KeyError(step_id)
