"""The decision events of a journal, made comparable: two front ends must leave the same for the same decisions."""

from pathlib import Path
from typing import Any

from wizard.record.events import event_data, is_decision
from wizard.record.journal import scan
from wizard.session.record_shape import happened_of


_VOLATILE = {
    "session.opened": {"session", "nonce", "operator", "trust", "system", "ports"},
    "session.resumed": {"operator"},
    "actor.named": {"sort", "salt", "user", "real_user", "host", "tty", "source", "front_end", "key"},
    "phase.ended": {"head"},
    "checkpoint.signed": {"count", "head", "key", "file"},
    "run.intent": {"executable", "executable_sha256", "cwd"},
    "run.started": {"pid", "pid_start", "supervisor", "supervisor_start"},
    "run.ended": {"started", "finished", "seconds", "beside"},
    "check.answered": {"attempts", "seconds", "first", "answer"},
    "world.played": {"answer"},
    "answered": {"evidence"},
    "session.closed": {"count"},
}
"""Ids, times, pids, free ports, what holds them (hashes, heads, counts of records), and the words of a person."""


def decisions(folder: Path) -> list[dict[str, Any]]:
    """All decision events of a session in order, everything volatile left out.

    Args:
        folder: The session's folder.
    """
    found = []
    for record in scan(folder / "journal.jsonl").records:
        event = happened_of(record).event
        if is_decision(event):
            drop = _VOLATILE.get(event.kind, set())
            kept = {name: value for name, value in event_data(event).items() if name not in drop}
            found.append({"kind": event.kind, **kept})
    return found
