"""Whether a command of a session runs, by what lies in its folder."""

import os
from pathlib import Path

from wizard.errors import UplevelError
from wizard.places.private import open_folder
from wizard.record.journal import SessionFolder, scan
from wizard.record.recovery import read_claim


def supervisor_lives(run: Path) -> bool:
    """Whether the supervisor that claimed a run is there."""
    try:
        folder = open_folder(run)
    except UplevelError:
        return False
    try:
        claim = read_claim(folder)
    except (OSError, ValueError):
        return False
    finally:
        os.close(folder)
    return claim is not None and not claim.void and claim.holder_lives()


def command_of_runs(folder: Path) -> str:
    """The command of a session that runs now, as words; empty when none does. Watches do not count."""
    session = SessionFolder(folder)
    try:
        records = scan(session.journal).records
    except UplevelError:
        return ""
    for record in reversed(records):
        number, words = record.data.get("run"), record.data.get("words")
        if record.kind != "run.intent" or record.data.get("watch") is True or not isinstance(number, int):
            continue
        lives = supervisor_lives(session.run(number))
        named = " ".join(str(word) for word in words) if isinstance(words, list) else ""
        return (named or "a command") if lives else ""
    return ""
