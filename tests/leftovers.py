"""Processes that a test left behind: found by the files they hold, and ended with the test."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from wizard.errors import RecordProblem
from wizard.places.private import open_folder
from wizard.record.recovery import read_claim
from wizard.record.run_layout import EXIT


def end_runs(sessions: Path) -> None:
    """Have the supervisors of sessions end what still runs; nobody waits for it here."""
    for claim in sessions.glob("*/runs/*/claim"):
        if (claim.parent / EXIT).exists():
            continue
        with suppress(RecordProblem, ValueError, OSError):
            folder = open_folder(claim.parent)
            try:
                held = read_claim(folder)
            finally:
                os.close(folder)
            if held is not None and not held.void and held.pid != os.getpid() and held.holder_lives():
                os.kill(held.pid, signal.SIGTERM)


def remove_labs(sessions: Path) -> None:
    """Remove what the real servers of rehearsals hold that were left and never ended."""
    for world in sessions.glob("*/sandbox/world"):
        with suppress(OSError, ValueError, AttributeError, TypeError):  # a test may have put anything in its place
            folder = json.loads((world / "world.json").read_bytes()).get("lab", {}).get("folder")
            if folder:
                shutil.rmtree(folder, ignore_errors=True)


def holding(base: Path) -> Iterator[str]:
    """Other processes that stand in a folder or hold a file below it: their words, and which file."""
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        with suppress(OSError):
            for link in (process / "cwd", *(process / "fd").iterdir()):
                held = str(link.readlink())
                if held.startswith(f"{base}/"):
                    words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                    yield f"{process.name} {words[:200]} holds {held}"
                    break
