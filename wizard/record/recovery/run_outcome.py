"""What a run's folder proves about a command that nobody watched to its end."""

import time
from dataclasses import dataclass
from os import close
from pathlib import Path

from wizard.clock import process_start
from wizard.errors import RecordProblem
from wizard.places.private import open_folder
from wizard.record.recovery.records import (
    Claim,
    ExitReport,
    StartedRecord,
    read_claim,
    read_report,
    read_started,
    take_claim,
)


_PATIENCE = 1.0
"""Seconds a half-written claim gets to become whole: its writer may be between creating and filling it."""


@dataclass(frozen=True, slots=True)
class NotStarted:
    """Nothing was started and nothing ever will be: the claim is void.

    Attributes:
        by: The words in the claim, "void by ...".
    """

    by: str


@dataclass(frozen=True, slots=True)
class StillRunning:
    """The supervisor lives; `started` is None while it is just about to start the command."""

    claim: Claim
    started: StartedRecord | None


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """It ended while no wizard watched."""

    report: ExitReport


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """It was taken, it left no outcome, and its supervisor is gone.

    Attributes:
        why: A sentence for the operator.
        host: The other machine it ran on, or empty.
        output_final: Whether nobody can write to its output any more.
    """

    why: str
    host: str = ""
    output_final: bool = False


RunOutcome = NotStarted | StillRunning | FinishedRun | OutcomeUnknown


def determine_outcome(folder: Path, *, claim_as: str) -> RunOutcome:
    """Decide from the evidence alone what became of a run.

    *Not started* is only said after the claim was won here, so that a supervisor that comes late starts nothing.

    Args:
        folder: The run's folder; made when the intent was written but the folder was not.
        claim_as: Who judges, for the words "void by ...".

    Raises:
        RecordProblem: The folder is not ours or cannot be used.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as problem:
        raise RecordProblem(f"The run's folder cannot be made: {problem.strerror}.") from problem
    opened = open_folder(folder)
    try:
        return _judge_claim(opened, _claim_or_void(opened, claim_as))
    except ValueError as problem:
        return OutcomeUnknown(
            f"A file of the run is damaged ({problem}), so we cannot know whether the command finished."
        )
    except OSError as problem:
        raise RecordProblem(f"The run's folder cannot be written: {problem.strerror}.") from problem
    finally:
        close(opened)


def _claim_or_void(folder: int, claim_as: str) -> Claim:
    """The claim that holds: an earlier one, or ours that declares the run void."""
    mine = Claim.of_this_process(void=f"void by {claim_as}")
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            found = read_claim(folder)
        except ValueError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
            continue
        if found is not None:
            return found
        if take_claim(folder, mine):
            return mine


def _judge_claim(folder: int, claim: Claim) -> RunOutcome:
    if claim.void:
        return NotStarted(claim.void)
    # Asked before the report is read: a supervisor that ends in between has left its report by then.
    lives = claim.holder_lives()
    report = read_report(folder)
    if report is not None:
        return FinishedRun(report)
    if lives:
        return StillRunning(claim, read_started(folder))
    return _unknown(claim, read_started(folder))


def _unknown(claim: Claim, started: StartedRecord | None) -> OutcomeUnknown:
    here = Claim.of_this_process()
    if claim.host != here.host and claim.boot_id != here.boot_id:
        why = f"The command was started on the machine {claim.host}, and this one is {here.host}."
        return OutcomeUnknown(why, claim.host)
    return OutcomeUnknown(_why_unknown(claim, started, here), output_final=True)


def _why_unknown(claim: Claim, started: StartedRecord | None, here: Claim) -> str:
    if claim.boot_id != here.boot_id:
        return "The machine was restarted before it was written down how the command ended."
    if started is None:
        return "The program that watched the command is gone; the command may or may not have started."
    if started.pid_start and process_start(started.pid) == started.pid_start:
        still = f"when that was found, the command still ran as process {started.pid}"
        return f"The program that watched the command is gone; {still}."
    return "The program that watched the command is gone and left no exit status."
