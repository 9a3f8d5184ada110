"""Tell whether a session's record is whole, and what anchors it: the core of `uplevel verify`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from wizard.errors import ExitCode
from wizard.places import lies_in_sessions
from wizard.record.journal.anchors import Anchors, CheckSignature, check_head, check_signatures, clean_head
from wizard.record.journal.around import check_names, other_name, rights
from wizard.record.journal.chain import check_order
from wizard.record.journal.citations import check_answers, check_evidence, check_procedure, uncited_answers
from wizard.record.journal.explain import explain
from wizard.record.journal.folder import SessionFolder
from wizard.record.journal.kinds import CLOSED, REHEARSAL
from wizard.record.journal.line import Record
from wizard.record.journal.reader import Harm, Scan, no_session, read_journal, scan_bytes
from wizard.record.journal.run_citations import check_runs


class JournalVerdict(StrEnum):
    """What `verify` says."""

    VERIFIED = "VERIFIED"
    """Whole, closed, and signed to its end by someone the person who verifies trusts."""
    UNSIGNED = "VERIFIED-UNSIGNED"
    """Whole and closed; nobody was named whose signature must be under it."""
    OPEN = "OPEN"
    """Whole, but without a closing record: running, paused, killed or cut."""
    DAMAGED_TAIL = "DAMAGED-TAIL"
    """The end is torn as a crash leaves it."""
    BROKEN = "BROKEN"
    """It was altered, or is not what was asked for."""


_MORE_TRIES = 4
_NO_ANCHOR = (
    "Nothing anchors this record, so it may have been rebuilt by whoever may write it, even from a rehearsal: give "
    "--head with the hash that was shown at its close, or --signed-by with your own list of signers."
)
Shape = Callable[[str, Mapping[str, Any]], bool | None]
"""Whether the data of a record are as its kind has them; None of what this version does not know."""
_EXITS = {
    JournalVerdict.VERIFIED: ExitCode.COMPLETED,
    JournalVerdict.UNSIGNED: ExitCode.COMPLETED,
    JournalVerdict.OPEN: ExitCode.PAUSED,
    JournalVerdict.DAMAGED_TAIL: ExitCode.RECORD,
    JournalVerdict.BROKEN: ExitCode.EVIDENCE,
}


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What was found.

    Attributes:
        verdict: The answer.
        rehearsal: Whether the session is none that touched anything real.
        refused_as_live: A live session was asked for, and this is a rehearsal.
        unproven: It is whole, but what was asked for is not proven: nothing from outside covers its close, or others
            may write to what must be a live session.
        session: Its id.
        mode: Its mode, as record 0 has it.
        count: How many good records.
        head: The last good record's hash.
        findings: What is wrong, as sentences.
        notes: What is not wrong but must be known, as sentences.
        unknown: Records of kinds this version does not know.
    """

    verdict: JournalVerdict
    rehearsal: bool
    refused_as_live: bool
    session: str
    mode: str
    count: int
    head: str
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: tuple[Record, ...] = field(default=(), repr=False)
    unproven: bool = False

    @property
    def title(self) -> str:
        """The verdict, with REHEARSAL before it where it is one."""
        return f"REHEARSAL {self.verdict}" if self.rehearsal else str(self.verdict)

    @property
    def exit_code(self) -> ExitCode:
        """What the process tells its caller."""
        if self.refused_as_live:
            return ExitCode.EVIDENCE
        whole = _EXITS[self.verdict]
        return ExitCode.UNPROVEN if self.unproven and whole is ExitCode.COMPLETED else whole


def verify(
    path: Path,
    *,
    head: str | None = None,
    signed_by: Path | None = None,
    live: bool = False,
    check_signature: CheckSignature | None = None,
    shape: Shape | None = None,
) -> VerificationReport:
    """Verify a session from what is on disk. Nothing is changed, nothing is executed but the check of signatures.

    Args:
        path: The session's folder, or the journal in it.
        head: A hash that was shown or pasted earlier and must be in the journal; spaces do not matter.
        signed_by: An allowed_signers file of the person who verifies; unsigned is then BROKEN.
        live: Whether it must be a live session, and anchored from outside: by a head that covers its closing record,
            or by a signature of somebody named. A chain alone can be rebuilt by whoever may write it.
        check_signature: Answers what a signature is worth; `wizard.record.signing.check_head`.
        shape: Whether the data of a record are as its kind has them; None of what this version does not know.

    Raises:
        UsageProblem: There is no session, the head is no hash, or signatures cannot be checked here.
    """
    wanted = None if head is None else clean_head(head)
    folder = SessionFolder(path if path.is_dir() else path.parent)
    content, found, findings, anchors = _look(folder, wanted, signed_by, check_signature)
    for _ in range(_MORE_TRIES):
        if not findings or not _goes_on(folder, content):
            break
        content, found, findings, anchors = _look(folder, wanted, signed_by, check_signature)
    return _report(folder, found, findings, anchors, wanted=wanted, live=live, shape=shape)


