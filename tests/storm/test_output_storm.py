"""A gigabyte in one line, and a command that prints for a minute without end."""

import hashlib
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.engine.test_faithful_bytes import MOST_MEMORY, disk_used, most_memory
from wizard.clock import SystemClock
from wizard.execution.runner import EndedNotice
from wizard.record.events import Noted, event_data
from wizard.record.journal import Journal, SessionFolder
from wizard.record.output import OutputLog


pytestmark = pytest.mark.storm

GIGABYTE = 1_000_000_000


def test_a_gigabyte_in_one_line_is_kept_as_it_is(desk: Any) -> None:
    following, started = desk.started(desk.bash(f"head -c {GIGABYTE} /dev/zero | tr '\\0' x; read line"))
    desk.until(lambda: (following.folder / "output").stat().st_size == GIGABYTE, 300)
    assert most_memory(started.supervisor) < MOST_MEMORY
    desk.runner.send_keys(following.run, b"\n")
    report = following.wait(EndedNotice, 60).report
    wanted = hashlib.sha256()
    for _ in range(1000):
        wanted.update(b"x" * (GIGABYTE // 1000))
    wanted.update(b"\n")  # the echo of Enter
    assert report.length == GIGABYTE + 1
    assert report.sha256 == wanted.hexdigest()
    assert report.kept is None


def test_a_minute_of_yes_is_bounded_and_the_journal_goes_on(
    desk: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = SessionFolder.create(tmp_path, "01KAQ0000000000000000000AA")
    journal = Journal.create(folder, SystemClock())
    noted = Noted(step=None, text="still here")
    following, started = desk.started(desk.bash("exec yes"))
    most, notes, over = 0, [], time.monotonic() + 60
    while time.monotonic() < over:
        most = max(most, disk_used(following.folder))
        began = time.monotonic()
        journal.append(noted.kind, event_data(noted), durable=True)
        notes.append(time.monotonic() - began)
        threading.Event().wait(0.5)
    assert most <= (1 << 30) + (130 << 20)
    assert most_memory(started.supervisor) < MOST_MEMORY
    desk.runner.stop(following.run, "mara")
    report = following.wait(EndedNotice, 60).report
    assert report.length == (1 << 30) + (64 << 20)
    assert report.kept is not None
    with (following.folder / "output").open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == report.sha256
    assert OutputLog(following.folder).tail() == ()
    with capsys.disabled():
        sys.stdout.write(
            f"disk at most {most >> 20} MiB, lost {report.kept.lost >> 20} MiB, slowest record {max(notes):.3f} s\n"
        )
