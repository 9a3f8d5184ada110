"""What goes wrong on purpose: every error is a title, a sentence, a cure and an exit code."""

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller. The numbers are part of the command line's contract."""

    COMPLETED = 0
    """Completed; for verify: the record is whole."""
    FAILED = 1
    """Failed, or stopped by the operator."""
    USAGE = 2
    """Wrong usage, or a procedure file that cannot be read."""
    PAUSED = 3
    """Paused, or still open."""
    RECORD = 4
    """The record is damaged, or could not be written."""
    EVIDENCE = 5
    """The evidence is broken, or is not what was asked for."""
    UNPROVEN = 6
    """Ended, but not proven: steps were skipped or accepted. For verify: whole, but nothing anchors it."""
    INTERRUPTED = 130
    """Interrupted from the keyboard."""


class UplevelError(Exception):
    """Something that went wrong on purpose, told as a sentence a person can act on.

    Args:
        sentence: What is wrong and why, one or two sentences.
        cure: What to do now; empty when there is nothing to do.
    """

    title = "uplevel cannot go on"
    code = ExitCode.FAILED

    def __init__(self, sentence: str, cure: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.sentence} {self.cure}".rstrip()


class UsageProblem(UplevelError):
    """The command line, a parameter or a name that is not known."""

    title = "That does not fit"
    code = ExitCode.USAGE


class RecordProblem(UplevelError):
    """The journal cannot be written, or is damaged at its tail."""

    title = "The record cannot be kept"
    code = ExitCode.RECORD


class EvidenceBroken(UplevelError):
    """The journal was altered, or is not the evidence that was asked for."""

    title = "The evidence is broken"
    code = ExitCode.EVIDENCE


class SessionBusy(UplevelError):
    """Another process holds the session."""

    title = "The session is open elsewhere"
    code = ExitCode.FAILED


class CannotRun(UplevelError):
    """A command could not be started: no such program, not executable, no folder."""

    title = "The command cannot be started"
    code = ExitCode.FAILED


def nearest(word: str, known: Iterable[str]) -> str:
    """`Did you mean ...?` for a word that is none of the known ones; empty when nothing is near."""
    # Imported late: only a mistake needs it, and `--help` has 60 ms.
    import difflib

    names = list(known)
    longer = [name for name in names if len(word) >= 3 and name.startswith(word)]
    close = longer if len(longer) == 1 else difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else ""
