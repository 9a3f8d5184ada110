"""The sessions there are, read from their records without opening them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from wizard.archive.copied_procedures import Copies
from wizard.archive.outcomes import closed_session
from wizard.archive.unbegun_sessions import never_begun
from wizard.errors import RecordProblem, UsageProblem
from wizard.fields.templates import render_text
from wizard.places import sessions_dir as own_sessions_dir
from wizard.places.plain_file import plain_file
from wizard.places.private import open_folder
from wizard.record.journal import Harm, Record, SessionFolder, read_head, scan
from wizard.record.journal.kinds import AFTER_CLOSE, CLOSED, OPENED, RUN_ENDED
from wizard.record.journal.line import MAX_LINE, parse
from wizard.record.locks import is_held
from wizard.record.modes import mode_words
from wizard.record.recovery import read_claim, read_report


State = Literal["running", "paused", "unknown", "open", "completed", "ended", "stopped", "failed", "damaged"]
UNFINISHED: tuple[State, ...] = ("running", "paused", "unknown", "open")
_NEVER_BEGUN = "It was left before its first record: nothing has begun there, and the next session to begin removes it."
_CLOSED: dict[str, State] = {each: each for each in ("completed", "ended", "stopped", "failed")}


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One session as lists show it.

    Attributes:
        id: Its ULID, the name of its folder.
        procedure: The procedure's name; empty when the record does not begin.
        title: The procedure's title.
        mode: live, by-hand or rehearsal.
        stage: The parameter of that name, or empty.
        state: running (somebody holds it), paused, unknown (a command whose outcome nobody knows), open (its wizard
            was killed), completed, ended (some steps were skipped or accepted), stopped, failed, damaged (can only be
            read).
        started: When it was opened, RFC 3339 UTC.
        finished: When it was closed, or empty.
        operator: Who opened it.
        step_number: The step before the operator, from 1; 0 when it is not known.
        steps: How many steps the procedure has; 0 when it is not known.
        folder: Where it lies.
        problem: What is wrong with its record, as a sentence, or empty.
        last: When its last record was written, RFC 3339 UTC.
        outcome: Of a closed one, how it ended in words: `ended, with 1 step skipped`.
        auto: It was a rehearsal that played by itself, at least for a while.
        ticket: The change's number elsewhere, or empty.
        parameters: The values it was begun with, secrets left out.
        given: Those of them that the procedure does not have without an answer.
        target: Of an unfinished one, the target it held last; empty before it held one.
    """

    id: str
    procedure: str
    title: str
    mode: str
    stage: str
    state: State
    started: str
    finished: str
    operator: str
    step_number: int
    steps: int
    folder: Path
    problem: str = ""
    last: str = ""
    outcome: str = ""
    auto: bool = False
    ticket: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    target: Mapping[str, str] = field(default_factory=dict)

    @property
    def completed_by_person(self) -> bool:
        """Whether a person completed it, so that it counts as experience with its procedure."""
        return self.state == "completed" and not self.auto

    @property
    def mode_words(self) -> tuple[str, bool]:
        """The words of the first line, and whether they stand for production."""
        return mode_words(self.mode, self.stage)


def list_sessions(sessions_dir: Path | None = None) -> list[SessionSummary]:
    """All sessions, newest first. A folder that is no whole session is listed as damaged, with its problem.

    Args:
        sessions_dir: Where they lie; None for this user's own.

    Raises:
        RecordProblem: The folder of sessions cannot be read.
        UsageProblem: XDG_STATE_HOME is a relative path.
    """
    top = own_sessions_dir() if sessions_dir is None else sessions_dir
    copies = Copies()
    return [summary_of(folder, copies) for folder in sorted(_folders(top), key=lambda path: path.name, reverse=True)]


def unfinished(sessions_dir: Path | None = None) -> list[SessionSummary]:
    """The sessions that are not over, newest first; one that is running now is among them."""
    return [session for session in list_sessions(sessions_dir) if session.state in UNFINISHED]


