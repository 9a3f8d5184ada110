"""What somebody asks for, and what a start page shows before anything runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.archive.sessions import SessionSummary
from wizard.engine.unfinished_sessions import left_before
from wizard.fields.templates import render_text
from wizard.model.procedure import Procedure
from wizard.model.reading import Loaded
from wizard.record.events import Mode
from wizard.session.rehearsing import NAME_A_WORLD


_SHORT = 80


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line or the picker asks for.

    Attributes:
        procedure: A name or a path.
        mode: live, by-hand or rehearsal.
        values: Parameters by name, from `--params` and `-p`; secrets are refused.
        ticket: The change's number elsewhere.
        seed: Decides a rehearsal's guids and durations.
        speed: Pretend seconds that pass in one second on the screen.
        drill: The fault that is planted in a rehearsal's world; empty for none.
        auto: The rehearsal answers its own questions.
    """

    procedure: str
    mode: Mode
    values: Mapping[str, str] = field(default_factory=dict)
    ticket: str = ""
    seed: int = 1
    drill: str = ""
    speed: float = 30.0
    auto: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter on the start page.

    Attributes:
        name: The parameter.
        label: The question, or the name.
        choices: What it may be; empty for a text.
        value: What it is now; empty when it has none yet.
        default: What it is without an answer.
        secret: The value is typed unseen and stored nowhere.
        required: It must have a value before the session begins.
        problem: Why the value does not do, as a sentence that says what would; empty when it does.
        wanted: What it takes, in words that go on after "Enter"; empty when the procedure does not say it.
    """

    name: str
    label: str
    choices: tuple[str, ...]
    value: str
    default: str
    secret: bool
    required: bool
    problem: str
    wanted: str = ""

    @property
    def told(self) -> str:
        """The problem for whoever does not see the field it belongs to."""
        if self.value == "" or self.secret:
            return self.problem if words_of(self.name) in self.problem else f"{self.name}: {self.problem}"
        given = (
            self.value if self.value.isprintable() and len(self.value) <= _SHORT else repr(self.value[:_SHORT] + "…")
        )
        return f"{self.name}={given}: {self.problem}"


def words_of(name: str) -> str:
    """A parameter's name as words: `old_port` is an old port."""
    return name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Preparation:
    """Everything the start page shows. Nothing has run.

    Attributes:
        request: What was asked for.
        loaded: The procedure and its exact files.
        origin: `built in`, or the file's path.
        owner: The file's owner.
        trust: What is known of the file from earlier sessions.
        fields: The parameters.
        at_once: Commands that run by themselves at the start, filled in as far as known.
        refusals: Why it cannot begin at all.
        last_time: The last completed session of this procedure, in a line.
        undo_path: Until where there is a way back, in a line.
        mode_words: The words of the first line.
        production: Whether they stand for production.
        servers: What there is to say of a rehearsal's real servers; empty where it wants none.
        known: The sessions there are, newest first.
    """

    request: Request
    loaded: Loaded
    origin: str
    owner: str
    trust: str
    fields: tuple[Field, ...]
    at_once: tuple[str, ...]
    refusals: tuple[str, ...]
    last_time: str
    undo_path: str
    mode_words: str
    production: bool
    servers: str = ""
    known: tuple[SessionSummary, ...] = ()

    @property
    def left(self) -> tuple[SessionSummary, ...]:
        """Unfinished live sessions most likely on the same target; a rehearsal meets none."""
        if self.request.mode == "rehearsal":
            return ()
        return left_before(self.procedure, self.values, self.known)

    @property
    def procedure(self) -> Procedure:
        """The model."""
        return self.loaded.procedure

    @property
    def title(self) -> str:
        """What the procedure does, with the values that are known."""
        return render_text(self.procedure.title, self.values)

    @property
    def ready(self) -> bool:
        """Whether the session may begin."""
        return not self.refusals and not any(each.problem for each in self.fields)

    @property
    def world(self) -> str:
        """What a rehearsal plays on, in a line; empty for another session."""
        if self.request.mode != "rehearsal":
            return ""
        rehearsal = self.procedure.rehearsal
        if rehearsal is None:
            return f"an empty pretend platform, because the procedure names none. {NAME_A_WORLD}"
        if not isinstance(rehearsal.world, str):
            return f"an empty pretend platform; a world that is written in the file is not played yet. {NAME_A_WORLD}"
        return f"the pretend platform {rehearsal.world}{self.servers}"

    @property
    def values(self) -> dict[str, str]:
        """The parameters that have a value, secrets left out."""
        return {each.name: each.value for each in self.fields if not each.secret and each.value}

    @property
    def ports(self) -> dict[str, str]:
        """The local ports that the procedure names, with what was said of each; empty where a free one is chosen."""
        return {name: self.request.values.get(name, "") for name in self.procedure.ports}

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What the page says of the session besides, by label; what is not known has no text."""
        ports = (f"{name} {port or 'a free port, chosen at the start'}" for name, port in self.ports.items())
        return (
            ("ports", "; ".join(ports)),
            ("plays on", self.world),
            ("last time", self.last_time),
            ("turn back until", self.undo_path),
        )

    @property
    def answers(self) -> dict[str, str]:
        """What a rehearsal that plays by itself answers on the way, where that was said beforehand."""
        known = self.procedure.parameters.keys() | self.procedure.ports.keys()
        return {name: value for name, value in self.request.values.items() if name not in known}
