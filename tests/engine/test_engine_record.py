"""When the record fails, and when uplevel itself fails: nothing new starts, nothing is lost, the way back is named."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from wizard.engine import conductor
from wizard.engine.messages import RecordTrouble, SessionFinished
from wizard.errors import EvidenceBroken, ExitCode
from wizard.record.journal import Journal, scan
from wizard.session.plan import plan


if TYPE_CHECKING:
    from tests.conftest import Opener


COUNT = """
format: 1
procedure: count
title: Count
parameters:
  counter: {any: yes}
  token: {secret: yes, any: yes}
phases:
  - title: All
    steps:
      - {id: one, title: One, shell: 'printf x >> "$counter"', env: {TOKEN: '${token}'}}
      - {id: two, title: Two, shell: 'printf x >> "$counter"'}
"""


def full_disk(monkeypatch: pytest.MonkeyPatch, journal: str) -> None:
    """From now on writes to the journal find no space, until the reserve is given up."""
    real = os.write

    def write(file: int, data: Any) -> int:
        if str(Path(f"/proc/self/fd/{file}").readlink()) == journal and Path(journal).with_name("reserve").exists():
            raise OSError(28, "No space left on device")
        return real(file, data)

    monkeypatch.setattr(os, "write", write)


def test_on_a_full_disk_nothing_new_starts_and_the_last_record_fits(
    sessions: "Opener", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = tmp_path / "counter"
    drive = sessions.open(COUNT, values={"counter": str(counter)}, secrets={"token": "irrelevant-here"})
    drive.ask_and_answer("run")
    drive.until_asked("go")
    journal = drive.engine.folder / "journal.jsonl"
    full_disk(monkeypatch, str(journal))
    drive.answer("run")
    drive.until(lambda message: isinstance(message, RecordTrouble))
    finished = drive.until_finished()
    assert finished.code is ExitCode.RECORD
    assert "No space left" in finished.sentence
    assert "uplevel resume" in finished.sentence
    assert counter.read_text() == "x"
    found = scan(journal)
    assert found.damage.harm.name == "NONE"
    assert found.records[-1].kind == "session.paused"


def test_a_fault_of_ours_is_told_without_the_secret_and_the_session_goes_on_later(
    sessions: "Opener", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        local = "s3cret-of-the-test"
        raise RuntimeError(f"it broke near {local}")

    monkeypatch.setattr(conductor, "plan", fails)
    drive = sessions.open(COUNT, values={"counter": str(tmp_path / "c")}, secrets={"token": "s3cret-of-the-test"})
    message = drive.until(lambda each: isinstance(each, SessionFinished))
    assert isinstance(message, SessionFinished)
    assert message.code is ExitCode.FAILED
    assert "RuntimeError at test_engine_record.py:" in message.sentence
    assert "[redacted:token]" in message.sentence
    assert "s3cret-of-the-test" not in message.sentence
    monkeypatch.setattr(conductor, "plan", plan)
    again = sessions.resume(drive.engine.session)
    again.ask_and_answer("answer", "s3cret-of-the-test", sort="secret")
    assert again.until_asked().question_kind == "go"


def test_a_changed_copy_of_the_procedure_is_refused(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(COUNT, values={"counter": str(tmp_path / "c")}, secrets={"token": "irrelevant-here"})
    drive.until_asked()
    drive.leave()
    copy = drive.engine.folder / "procedure" / "procedure.yaml"
    copy.write_text(copy.read_text().replace("Two", "Too"))
    with pytest.raises(EvidenceBroken, match="not what the session was opened with"):
        sessions.resume(drive.engine.session)


def test_a_torn_tail_is_kept_aside_and_acknowledged(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(COUNT, values={"counter": str(tmp_path / "c")}, secrets={"token": "irrelevant-here"})
    drive.until_asked()
    drive.leave()
    journal = drive.engine.folder / "journal.jsonl"
    with journal.open("ab") as file:
        file.write(b'{"at":"2026')
    again = sessions.resume(drive.engine.session)
    again.ask_and_answer("acknowledge", sort="recovered")
    assert "journal.recovered" in [record.kind for record in scan(journal).records]
    assert (drive.engine.folder / "journal.damaged-1").read_bytes() == b'{"at":"2026'
    assert any("torn" in deviation.what for deviation in again.state.deviations)


def test_the_intent_is_on_disk_before_the_order_leaves(
    sessions: "Opener", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 1: when the command starts, its intent has been synced."""
    durable: list[str] = []
    append = Journal.append

    def watched(self: Journal, kind: str, data: Any, *, durable: bool) -> Any:
        record = append(self, kind, data, durable=durable)
        if durable:
            seen.append(kind)
        return record

    seen = durable
    monkeypatch.setattr(Journal, "append", watched)
    drive = sessions.open(COUNT, values={"counter": str(tmp_path / "c")}, secrets={"token": "irrelevant-here"})
    started: list[list[str]] = []
    start = drive.engine._context.runner.start

    def start_watched(order: Any, notify: Any) -> None:
        started.append(list(seen))
        start(order, notify)

    monkeypatch.setattr(drive.engine._context.runner, "start", start_watched)
    drive.ask_and_answer("run")
    drive.until_asked("go")
    assert started
    assert started[0][-1] == "run.intent"
