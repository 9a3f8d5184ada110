"""A session's folder written record by record, for whoever reads records."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.engine.pretend_cf import Terminal
from tests.postgres import Server, furnish, server_pair
from wizard.clock import Instant
from wizard.record.events import Decision, Event, Operator, ProcedureCited, SessionOpened, SourceFileCited, event_data
from wizard.record.journal import Journal, Record, SessionFolder, manifest_hash


PROCEDURE = b"""\
format: 1
procedure: two-steps
title: Two steps
version: '1'
parameters:
  stage: {choices: [preview, production], default: preview}
phases:
  - title: Work
    steps:
      - id: first
        ref: Manual 1
        title: Touch ${stage}
        run: touch ${stage}
        after: [{run: 'ls ${stage}', has: '^${stage}$'}]
      - id: second
        ref: Manual 2
        title: Remove it
        confirm: Really?
        run: rm ${stage}
"""


@dataclass
class StepClock:
    """A clock that goes on by one second each time it is read."""

    number: int = 0

    def now(self) -> Instant:
        self.number += 1
        at = datetime(2026, 11, 23, 2, tzinfo=UTC) + timedelta(seconds=self.number)
        return Instant(at, self.number * 1_000_000_000, "boot")

    def new_id(self) -> str:
        self.number += 1
        return f"01KAQ{self.number:021d}"


class Recording:
    """One session's folder with a real journal in it."""

    def __init__(self, sessions: Path, session_id: str, opened: dict[str, Any]) -> None:
        sessions.mkdir(mode=0o700, exist_ok=True)
        self.folder = SessionFolder.create(sessions, session_id)
        files = self.folder.store_procedure({"two.yaml": PROCEDURE})
        self.clock = StepClock()
        self.journal = Journal.create(self.folder, self.clock)
        facts: dict[str, Any] = {
            "session": session_id,
            "mode": "live",
            "procedure": ProcedureCited(
                name="two-steps", title="Two steps", version="1", builtin=False, main="two.yaml"
            ),
            "manifest": manifest_hash(files),
            "files": tuple(SourceFileCited(**each) for each in files),
            "nonce": "0" * 32,
            "uplevel": "0.1.0",
            "python": "3.11",
            "system": "Linux",
            "operator": Operator(user="mara", uid=1000, host="bastion"),
            "parameters": {"stage": "preview"},
            "today": "2026-11-23",
            "trust": "never run here",
        }
        self.add(SessionOpened(**{**facts, **opened}))

    def add(self, *events: Event) -> Record:
        """Write these events; the last one's record."""
        for event in events:
            self.journal.append(event.kind, event_data(event), durable=isinstance(event, Decision))
        return self.journal.records[-1]

    def output(self, run: int, content: bytes) -> dict[str, Any]:
        """Write a run's output file; what cites it."""
        folder = self.folder.run_folder(run)
        (folder / "output").write_bytes(content)
        return {"sha256": sha256(content).hexdigest(), "len": len(content)}


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., Recording]:
    """Begin a session's record below `tmp_path / "sessions"`; keywords replace fields of record 0."""

    def begin(session_id: str = "01KAQ0000000000000000000AA", **opened: Any) -> Recording:
        return Recording(tmp_path / "sessions", session_id, opened)

    return begin


@pytest.fixture
def cf(tmp_path: Path) -> Terminal:
    """A person at the pretend platform, with version 8 of the CLI."""
    return Terminal(folder=tmp_path)


@pytest.fixture
def cf7(tmp_path: Path) -> Terminal:
    """The same with version 7."""
    return Terminal(7, tmp_path)


@pytest.fixture(scope="session")
def databases() -> Iterator[tuple[Server, Server]]:
    """Real PostgreSQL 16 and 18, one pair for each worker; each has the database `scenario`, alike on both."""
    with server_pair() as (old, new):
        for server in (old, new):
            furnish(server)
        yield old, new
