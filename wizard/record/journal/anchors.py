"""What holds a chain from outside: a head somebody kept, and signatures under heads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from wizard.errors import UsageProblem
from wizard.places.plain_file import read_plain
from wizard.record.journal.folder import SessionFolder
from wizard.record.journal.kinds import CHECKPOINT, CLOSED, NAMESPACES
from wizard.record.journal.line import Record


_SIGNATURE_NAME = re.compile(r"([0-9]{6,})\.sig")
_MOST_BYTES = 64 * 1024


class CheckSignature(Protocol):
    """Answers what a signature under a head is worth."""

    def __call__(
        self,
        signature: bytes,
        *,
        namespace: str,
        session: str,
        mode: str,
        count: int,
        head: str,
        at: str,
        signed_by: Path | None,
    ) -> tuple[Literal["good", "expired", "bad", "unknown"], str]:
        """Check one signature.

        Args:
            signature: The armoured signature.
            namespace: The ssh signature namespace it must have.
            session: The session's id.
            mode: The session's mode.
            count: How many records the head covers.
            head: The hash of the last of them.
            at: When it was signed, RFC 3339.
            signed_by: The allowed_signers file; without one only the mathematics is checked.

        Returns:
            good and who signed; expired and whose key, where it is not valid today and when it signed only the record
            tells; bad and why; unknown and why it cannot be told.
        """
        ...


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the signatures of a session say.

    Attributes:
        trusted: A trusted signature covers the closing record.
        expired: Signatures are good but for keys that are not valid today.
        findings: What is wrong.
        notes: What must be known.
    """

    trusted: bool
    expired: bool = False
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def head_in_groups(head: str) -> str:
    """A head's 64 digits in 8 groups, to be read aloud or compared."""
    return " ".join(head[at : at + 8] for at in range(0, len(head), 8))


def clean_head(text: str) -> str:
    """The 64 hex digits of a head as a person pastes it: in groups, in capitals.

    Raises:
        UsageProblem: It is not 64 hex digits.
    """
    head = "".join(text.split()).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", head):
        raise UsageProblem(f"A head has 64 hex digits; {text!r} is none.", "Paste the whole line that was shown.")
    return head


def check_head(head: str, records: list[Record]) -> Iterator[str]:
    """A finding if the head is that of no record."""
    if all(record.h != head for record in records):
        yield "The head you gave is that of no record: the journal was rewritten or cut, or is another session's."


def check_signatures(
    folder: SessionFolder,
    records: list[Record],
    mode: str,
    signed_by: Path | None,
    check: CheckSignature | None,
) -> Anchors:
    """Check every signature in `checkpoints` and every record that cites one.

    Args:
        folder: The session.
        records: The good records.
        mode: The session's mode.
        signed_by: The allowed_signers file of the person who verifies, if there is one.
        check: Answers what a signature is worth.

    Raises:
        UsageProblem: Trusted signatures are asked for, but cannot be checked here.
    """
    findings = list(_check_cited(folder, records, mode))
    notes: list[str] = []
    trusted = expired = 0
    for count, path in _signatures(folder):
        if count > len(records) or count < 1:
            findings.append(f"A signature covers {count} records, but there are {len(records)}: the tail was cut.")
            continue
        if check is None:
            continue
        answer, said = _ask(check, path, records, count, signed_by)
        if answer == "unknown" and signed_by is not None:
            raise UsageProblem(f"The signatures cannot be checked here: {said}")
        if answer == "bad":
            findings.append(f"The signature over record {count - 1} is not good: {said}")
        elif answer == "good":
            trusted = max(trusted, count)
            notes.append(f"The records up to {count - 1} are signed by {said}.")
            findings.extend(_other_key(records, count, said))
        elif answer == "expired":
            expired = max(expired, count)
            notes.append(
                f"The records up to {count - 1} are signed by {said}, a key that is not valid today. When it signed, "
                "only the record says, so this signature anchors nothing by itself."
            )
    if signed_by is None:
        if notes:
            notes.append("Whose signatures these are, only `--signed-by` with a list of your own can tell.")
        return Anchors(trusted=False, findings=tuple(findings), notes=tuple(notes))
    return _trusted(records, trusted, findings, notes, expired=expired)


def _ask(
    check: CheckSignature, path: Path, records: list[Record], count: int, signed_by: Path | None
) -> tuple[str, str]:
    opened = records[0].data
    mode = str(opened.get("mode"))
    return check(
        _content(path),
        namespace=NAMESPACES.get(mode, ""),
        session=str(opened.get("session")),
        mode=mode,
        count=count,
        head=records[count - 1].h,
        at=_signed_at(records, count),
        signed_by=signed_by,
    )


def _trusted(records: list[Record], covered: int, findings: list[str], notes: list[str], *, expired: int) -> Anchors:
    closing = next((record.seq for record in records if record.kind == CLOSED), None)
    reach = max(covered, expired)
    if not reach:
        findings.append("No signature of anyone you named is under this journal.")
    elif closing is not None and reach <= closing:
        findings.append(f"Nothing after record {reach - 1} is covered by a signature.")
    elif reach < len(records):
        notes.append(f"The records after {reach - 1} are not covered by a signature.")
    good = closing is not None and covered > closing
    return Anchors(trusted=good, expired=not good and expired > 0, findings=tuple(findings), notes=tuple(notes))


def _other_key(records: list[Record], count: int, said: str) -> Iterator[str]:
    """Findings where the record of a signature names another key than the signature has."""
    for record in records[count:]:
        if record.kind == CHECKPOINT and record.data.get("count") == count and str(record.data.get("key")) not in said:
            yield f"Record {record.seq} names the key {record.data.get('key')}, but the signature is by {said}."


def _signed_at(records: list[Record], count: int) -> str:
    """When a head was signed: the time of the record that says so, else of the last record it covers."""
    for record in records[count:]:
        if record.kind == CHECKPOINT and record.data.get("count") == count:
            return record.at
    return records[count - 1].at


def _signatures(folder: SessionFolder) -> list[tuple[int, Path]]:
    """The signatures there are, by how many records they cover."""
    names = ((_SIGNATURE_NAME.fullmatch(path.name), path) for path in folder.checkpoints.glob("*.sig"))
    return sorted((int(found[1]), path) for found, path in names if found)


def _content(path: Path) -> bytes:
    """A signature file's bytes; empty when it is no plain file, which is no good signature then."""
    try:
        return read_plain(path, _MOST_BYTES)
    except OSError:
        return b""


def _check_cited(folder: SessionFolder, records: list[Record], mode: str) -> Iterator[str]:
    for record in records:
        if record.kind != CHECKPOINT:
            continue
        count, head = record.data.get("count"), record.data.get("head")
        if not isinstance(count, int) or not 1 <= count <= record.seq or records[count - 1].h != head:
            yield f"Record {record.seq} says a head was signed that this journal never had."
        if record.data.get("namespace") != NAMESPACES.get(mode):
            yield f"Record {record.seq} has the namespace {record.data.get('namespace')}, which no {mode} session has."
        name = str(record.data.get("file"))
        if not _SIGNATURE_NAME.fullmatch(name) or not (folder.checkpoints / name).is_file():
            yield f"The signature {name}, cited by record {record.seq}, is missing."