def _look(
    folder: SessionFolder, wanted: str | None, signed_by: Path | None, check_signature: CheckSignature | None
) -> tuple[bytes, Scan, list[str], Anchors]:
    """The journal as it is now, what is wrong with the session, and what anchors it."""
    content, found = _read(folder)
    if not found.records and found.damage.harm is not Harm.BROKEN:
        raise no_session(folder.path)
    if found.damage.harm is Harm.BROKEN:
        # Nothing is compared with a journal that ends too early: what it lost would be told as many losses.
        return content, found, explain(content), Anchors(trusted=False)
    anchors = check_signatures(folder, found.records, _mode(found), signed_by, check_signature)
    return content, found, [*_check_whole(folder, found.records, wanted), *anchors.findings], anchors


def _mode(found: Scan) -> str:
    return str(found.records[0].data.get("mode", "")) if found.records else ""


def _goes_on(folder: SessionFolder, content: bytes) -> bool:
    """Whether the session went on since its journal was read: then what was found may be what it did meanwhile."""
    try:
        return folder.journal.lstat().st_size > len(content)
    except OSError:
        return False


def _report(
    folder: SessionFolder,
    found: Scan,
    findings: list[str],
    anchors: Anchors,
    *,
    wanted: str | None,
    live: bool,
    shape: Shape | None,
) -> VerificationReport:
    records, mode = found.records, _mode(found)
    shapes = [(each, shape(each.kind, each.data)) for each in records] if shape else []
    findings += [f"Record {each.seq} does not have the shape of {each.kind}." for each, fits in shapes if fits is False]
    other, below = other_name(folder, records), lies_in_sessions(folder.path)
    findings += other if below else []
    anchored = anchors.trusted or _covers_the_close(wanted, records)
    wants = live or (wanted is not None and not anchors.trusted) or anchors.expired
    doubts = [*rights(folder), *uncited_answers(folder, records)]
    notes = [*_notes(found), *anchors.notes, *_covered(wanted, records), *([] if below else other), *doubts]
    return VerificationReport(
        verdict=_verdict(found, findings, anchors),
        rehearsal=mode == REHEARSAL,
        refused_as_live=live and mode not in {"live", "by-hand"},
        session=str(records[0].data.get("session", folder.session_id)) if records else folder.session_id,
        mode=mode,
        count=len(records),
        head=records[-1].h if records else "",
        findings=tuple(findings),
        notes=(*notes, *([_NO_ANCHOR] if live and not anchored else [])),
        unknown=tuple(each for each, fits in shapes if fits is None),
        unproven=(wants and not anchored) or (live and bool(doubts)),
    )


def _read(folder: SessionFolder) -> tuple[bytes, Scan]:
    """Read the journal; a writer may be in the middle of a line, so a torn tail is looked at twice."""
    content = read_journal(folder.journal)
    found = scan_bytes(content)
    if found.damage.harm is Harm.TORN_TAIL:
        content = read_journal(folder.journal)
        found = scan_bytes(content)
    return content, found


def _check_whole(folder: SessionFolder, records: list[Record], head: str | None) -> Iterator[str]:
    """What is wrong with a session whose chain holds."""
    yield from check_order(records)
    yield from check_procedure(folder, records[0].data)
    yield from check_runs(folder, records)
    yield from check_answers(folder, records)
    yield from check_evidence(folder, records)
    yield from check_names(folder, records)
    if head:
        yield from check_head(head, records)


def _verdict(found: Scan, findings: list[str], anchors: Anchors) -> JournalVerdict:
    if findings:
        return JournalVerdict.BROKEN
    if found.damage.harm is Harm.TORN_TAIL:
        return JournalVerdict.DAMAGED_TAIL
    if not any(record.kind == CLOSED for record in found.records):
        return JournalVerdict.OPEN
    return JournalVerdict.VERIFIED if anchors.trusted else JournalVerdict.UNSIGNED


def _notes(found: Scan) -> Iterator[str]:
    if not found.records:
        return
    last = found.records[-1]
    if found.damage.harm is Harm.TORN_TAIL:
        yield f"The journal is damaged after record {last.seq}: {found.lost} bytes at its end are no record."
    if not any(record.kind == CLOSED for record in found.records):
        yield f"There is no closing record. The last one is {last.seq}, {last.kind}, of {last.at}."
    if found.records[0].data.get("mode") == REHEARSAL:
        yield "This was a rehearsal: nothing real was touched."


def _covers_the_close(wanted: str | None, records: list[Record]) -> bool:
    closing = next((record.seq for record in records if record.kind == CLOSED), len(records))
    return any(record.h == wanted for record in records[closing:])


def _covered(wanted: str | None, records: list[Record]) -> Iterator[str]:
    """How far a head that was given covers the journal."""
    for record in records:
        if record.h == wanted:
            later = len(records) - record.seq - 1
            yield f"The head you gave is record {record.seq}; " + (
                f"it does not cover the {later} records after it." if later else "it covers the whole journal."
            )
