"""The one view model of a transcript: what an auditor reads, whatever it is rendered as."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


NOT_PROVIDED = "not provided"
"""Stands where an auditor expects a field and the session has nothing for it."""
COVERED = "1| is standard output, 2| is standard error"
"""Of a run whose streams are told apart by a `timing` that the record cites."""


@dataclass(frozen=True, slots=True)
class CheckPart:
    """One check and its final answer."""

    at: str
    purpose: str
    undo: bool
    command: str
    wanted: str
    verdict: str
    got: str
    why: str
    exit: int | None
    attempts: int
    seconds: float
    answer: Mapping[str, Any] | None
    """Where its whole answer stands in `checks/output`: offset, len, sha256."""


@dataclass(frozen=True, slots=True)
class ConfirmationPart:
    """One question as it was shown, and what was answered.

    Attributes:
        answer: The words of the chosen option; empty when the question was left open.
        actor: The number of whoever answered, as the record names them; 0 in older journals.
        seconds: How long it stood on the screen, by the wall clock; None when it was left open.
    """

    question: int
    sort: str
    gate: bool
    text: str
    options: tuple[str, ...]
    choice: str
    answer: str
    reason: str
    value: str | None
    evidence: tuple[Mapping[str, str], ...]
    asked: str
    answered: str
    by: str
    actor: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class RunPart:
    """One attempt of one command.

    Attributes:
        output: The text of what was kept, sanitized; long output has its middle cut out with a mark.
        excerpt: The same with less of both ends, for a page; its mark counts for itself. Not in the JSON.
        stderr_apart: Standard error was kept apart.
        streams: Of such a run: `COVERED`, and each line of `output` begins with `1| ` or `2| `, its stream; or why not.
        beside: The other files of the run that the journal cites by hash; empty in older journals.
        output_sha256: Of the whole recorded output, as the journal cites it; empty while it does not.
        tail: Where the end of a long output lies, of which the supervisor was killed; cited by begin, sha256 and len.
        outcome: ended, not started, unknown, or empty while it has none.
        full_screen: The program had the whole terminal; nothing of what was typed and shown there was recorded.
        files: What became of each file that the step names for such a program.
        screen_wanted: It switched to a whole screen that its step did not give it.
        settled: How an unknown outcome was settled, and by whom; empty when it was not.
        watch: It ran beside the steps, and its end was no end of a step.
    """

    run: int
    attempt: int
    undo: bool
    command: str
    exit: int | None
    signal: int | None
    started: str
    finished: str
    output: str
    excerpt: str
    output_sha256: str
    output_bytes: int | None
    output_cut: int
    outcome: str
    settled: str
    seconds: float | None
    executable: str
    executable_sha256: str
    cwd: str
    env: tuple[str, ...]
    timeout: float | None
    private: bool
    stderr_apart: bool
    streams: str
    beside: tuple[Mapping[str, Any], ...]
    redactions: Mapping[str, int]
    left_running: tuple[str, ...]
    lost: tuple[int, int] | None
    tail: tuple[Mapping[str, Any], ...]
    stopped_by: str
    problem: str
    hidden_input: bool
    full_screen: bool
    files: tuple[str, ...]
    screen_wanted: bool
    while_away: bool
    watch: bool


@dataclass(frozen=True, slots=True)
class StepPart:
    """One step of the procedure, reached or not."""

    number: int
    id: str
    ref: str
    title: str
    phase: str
    why: str
    state: str
    reason: str
    began: str
    ended: str
    no_return: str
    runs: tuple[RunPart, ...]
    checks: tuple[CheckPart, ...]
    confirmations: tuple[ConfirmationPart, ...]
    remarks: tuple[str, ...]
    """Notes, evidence, captured values, waits and plays of the world, each a line that begins with its time."""


@dataclass(frozen=True, slots=True)
class DeviationPart:
    """Something that did not go as the procedure has it.

    Attributes:
        by: Who decided so: a user, or `auto`; empty where nobody did.
        said: What the checks had said, in their own sentences.
    """

    at: str
    step: str
    what: str
    reason: str
    by: str
    said: str


@dataclass(frozen=True, slots=True)
class IntegrityPart:
    """What holds the record together.

    Attributes:
        head: The last good record's hash.
        head_groups: The same in 8 groups, to be read aloud or compared.
        verify: The command that checks this against the record.
        unknown: Records of kinds this version does not know, raw.
    """

    verdict: str
    head: str
    head_groups: str
    records: int
    manifest: str
    findings: tuple[str, ...]
    notes: tuple[str, ...]
    signatures: tuple[Mapping[str, Any], ...]
    verify: str
    unknown: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """A whole session for people.

    Attributes:
        session: Every field an auditor asks for, `not provided` where there is nothing.
    """

    session: Mapping[str, Any]
    steps: tuple[StepPart, ...]
    deviations: tuple[DeviationPart, ...]
    integrity: IntegrityPart

    @property
    def rehearsal(self) -> bool:
        """Whether nothing real was touched, which every page must say."""
        return bool(self.session["mode"] == "rehearsal")


def fields_of(part: CheckPart | ConfirmationPart | StepPart | DeviationPart | IntegrityPart) -> dict[str, Any]:
    """A part as JSON values, its fields in their order."""
    fields = asdict(part)
    for run in fields.get("runs", ()):
        del run["excerpt"]
    return fields
