"""The site's visitors: they come all the time, and what they meet is what the world has it that they meet."""

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import psycopg

from wizard.errors import UplevelError
from wizard.places.private import replace_file
from wizard.platforms.servers.database_visitor import Acknowledged, DatabaseVisitor, lost
from wizard.platforms.servers.request_stats import RequestStats
from wizard.platforms.servers.session_visitor import SessionVisitor
from wizard.platforms.servers.visited import VisitedSite


LEDGER, REPORT = "acknowledged", "report.json"
"""The files in the lab's folder: a token a line of each acknowledged row; and the report, as of a second ago."""

_TOLD_EVERY = 1.0
_SOON, _PATIENCE = 0.5, 3.0
"""Seconds in which a visit ends by itself, and in which one ends that is told to, or whose line is dead."""


class Visitors:
    """Visitors of the stage that a rehearsal is about, from `start` to `stop`.

    Args:
        folder: The lab's folder, for the ledger and the report.
        site: The site as it is now; asked before each visit.
        clock: Seconds that only go forward.
        writes: Visits a second that write to the database.
        logins: Visits a second with a session.

    Raises:
        OSError: The ledger cannot be opened.
    """

    def __init__(
        self,
        folder: Path,
        site: Callable[[], VisitedSite],
        *,
        clock: Callable[[], float] = time.monotonic,
        writes: float = 40.0,
        logins: float = 20.0,
    ) -> None:
        self._folder = folder
        self._ledger = Acknowledged(folder / LEDGER)
        self._tallies = {"postgres": RequestStats(clock), "redis": RequestStats(clock)}
        self.database = DatabaseVisitor(site, self._tallies["postgres"], self._ledger)
        self.sessions = SessionVisitor(site, self._tallies["redis"], clock)
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._again, args=(deed, 1 / rate), name=name, daemon=True)
            for name, deed, rate in (
                ("visitors-of-postgres", self.database.visit, writes),
                ("visitors-of-redis", self.sessions.visit, logins),
                ("visitors-told", self.tell, 1 / _TOLD_EVERY),
            )
        ]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Let them come. A second start is a fault."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let nobody come any more, hang up, and write the last report. A second stop does nothing."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        if not self._ended(_SOON):
            self.database.interrupt()
        if self._ended(_PATIENCE):
            self.database.leave()
            self.sessions.leave()
            self._ledger.close()
        self.tell()

    def report(self) -> dict[str, Any]:
        """What became of the visits so far, of the database and of the Redis.

        Each has `attempted`, `acknowledged` (writes), `found` and `logged_out` (sessions that were looked for),
        `refused` by reason, `turned_away` (saw the maintenance page; no attempt), and `longest_gap`, the longest time
        in seconds between two acknowledged writes.
        """
        return {name: tally.told() for name, tally in self._tallies.items()}

    def check(self, connection: psycopg.Connection) -> int:
        """How many acknowledged rows are not in the database that is given.

        Raises:
            OSError: The ledger cannot be read.
            psycopg.Error: The database cannot be asked.
        """
        return lost(self._folder / LEDGER, connection)

    def tell(self) -> None:
        """Write the report to its file; where that cannot be done, the next one may."""
        with suppress(OSError, UplevelError):
            replace_file(self._folder / REPORT, json.dumps(self.report(), indent=1).encode())

    def _again(self, deed: Callable[[], None], pause: float) -> None:
        while not self._stopping.wait(pause):
            deed()

    def _ended(self, patience: float) -> bool:
        """Whether all threads have ended, after so many seconds at most."""
        until = time.monotonic() + patience
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)
