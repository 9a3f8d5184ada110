"""What each kind of act says of itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from wizard.acts.plan import Go, Plan
from wizard.checks.model import Check
from wizard.fields.commands import CommandText, Fill


@dataclass(frozen=True, slots=True)
class Wording:
    """How the house writes, for acts that tell something.

    Attributes:
        text: A text of the procedure, with the values that are known.
        step: A step, by its id, as people know it.
        duration: A number of seconds.
    """

    text: Fill
    step: Callable[[str], str]
    duration: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Keys:
    """What stands at an act's key and below it, for whoever looks at a file that may have faults.

    Attributes:
        lines: Keys with command lines without a shell.
        scripts: Keys with bash scripts.
        played: Keys with command lines for the pretend platform of a rehearsal.
        texts: Keys with texts for people.
        free: Keys below which all names are the author's own.
        since: The key that names an earlier step.
        until: The key that names the later step whose end ends a command that runs beside the steps.
    """

    lines: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    played: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class GivenName:
    """A name that an act gives a value, as far as the file says it.

    Attributes:
        name: The name.
        values: The values it may have, when the file says so.
        as_parameter: What stands there asks for it with the keys of a parameter.
    """

    name: str
    values: tuple[str, ...] | None = None
    as_parameter: bool = False


def name_in(stands: Any) -> str:
    """The name at `name:` of what the file has at an act's key; empty where there is none."""
    name = stands.get("name") if isinstance(stands, dict) else None
    return name if isinstance(name, str) else ""


class Act:
    """What a step does. A kind of act is one subclass: a model, or a dataclass around what stands at its key."""

    KEY: ClassVar[str]
    """The key of a step that it stands at."""
    SAYS: ClassVar[str]
    """What the key is for, in a sentence."""
    ABSENT: ClassVar[object] = None
    """What the key holds when the file has nothing there."""
    GATE: ClassVar[bool] = False
    """Whether it may stand beside another act, which then is what the step does."""
    SENSELESS: ClassVar[Mapping[str, str]] = {}
    """Why a key of the step says nothing beside it, by key."""
    KEYS: ClassVar[Keys] = Keys()

    # The file

    @classmethod
    def annotation(cls) -> Any:
        """What may stand at its key."""
        return cls | None

    @classmethod
    def of(cls, stands: Any) -> Self:
        """The act of what stands at its key."""
        if not isinstance(stands, cls):
            raise TypeError(f"{cls.KEY} holds its act")
        return stands

    @classmethod
    def gives(cls, stands: Any) -> GivenName | None:
        """The name that it gives a value; `stands` is what the file has, which may be anything."""
        del stands
        return None

    @classmethod
    def dead_end(cls, keys: Mapping[str, Any], *, alone: bool) -> tuple[str, str] | None:
        """Why no session could ever get past it, and what to write instead.

        Args:
            keys: The whole step or undo, as the file has it.
            alone: No other act stands there.
        """
        del keys, alone
        return None

    # The session

    @property
    def plan(self) -> Plan:
        """What a session does with it."""
        return Go()

    @property
    def command(self) -> CommandText | None:
        """What it starts; None for an act that starts nothing."""
        return None

    @property
    def beside(self) -> str | None:
        """The id of the step whose end ends its command, which runs beside the steps; None where it ends by itself."""
        return None

    def probe(self, in_: str | None, env: Mapping[str, str]) -> Check | None:
        """The check that tells whether it is done, if it brings one; a no carries the difference that it would make.

        Args:
            in_: The folder of the step.
            env: The variables of the step.
        """
        del in_, env
        return None

    # Its words

    def shown(self, wording: Wording) -> str:
        """What it does, for the page of a procedure; empty where its command says it."""
        del wording
        return ""

    def gate(self, wording: Wording) -> str:
        """What it makes the operator wait for, for the card; empty for nothing."""
        del wording
        return ""

    def whys(self) -> tuple[str, ...]:
        """What the card tells beside why the step is there, a paragraph each."""
        return ()

    def came_to(self, values: Mapping[str, str]) -> str:
        """What came of it, in a sentence, with the values known now; empty where its command or time says it."""
        del values
        return ""
