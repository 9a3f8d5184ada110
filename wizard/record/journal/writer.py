"""The journal of one session: its one writer."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from wizard.clock import Clock
from wizard.errors import EvidenceBroken, RecordProblem, UplevelError
from wizard.places.private import cannot, open_file, sync_folder, write_new_file
from wizard.record.journal.appending import AppendFile
from wizard.record.journal.folder import SessionFolder
from wizard.record.journal.kinds import AFTER_CLOSE, CLOSED
from wizard.record.journal.line import FIRST_PREV, Record, seal
from wizard.record.journal.reader import Harm, Scan, no_session, scan


_RESERVE_BYTES = 64 * 1024
"""Room for the last record on a full disk."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was done about a torn tail.

    Attributes:
        good_seq: The number of the last good record.
        lost_bytes: How many bytes were no part of a good record.
        kept_as: The file beside the journal that holds them now.
    """

    good_seq: int
    lost_bytes: int
    kept_as: str


class Journal:
    """The append-only, hash-chained record of a session. Exactly one thread of one process writes it.

    Args:
        folder: The session's folder.
        clock: Where the times of the records come from.
        file: The journal file, open.
        records: What stands in it.
        recovered: What was done about a torn tail when it was opened.
    """

    def __init__(
        self,
        folder: SessionFolder,
        clock: Clock,
        file: AppendFile,
        records: list[Record] | None = None,
        recovered: Recovered | None = None,
    ) -> None:
        self.folder = folder
        self.recovered = recovered
        self._clock = clock
        self._file = file
        self._records = records or []
        self._durable = len(self._records)
        self._closed = any(record.kind == CLOSED for record in self._records)

    @classmethod
    def create(cls, folder: SessionFolder, clock: Clock) -> Self:
        """Begin the journal of a new session, with its reserve.

        Raises:
            RecordProblem: There is one already, or it cannot be made; then nothing of the session is left behind.
        """
        try:
            file = AppendFile(folder.journal, os.O_CREAT | os.O_EXCL)
        except FileExistsError as problem:
            raise RecordProblem(f"The session {folder.session_id} already has a journal.") from problem
        except UplevelError:
            folder.discard()
            raise
        journal = cls(folder, clock, file)
        try:
            journal._make_reserve()
        except UplevelError:
            file.close()
            folder.discard()
            raise
        return journal

    @classmethod
    def resume(cls, folder: SessionFolder, clock: Clock) -> Self:
        """Go on with the journal of a session: verify the chain, and recover a torn tail.

        The damaged bytes are kept aside first, then the file is cut to the exact good prefix; `recovered` tells.

        Raises:
            UsageProblem: There is no first record, so there is no session.
            EvidenceBroken: The damage is not at the tail; such a journal is only read.
            RecordProblem: The file cannot be opened, trusted, or cut.
        """
        found = scan(folder.journal)
        if found.damage.harm is Harm.BROKEN:
            raise broken(folder, found)
        if not found.records:
            raise no_session(folder.path)
        file = AppendFile(folder.journal)
        try:
            recovered = None if found.damage.harm is Harm.NONE else _recover(folder, file, found)
            file.expect(b"".join(record.raw for record in found.records))
            if recovered is None:
                file.sync()
        except UplevelError:
            file.close()
            raise
        journal = cls(folder, clock, file, found.records, recovered)
        if not folder.reserve.exists():
            with suppress(RecordProblem):  # on a full disk the next append says so better
                journal._make_reserve()
        return journal

    @property
    def records(self) -> Sequence[Record]:
        """All records, oldest first; a view, not a copy."""
        return self._records

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash of the last record; (-1, 64 zeros) before record 0."""
        return (self._records[-1].seq, self._records[-1].h) if self._records else (-1, FIRST_PREV)

    @property
    def closed(self) -> bool:
        """Whether the closing record is there; then only signatures may follow."""
        return self._closed

    @property
    def dead(self) -> str:
        """Why nothing more can be written; empty while the journal is alive."""
        return self._file.dead

    def append(self, kind: str, data: Mapping[str, Any], *, durable: bool) -> Record:
        """Write one record.

        Args:
            kind: The event's kind.
            data: Its fields, JSON values only.
            durable: Whether it must be on the disk when this returns (every decision).

        Returns:
            The record as `resume` will read it.

        Raises:
            RecordProblem: It is too long, the disk is full (the file is as before), the sync failed or another program
                changed the file (the journal is dead until `reread`), or the session is closed. The record is then not
                part of the journal. If it was to be the first one, nothing of the session is left behind.
        """
        if self._closed and kind not in AFTER_CLOSE:
            raise RecordProblem(
                f"The session {self.folder.session_id} is closed; its journal takes no {kind} any more."
            )
        seq, prev = self.head
        record = seal(kind, data, seq=seq + 1, prev=prev, now=self._clock.now())
        try:
            if kind == CLOSED:
                self._file.require_whole()
            self._file.add(record.raw)
            if durable:
                self._file.sync()
        except RecordProblem:
            self._forget_if_empty()
            raise
        self._records.append(record)
        self._closed = self._closed or kind == CLOSED
        if durable:
            self._durable = len(self._records)
        return record

    def _forget_if_empty(self) -> None:
        """A session whose first record could not be written never was."""
        if self._records:
            return
        self.close()
        self.folder.journal.unlink(missing_ok=True)
        self.folder.discard()

    def _make_reserve(self) -> None:
        path = self.folder.reserve
        file = open_file(path, os.O_WRONLY | os.O_CREAT)
        try:
            os.posix_fallocate(file, 0, _RESERVE_BYTES)
            os.fsync(file)
        except OSError as problem:
            raise cannot("set room aside in", path, problem) from problem
        finally:
            os.close(file)
        sync_folder(path.parent)

    def release_reserve(self) -> None:
        """Give the reserve back to the disk, so that the last record fits. Doing it twice does nothing."""
        self.folder.reserve.unlink(missing_ok=True)

    def reread(self) -> None:
        """Bring a dead journal back: verify on the disk what was durable, write the rest again, sync.

        A record whose `append` raised is not among them.

        Raises:
            EvidenceBroken: The disk does not hold what it had confirmed.
            RecordProblem: The disk still says no; the journal stays dead.
        """
        durable = b"".join(record.raw for record in self._records[: self._durable])
        if not self._file.read_from_disk().startswith(durable):
            raise EvidenceBroken(
                f"The journal {self.folder.journal} no longer holds what the disk had confirmed.",
                f"Copy {self.folder.path} to another disk before anything else is done with it.",
            )
        rest = b"".join(record.raw for record in self._records[self._durable :])
        self._file.start_over_from(len(durable), rest)
        self._durable = len(self._records)

    def close(self) -> None:
        """Sync what is not yet durable, as far as the disk lets us, and close the file."""
        try:
            if not self._file.dead and self._durable < len(self._records):
                self._file.sync()
        finally:
            self._file.close()


def broken(folder: SessionFolder, found: Scan) -> EvidenceBroken:
    """The error for a journal that was altered."""
    return EvidenceBroken(
        f"The journal of {folder.session_id} was altered: where record {found.damage.seq} should stand, "
        f"line {found.damage.seq + 1} {found.damage.what}. It can only be read.",
        f"`uplevel verify {folder.session_id}` says what was found.",
    )


def _recover(folder: SessionFolder, file: AppendFile, found: Scan) -> Recovered:
    """Keep the damaged bytes aside, then cut the journal to the good prefix; in this order, so that nothing is lost."""
    content = file.read_from_disk()
    number = 1
    while os.path.lexists(folder.path / f"journal.damaged-{number}"):
        number += 1
    kept = folder.path / f"journal.damaged-{number}"
    write_new_file(kept, content[found.damage.offset :])
    sync_folder(folder.path)
    file.start_over_from(found.damage.offset, b"")
    return Recovered(found.records[-1].seq, found.lost, kept.name)
