"""One byte of the journal that is written over in place under a running wizard is noticed; nothing new starts then."""

import os
from pathlib import Path

import pytest

from tests.conftest import Opener
from tests.engine.test_journal import begin
from wizard.errors import EvidenceBroken, ExitCode, RecordProblem
from wizard.record.journal import Harm, scan


STEPS = """
format: 1
procedure: two
title: Two commands
phases:
  - title: All
    steps:
      - {id: one, title: First, run: echo one}
      - {id: two, title: Second, run: echo two}
"""


def overwrite(journal: Path) -> None:
    """Change one byte of the first record, in place, without another length."""
    with journal.open("r+b") as file:
        file.seek(20)
        file.write(b"9")


def test_a_byte_that_was_written_over_is_noticed_before_the_next_record(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    overwrite(journal.folder.journal)
    os.utime(journal.folder.journal)  # whatever the grain of the clock
    with pytest.raises(RecordProblem, match="another program changed what stands in it"):
        journal.append("run.intent", {"run": 1}, durable=True)
    with pytest.raises(RecordProblem, match="another program"):
        journal.append("noted", {}, durable=False)
    with pytest.raises(EvidenceBroken):
        journal.reread()


def test_the_last_line_is_compared_whatever_the_clock_says(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    last = journal.append("noted", {"text": "as it was"}, durable=True)
    with journal.folder.journal.open("r+b") as file:
        file.seek(-20, os.SEEK_END)
        file.write(b"9")
    journal._file._changed = journal.folder.journal.stat().st_ctime_ns
    with pytest.raises(RecordProblem, match="another program"):
        journal.append("run.intent", {"run": 1}, durable=True)
    assert last.seq == 1


def test_all_of_it_is_verified_before_the_closing_record(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    journal.append("noted", {}, durable=True)
    overwrite(journal.folder.journal)
    journal._file._changed = journal.folder.journal.stat().st_ctime_ns
    with pytest.raises(RecordProblem, match="another program"):
        journal.append("session.closed", {"count": 2, "state": "completed"}, durable=True)


def test_a_backup_and_a_chmod_change_nothing(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    journal.folder.journal.chmod(0o400)
    journal.folder.journal.chmod(0o600)
    journal.append("noted", {}, durable=True)
    journal.append("session.closed", {"count": 2, "state": "completed"}, durable=True)
    journal.close()
    assert scan(journal.folder.journal).damage.harm is Harm.NONE


@pytest.mark.parametrize("name", ["journal.jsonl", "checks/output"])
def test_a_session_whose_record_was_changed_starts_nothing_more(sessions: Opener, name: str) -> None:
    drive = sessions.open(STEPS.replace("run: echo two", "before: [{run: echo yes}], run: echo two"))
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    folder = drive.engine.folder
    if name == "checks/output":
        assert (folder / name).read_bytes()
    overwrite(folder / name) if name == "journal.jsonl" else (folder / name).write_bytes(b"no!\n")
    drive.answer("run")
    finished = drive.until_finished()
    assert finished.code is ExitCode.RECORD
    assert "another program changed" in finished.sentence
    assert not (folder / "runs" / "0002").exists()
    assert "run.intent" not in drive.kinds()[drive.kinds().index("run.ended") :]
