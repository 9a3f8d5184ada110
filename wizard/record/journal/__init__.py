"""The record of a session: written before anything happens, hash-chained, verifiable with coreutils."""

from wizard.record.journal.anchors import head_in_groups
from wizard.record.journal.checklog import CheckLog
from wizard.record.journal.citations import differs, digest
from wizard.record.journal.folder import SessionFolder, StoredFile, manifest_hash
from wizard.record.journal.line import Record
from wizard.record.journal.reader import Harm, clock_step, read_head, read_last, scan, scan_bytes
from wizard.record.journal.verify import JournalVerdict, VerificationReport, verify
from wizard.record.journal.writer import Journal


__all__ = [
    "CheckLog",
    "Harm",
    "Journal",
    "JournalVerdict",
    "Record",
    "SessionFolder",
    "StoredFile",
    "VerificationReport",
    "clock_step",
    "differs",
    "digest",
    "head_in_groups",
    "manifest_hash",
    "read_head",
    "read_last",
    "scan",
    "scan_bytes",
    "verify",
]
