"""The three records of a run: who took it, what was started, how it ended."""

import os
import socket
from dataclasses import asdict, dataclass, field
from typing import Any, Self, TypeVar

from wizard.clock import SystemClock, boot_id, process_start
from wizard.record.recovery.files import create_document, read_document, replace_document, reserve
from wizard.record.run_layout import CLAIM, EXIT, STARTED


_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class Claim:
    """Who took the run, or who declared it void; whoever creates the file first has it.

    Attributes:
        pid: The process that claimed it; with `start` and `boot_id` a name for good.
        start: Its start time in clock ticks since boot.
        boot_id: The boot it runs in.
        host: The machine's name.
        utc: When, RFC 3339.
        void: Empty for a supervisor; else "void by ..." and nothing may be started any more.
    """

    pid: int
    start: int
    boot_id: str
    host: str
    utc: str
    void: str = ""

    @classmethod
    def of_this_process(cls, void: str = "") -> Self:
        """A claim by the calling process, now."""
        pid = os.getpid()
        return cls(pid, process_start(pid) or 0, boot_id(), socket.gethostname(), SystemClock().now().rfc3339(), void)

    def holder_lives(self) -> bool:
        """Whether the process that claimed the run still exists on this machine, in this boot."""
        return self.boot_id == boot_id() and process_start(self.pid) == self.start


@dataclass(frozen=True, slots=True)
class StartedRecord:
    """A command was started. Pids stand with start times (0: it had already gone when it was looked at)."""

    pid: int
    pid_start: int
    supervisor: int
    supervisor_start: int
    utc: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Output that was not kept: at which offset of the file it is missing, and how many bytes."""

    at: int
    lost: int


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A process that outlived its command; the command line is redacted."""

    pid: int
    command: str


@dataclass(frozen=True, slots=True)
class ExitReport:
    """How a run ended.

    Attributes:
        exit: Exit status, or None when a signal ended it. 126 and 127 with a `problem`: it never started.
        signal: The signal that ended it, or None.
        started: When, RFC 3339.
        finished: When the command itself had ended, RFC 3339.
        seconds: Time between the two by a clock that never steps.
        length: Bytes of `output`, redacted as it lies on disk.
        sha256: Of the same bytes.
        kept: The gap in the output, or None when all of it was kept.
        redactions: How often each secret was replaced, by name.
        left_running: Processes of the command that were still alive.
        stopped_by: Who asked for the stop, if a person did.
        stop_reason: `operator`, `timeout`, `signal`, `alone` (no wizard was there), or `hang-up` (no wizard could
            show its whole screen); None when nothing stopped it.
        problem: A sentence when the command could not be started or recorded in full.
        hidden_input: Whether the command ever switched the echo of typed keys off.
        never_started: Whether no program of the order ever ran.
        files: For a program that had the whole screen: the hash of each file the order names, when it had ended.
    """

    exit: int | None
    signal: int | None
    started: str
    finished: str
    seconds: float
    length: int
    sha256: str
    kept: Gap | None = None
    redactions: dict[str, int] = field(default_factory=dict)
    left_running: list[LeftBehind] = field(default_factory=list)
    stopped_by: str | None = None
    stop_reason: str | None = None
    problem: str | None = None
    hidden_input: bool = False
    never_started: bool = False
    files: dict[str, str] = field(default_factory=dict)


def take_claim(folder: int, claim: Claim) -> bool:
    """Claim a run's folder, durably; of all who try, one wins.

    Args:
        folder: File descriptor of the folder.
        claim: Who claims it.

    Returns:
        Whether this call won.
    """
    won = create_document(folder, CLAIM, asdict(claim))
    if won and not claim.void:
        reserve(folder, EXIT)
    return won


def read_claim(folder: int) -> Claim | None:
    """The claim, None when there is none, ValueError when it is damaged."""
    return _read(folder, CLAIM, Claim)


def write_started(folder: int, started: StartedRecord) -> None:
    """Write `started.json`, durably."""
    replace_document(folder, STARTED, asdict(started))


def read_started(folder: int) -> StartedRecord | None:
    """What was started, None when nothing is known to be, ValueError when the file is damaged."""
    return _read(folder, STARTED, StartedRecord)


def write_report(folder: int, report: ExitReport) -> None:
    """Write `exit.json`, durably."""
    replace_document(folder, EXIT, asdict(report))


def read_report(folder: int) -> ExitReport | None:
    """How the run ended, None when there is no report, ValueError when it is damaged."""
    document = read_document(folder, EXIT)
    if document is None:
        return None
    gap = document.pop("kept", None)
    left = document.pop("left_running", [])
    return _build(
        ExitReport,
        document
        | {
            "kept": None if gap is None else _build(Gap, gap),
            "left_running": [_build(LeftBehind, one) for one in left],
        },
    )


def _read(folder: int, name: str, kind: type[_Record]) -> _Record | None:
    document = read_document(folder, name)
    return None if document is None else _build(kind, document)


def _build(kind: type[_Record], document: dict[str, Any]) -> _Record:
    try:
        return kind(**document)
    except TypeError as problem:
        raise ValueError(f"not a {kind.__name__}") from problem