def find_session(text: str, sessions_dir: Path | None = None) -> SessionSummary:
    """The session a person means.

    Args:
        text: A whole id, the beginning or end of one, or the path of a session's folder or journal.
        sessions_dir: Where ids are looked for; None for this user's own.

    Raises:
        UsageProblem: There is none, or several fit; the sentence names the nearest.
        RecordProblem: The folder of sessions cannot be read.
    """
    if (by_path := _by_path(text)) is not None:
        return summary_of(by_path)
    top = own_sessions_dir() if sessions_dir is None else sessions_dir
    folders = {folder.name: folder for folder in _folders(top)}
    wanted = text.upper()
    if wanted in folders:
        return summary_of(folders[wanted])
    found = sorted(name for name in folders if wanted and (name.startswith(wanted) or name.endswith(wanted)))
    if len(found) == 1:
        return summary_of(folders[found[0]])
    if found:
        raise UsageProblem(
            f"{text} fits {len(found)} sessions: {', '.join(found[:5])}{', …' if len(found) > 5 else ''}.",
            "Give more of the id.",
        )
    raise UsageProblem(f"There is no session {text}.", _nearest(wanted, sorted(folders)))


def _nearest(wanted: str, names: list[str]) -> str:
    if not names:
        return "There are no sessions yet."
    near = get_close_matches(wanted, names, n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else f"The newest is {names[-1]}; `uplevel sessions` lists them."


def _by_path(text: str) -> Path | None:
    """The folder a path names, when the text is a path of something that is there."""
    path = Path(text)
    try:
        if path.name == "journal.jsonl" and path.is_file():
            return path.resolve().parent
        if (os.sep in text or text in {".", ".."} or (path / "journal.jsonl").exists()) and path.is_dir():
            return path.resolve()
    except (OSError, ValueError):
        return None
    return None


def _folders(top: Path) -> list[Path]:
    try:
        with os.scandir(top) as entries:
            return [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise RecordProblem(f"The folder of sessions {top} cannot be read: {problem.strerror}.") from problem


def summary_of(folder: Path, copies: Copies | None = None) -> SessionSummary:
    """One session by its folder. Never raises for what stands in it.

    Args:
        folder: The session's folder.
        copies: Reads their copies of procedures; give the same one for a whole list.
    """
    copies = Copies() if copies is None else copies
    journal = SessionFolder(folder).journal
    head = read_head(journal)
    if head is None and never_begun(folder):
        return replace(_nothing(folder), problem=_NEVER_BEGUN)
    if head is None or head.kind != OPENED:
        return _nothing(folder)
    begun = _from_head(folder, head, copies.defaults(folder, head))
    closing = _closing(journal)
    if closing is not None:
        how = closed_session(journal, _text(closing.data, "state"))
        state = _CLOSED.get(how.word, "damaged")
        return replace(begun, state=state, finished=closing.at, last=closing.at, outcome=how.words, auto=how.auto)
    return _unfinished(begun, copies.order(folder, head))


def _text(data: Mapping[str, Any], *path: str) -> str:
    """A text in a record's data, or an empty one: records of another version may hold anything."""
    found: Any = data
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def _texts(found: object) -> dict[str, str]:
    """The texts of a mapping in a record, by name."""
    entries = found.items() if isinstance(found, Mapping) else ()
    return {name: value for name, value in entries if isinstance(value, str)}


def _target(records: list[Record]) -> dict[str, str]:
    """What the session's target was when it last held it."""
    held = next((record for record in reversed(records) if record.kind == "target.held"), None)
    return {} if held is None else _texts(held.data.get("target"))


def _nothing(folder: Path) -> SessionSummary:
    return SessionSummary(
        id=folder.name,
        procedure="",
        title="",
        mode="",
        stage="",
        state="damaged",
        started="",
        finished="",
        operator="",
        step_number=0,
        steps=0,
        folder=folder,
        problem="There is no session here: its journal has no first record that is whole.",
    )


def _from_head(folder: Path, head: Record, defaults: Mapping[str, str]) -> SessionSummary:
    parameters = _texts(head.data.get("parameters"))
    return replace(
        _nothing(folder),
        procedure=_text(head.data, "procedure", "name"),
        title=_title(head),
        mode=_text(head.data, "mode"),
        stage=_text(head.data, "parameters", "stage"),
        operator=_text(head.data, "operator", "user"),
        ticket=_text(head.data, "ticket"),
        parameters=parameters,
        given={name: value for name, value in parameters.items() if defaults.get(name) != value},
        state="open",
        started=head.at,
        last=head.at,
        problem="",
    )


def _title(head: Record) -> str:
    """The procedure's title with the parameters filled in."""
    return render_text(_text(head.data, "procedure", "title"), _texts(head.data.get("parameters")))


def _closing(journal: Path) -> Record | None:
    """The closing record, if one stands at the end with nothing but its signature and circumstances behind it."""
    try:
        with plain_file(journal) as file:
            end = os.pread(file, MAX_LINE, max(0, os.fstat(file).st_size - MAX_LINE))
    except OSError:
        return None
    for line in reversed(end.split(b"\n")[:-1]):
        record = parse(line + b"\n")
        if isinstance(record, str) or record.kind not in {CLOSED, *AFTER_CLOSE}:
            return None
        if record.kind == CLOSED:
            return record
    return None


def _unfinished(begun: SessionSummary, order: tuple[str, ...]) -> SessionSummary:
    try:
        found = scan(SessionFolder(begun.folder).journal)
    except UsageProblem as problem:
        return replace(begun, state="damaged", problem=problem.sentence)
    records = found.records
    begun = replace(
        begun,
        steps=len(order),
        step_number=_step_number(records, order),
        last=records[-1].at if records else begun.last,
        target=_target(records),
    )
    if is_held(begun.folder):
        return replace(begun, state="running")
    if found.damage.harm is Harm.BROKEN:
        return replace(begun, state="damaged", problem=f"Record {found.damage.seq} {found.damage.what}.")
    if found.damage.harm is Harm.TORN_TAIL:
        begun = replace(
            begun, problem=f"The journal's end is torn: {found.lost} bytes are no record; resume keeps the rest."
        )
    if _outcome_unknown(begun.folder, records):
        return replace(begun, state="unknown")
    kinds = [record.kind for record in records if record.kind in {"session.paused", "session.resumed"}]
    return replace(begun, state="paused" if kinds and kinds[-1] == "session.paused" else "open")


def _step_number(records: list[Record], order: tuple[str, ...]) -> int:
    """The number of the step before the operator: the one that began and has not ended, else the next to do."""
    current, ended = "", set[str]()
    for record in records:
        if record.kind == "step.began":
            current = _text(record.data, "step")
            ended.discard(current)
        elif record.kind == "step.ended":
            current = ""
            (ended.discard if record.data.get("state") == "undone" else ended.add)(_text(record.data, "step"))
    if not current:
        current = next((step for step in order if step not in ended), "")
    return order.index(current) + 1 if current in order else 0


def _outcome_unknown(folder: Path, records: list[Record]) -> bool:
    """Whether the newest act's run has no outcome and no living supervisor, or was judged unknown and not settled.

    A watch is an observation; what became of it is never in question.
    """
    runs: dict[int, str] = {}
    for record in records:
        run = record.data.get("run")
        if not isinstance(run, int):
            continue
        if record.kind == "run.intent" and record.data.get("watch") is not True:
            runs[run] = "open"
        elif run not in runs:
            continue
        elif record.kind == RUN_ENDED:
            runs[run] = _text(record.data, "outcome")
        elif record.kind == "run.settled":
            runs[run] = "settled"
    if not runs:
        return False
    newest = max(runs)
    return runs[newest] == "unknown" or (runs[newest] == "open" and _left_without_outcome(folder, newest))


def _left_without_outcome(folder: Path, run: int) -> bool:
    path = SessionFolder(folder).run(run)
    try:
        opened = open_folder(path)
    except (OSError, RecordProblem):
        return False
    try:
        claim = read_claim(opened)
        return claim is not None and not claim.void and not claim.holder_lives() and read_report(opened) is None
    except (OSError, ValueError, RecordProblem):
        return True
    finally:
        os.close(opened)
