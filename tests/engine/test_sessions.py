"""Sessions as lists show them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard.archive.sessions import find_session, list_sessions, unfinished
from wizard.clock import SystemClock
from wizard.errors import UsageProblem
from wizard.record.events import (
    CheckpointUnsigned,
    Operator,
    RunEnded,
    RunIntent,
    RunSettled,
    SessionClosed,
    SessionPaused,
    SessionResumed,
    StepBegan,
    StepEnded,
)
from wizard.record.locks import SessionLock


Begin = Callable[..., Any]
OPERATOR = Operator(user="mara", uid=1000, host="bastion")


def intent(run: int = 1) -> RunIntent:
    return RunIntent(
        run=run,
        step="first",
        attempt=1,
        words=("touch", "preview"),
        executable="/bin/touch",
        executable_sha256="0" * 64,
        cwd="/",
        env=(),
        repeat="never",
    )


def only(tmp_path: Path) -> Any:
    (found,) = list_sessions(tmp_path / "sessions")
    return found


def test_a_closed_session_says_how_it_ended_and_when(record: Begin, tmp_path: Path) -> None:
    session = record()
    closing = session.add(SessionClosed(state="completed", count=1))
    session.add(CheckpointUnsigned(purpose="close", why="no key"))
    found = only(tmp_path)
    assert (found.state, found.finished) == ("completed", closing.at)
    assert (found.procedure, found.title, found.mode, found.stage) == ("two-steps", "Two steps", "live", "preview")
    assert (found.operator, found.problem) == ("mara", "")


def test_a_paused_session_stands_at_its_step(record: Begin, tmp_path: Path) -> None:
    record().add(
        StepBegan(step="first"),
        StepEnded(step="first", state="done"),
        StepBegan(step="second"),
        SessionPaused(step="second"),
    )
    found = only(tmp_path)
    assert (found.state, found.step_number, found.steps) == ("paused", 2, 2)
    assert unfinished(tmp_path / "sessions") == [found]


def test_resumed_and_killed_is_open(record: Begin, tmp_path: Path) -> None:
    record().add(SessionPaused(step=None), SessionResumed(operator=OPERATOR, uplevel="0.1.0"))
    assert only(tmp_path).state == "open"


def test_a_held_lock_is_running(record: Begin, tmp_path: Path) -> None:
    session = record()
    with SessionLock.take(session.folder.path, SystemClock()):
        assert only(tmp_path).state == "running"
    assert only(tmp_path).state == "open"


def test_a_run_without_claim_was_not_started(record: Begin, tmp_path: Path) -> None:
    record().add(StepBegan(step="first"), intent())
    assert only(tmp_path).state == "open"


def test_a_run_whose_supervisor_is_gone_without_a_word_is_unknown(record: Begin, tmp_path: Path) -> None:
    session = record()
    session.add(StepBegan(step="first"), intent())
    claim = {"pid": 1, "start": 1, "boot_id": "another boot", "host": "x", "utc": "2026-11-23T02:00:00.000000Z"}
    (session.folder.run_folder(1) / "claim").write_text(json.dumps(claim))
    assert only(tmp_path).state == "unknown"


def test_a_damaged_claim_is_unknown(record: Begin, tmp_path: Path) -> None:
    session = record()
    session.add(intent())
    (session.folder.run_folder(1) / "claim").write_bytes(b"\0\0")
    assert only(tmp_path).state == "unknown"


def test_unknown_until_it_is_settled(record: Begin, tmp_path: Path) -> None:
    session = record()
    session.add(intent(), RunEnded(run=1, outcome="unknown"), SessionPaused(step="first"))
    assert only(tmp_path).state == "unknown"
    session.add(RunSettled(run=1, finished=True, by="operator"), SessionPaused(step="first"))
    assert only(tmp_path).state == "paused"


def test_a_changed_record_is_damaged_and_a_torn_one_is_told(record: Begin, tmp_path: Path) -> None:
    session = record()
    session.add(StepBegan(step="first"), StepEnded(step="first", state="done"))
    journal = session.folder.journal
    whole = journal.read_bytes()
    journal.write_bytes(whole.replace(b'"step":"first"', b'"step":"fIrst"', 1))
    assert only(tmp_path).state == "damaged"
    assert "Record 1" in only(tmp_path).problem
    journal.write_bytes(whole[:-5])
    assert only(tmp_path).state == "open"
    assert "torn" in only(tmp_path).problem


def test_garbage_folders_are_told_and_hide_nothing(record: Begin, tmp_path: Path) -> None:
    record().add(SessionClosed(state="stopped", count=1))
    top = tmp_path / "sessions"
    (top / "zz-empty").mkdir()
    (top / "a file").write_text("x")
    (top / "zz-garbage").mkdir()
    (top / "zz-garbage" / "journal.jsonl").write_bytes(b"\xff\n" * 50)
    (top / "zz-link").symlink_to(top / "zz-empty")
    found = list_sessions(top)
    assert [(each.id, each.state) for each in found] == [
        ("zz-garbage", "damaged"),
        ("zz-empty", "damaged"),
        ("01KAQ0000000000000000000AA", "stopped"),
    ]
    assert all("no first record" in each.problem for each in found[:2])


def test_a_lost_procedure_leaves_the_rest_readable(record: Begin, tmp_path: Path) -> None:
    session = record()
    session.add(StepBegan(step="second"))
    (session.folder.procedure / "two.yaml").unlink()
    found = only(tmp_path)
    assert (found.state, found.step_number, found.steps) == ("open", 0, 0)


def test_no_sessions_yet(tmp_path: Path) -> None:
    assert list_sessions(tmp_path / "nowhere") == []
    with pytest.raises(UsageProblem, match="no sessions yet"):
        find_session("01KAQ", tmp_path / "nowhere")


class TestFind:
    @pytest.fixture(autouse=True)
    def sessions(self, record: Begin, tmp_path: Path) -> Path:
        for name in ("01KAQ0000000000000000000AA", "01KAQ0000000000000000000BB"):
            record(name)
        return tmp_path / "sessions"

    @pytest.mark.parametrize("text", ["01KAQ0000000000000000000AA", "01kaq0000000000000000000aa", "aa", "AA", "00AA"])
    def test_by_what_is_unique(self, text: str, sessions: Path) -> None:
        assert find_session(text, sessions).id == "01KAQ0000000000000000000AA"

    def test_by_path(self, sessions: Path) -> None:
        folder = sessions / "01KAQ0000000000000000000BB"
        assert find_session(str(folder), sessions).id == folder.name
        assert find_session(str(folder / "journal.jsonl"), sessions).id == folder.name

    def test_several_fit(self, sessions: Path) -> None:
        with pytest.raises(UsageProblem, match=r"fits 2 sessions: 01KAQ\w+AA, 01KAQ\w+BB"):
            find_session("01KAQ", sessions)

    def test_a_slip_gets_the_nearest(self, sessions: Path) -> None:
        with pytest.raises(UsageProblem, match="Did you mean 01KAQ0000000000000000000AA"):
            find_session("01KAQ000000000000000000AAA", sessions)

    @pytest.mark.parametrize("text", ["nonsense", "", "\0", "x" * 5000])
    def test_nonsense_gets_the_newest(self, text: str, sessions: Path) -> None:
        with pytest.raises(UsageProblem, match="The newest is 01KAQ0000000000000000000BB"):
            find_session(text, sessions)
