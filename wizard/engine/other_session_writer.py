"""A few records into a session that nobody has open: what happened to it from outside belongs into its own journal."""

import shutil
import time
from contextlib import suppress
from pathlib import Path

from wizard.clock import Clock
from wizard.engine.recorder import Recorder, events_of
from wizard.engine.vault import Vault
from wizard.errors import SessionBusy, UplevelError, UsageProblem
from wizard.places import runtime_dir
from wizard.record.events import Event, JournalRecovered, SessionClosed
from wizard.record.journal import Journal, SessionFolder
from wizard.record.locks import SessionLock
from wizard.session import fold_what_fits


_PATIENCE = 3.0
"""Seconds until a wizard that has just been ended has let go of its session."""


class OtherSession:
    """A session of this user that nobody has open, for as long as it takes to write into it.

    Args:
        folder: The session's folder.
        clock: Time.
        vault: The secrets of whoever writes there.

    Raises:
        UplevelError: It is open, or its record cannot be read or written.
    """

    def __init__(self, folder: Path, clock: Clock, vault: Vault) -> None:
        found = SessionFolder.open(folder)
        self._lock = _locked(folder, clock)
        try:
            self._journal = Journal.resume(found, clock)
            self._recorder = Recorder(self._journal, vault, fold_what_fits(events_of(self._journal)))
            if (torn := self._journal.recovered) is not None:
                self._recorder.record(
                    JournalRecovered(good_seq=torn.good_seq, lost_bytes=torn.lost_bytes, kept_as=torn.kept_as)
                )
        except UplevelError:
            self._lock.release()
            raise

    def record(self, event: Event) -> None:
        """Write one event."""
        self._recorder.record(event)

    def close_for_good(self, reason: str) -> None:
        """Write the closing record, and remove what only a session that goes on needs.

        Raises:
            UsageProblem: A command of it has no known outcome.
        """
        state = self._recorder.state
        if state.open_run is not None:
            raise UsageProblem("the outcome of its last command is not settled; go on with it and settle that first.")
        seq, _ = self._journal.head
        self.record(SessionClosed(state="stopped", count=seq + 1, reason=reason))
        with suppress(OSError, UplevelError):
            shutil.rmtree(runtime_dir() / f"private-{state.opened.session}")

    def close(self) -> None:
        """Let go of it."""
        try:
            self._journal.close()
        finally:
            self._lock.release()


def _locked(folder: Path, clock: Clock) -> SessionLock:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return SessionLock.take(folder, clock)
        except SessionBusy:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
