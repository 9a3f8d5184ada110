"""What anchors a record from outside, what does not, and what the exit code says of it."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import Opener
from tests.engine import test_signing
from tests.engine.test_signing import allow, make_key, signed_session
from tests.engine.test_verify import rewrite, session
from wizard.clock import Instant, SystemClock
from wizard.errors import ExitCode
from wizard.record import signing
from wizard.record.events import has_its_shape
from wizard.record.journal import JournalVerdict, SessionFolder, scan, verify
from wizard.record.signing import check_head


keys = test_signing.keys
STEPS = "format: 1\nprocedure: p\ntitle: P\nphases: [{title: A, steps: [{id: a, title: A, run: 'true'}]}]\n"


def heads(folder: SessionFolder) -> list[str]:
    return [record.h for record in scan(folder.journal).records]


def test_a_live_record_that_nothing_anchors_is_not_proven(tmp_path: Path) -> None:
    folder = session(tmp_path)
    report = verify(folder.path, live=True)
    assert (report.verdict, report.exit_code) == (JournalVerdict.UNSIGNED, ExitCode.UNPROVEN)
    assert "Nothing anchors this record" in report.notes[-1]
    assert verify(folder.path).exit_code == ExitCode.COMPLETED


def test_a_rehearsal_rebuilt_as_live_does_not_pass(tmp_path: Path) -> None:
    folder = session(tmp_path, mode="rehearsal")
    shown = heads(folder)[-1]
    rewrite(folder, lambda records: records[0]["data"].update(mode="live"))
    assert verify(folder.path, live=True).exit_code == ExitCode.UNPROVEN
    assert verify(folder.path, live=True, head=shown).exit_code == ExitCode.EVIDENCE


def test_only_the_head_of_the_close_or_later_is_an_anchor(tmp_path: Path) -> None:
    folder = session(tmp_path)
    *early, last = heads(folder)
    for head in early:
        for live in (False, True):
            report = verify(folder.path, head=head, live=live)
            assert (report.verdict, report.exit_code) == (JournalVerdict.UNSIGNED, ExitCode.UNPROVEN)
            assert any("does not cover" in note for note in report.notes)
    assert verify(folder.path, head=last, live=True).exit_code == ExitCode.COMPLETED


def test_of_an_open_session_a_head_says_how_far_it_reaches(tmp_path: Path) -> None:
    folder = session(tmp_path, close=False)
    report = verify(folder.path, head=heads(folder)[3], live=True)
    assert report.exit_code == ExitCode.PAUSED
    assert any("The head you gave is record 3" in note for note in report.notes)


def test_a_good_signature_over_the_close_is_an_anchor(keys: Path, tmp_path: Path) -> None:
    folder = signed_session(tmp_path / "s", keys / "ann")
    allowed = allow(tmp_path, ("ann", keys / "ann"))
    report = verify(folder.path, signed_by=allowed, check_signature=check_head, live=True)
    assert (report.verdict, report.exit_code) == (JournalVerdict.VERIFIED, ExitCode.COMPLETED)
    early = verify(folder.path, head=heads(folder)[0], signed_by=allowed, check_signature=check_head, live=True)
    assert early.exit_code == ExitCode.COMPLETED
    own = verify(folder.path, check_signature=check_head, live=True)
    assert own.exit_code == ExitCode.UNPROVEN


class _Back:
    """A clock that says it is 2025."""

    def now(self) -> Instant:
        now = SystemClock().now()
        return Instant(datetime(2025, 6, 1, tzinfo=UTC), now.boottime, now.boot_id)

    def new_id(self) -> str:
        return "01JD0000000000000000000000"


def dated(tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch) -> SessionFolder:
    """A session of today that says it is of 2025."""
    monkeypatch.setattr(test_signing, "SystemClock", _Back)
    return signed_session(tmp_path / "s", key)


def test_a_key_that_is_not_valid_today_anchors_nothing(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = dated(tmp_path, keys / "ann", monkeypatch)
    allowed = allow(tmp_path, ('ann valid-before="20260101"', keys / "ann"))
    for live in (False, True):
        report = verify(folder.path, signed_by=allowed, check_signature=check_head, live=live)
        assert (report.verdict, report.exit_code) == (JournalVerdict.UNSIGNED, ExitCode.UNPROVEN)
        assert any("a key that is not valid today" in note for note in report.notes)
    head = heads(folder)[-1]
    report = verify(folder.path, head=head, signed_by=allowed, check_signature=check_head, live=True)
    assert report.exit_code == ExitCode.COMPLETED


def test_an_expired_key_is_called_that(keys: Path, tmp_path: Path) -> None:
    folder = signed_session(tmp_path / "s", keys / "ann")
    allowed = allow(tmp_path, ('ann valid-after="20190101",valid-before="20200101"', keys / "ann"))
    report = verify(folder.path, signed_by=allowed, check_signature=check_head)
    assert report.verdict is JournalVerdict.BROKEN
    assert "of ann is valid after 20190101 and before 20200101 only." in report.findings[0]
    assert "nobody's you named" not in " ".join(report.findings)


def test_a_record_that_names_another_key_than_signed_is_a_finding(keys: Path, tmp_path: Path) -> None:
    folder = signed_session(tmp_path / "s", keys / "ann")
    records = scan(folder.journal).records

    def other(found: list[dict[str, dict[str, str]]]) -> None:
        found[-1]["data"]["key"] = "SHA256:of-somebody-else"

    rewrite(folder, other)
    assert scan(folder.journal).records[-2].h == records[-2].h
    report = verify(folder.path, signed_by=allow(tmp_path, ("ann", keys / "ann")), check_signature=check_head)
    assert "names the key SHA256:of-somebody-else" in report.findings[0]


@pytest.fixture
def signed(
    sessions: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], tuple[SessionFolder, Path]]:
    """A whole session of the engine, signed with a key of the settings."""
    from wizard.places import config_dir

    key = make_key(tmp_path / "own")
    (config_dir() / "settings.toml").write_text(f'signing_key = "{key}"\n')
    (config_dir() / "settings.toml").chmod(0o600)

    def run() -> tuple[SessionFolder, Path]:
        drive = sessions.open(STEPS)
        drive.ask_and_answer("run", sort="go")
        drive.until_finished()
        return SessionFolder(drive.engine.folder), allow(tmp_path, ("me", key))

    return run


def test_the_records_after_the_close_are_covered_too(signed: Callable[[], tuple[SessionFolder, Path]]) -> None:
    folder, allowed = signed()
    report = verify(folder.path, signed_by=allowed, check_signature=check_head, live=True, shape=has_its_shape)
    assert (report.title, report.exit_code, report.findings) == ("VERIFIED", 0, ())
    kinds = [record.kind for record in scan(folder.journal).records]
    assert kinds[-3:] == ["session.closed", "checkpoint.signed", "front-end.detached"]
    assert f"The records up to {report.count - 1} are signed by me" in " ".join(report.notes)
    for cut in (-1, -2):  # what follows the close is taken away, or written anew
        lines = folder.journal.read_bytes().splitlines(keepends=True)
        folder.journal.write_bytes(b"".join(lines[:cut]))
        assert "the tail was cut" in verify(folder.path).findings[-1]
        folder.journal.write_bytes(b"".join(lines))

    def later(records: list[dict[str, str]]) -> None:
        records[-2]["at"] = "2026-11-27T00:00:00.000000Z"

    rewrite(folder, later)
    assert "is not good" in " ".join(verify(folder.path, check_signature=check_head).findings)


def test_a_transcript_counts_as_verify_does(signed: Callable[[], tuple[SessionFolder, Path]]) -> None:
    from wizard.formats import build
    from wizard.formats.markdown import render_markdown

    folder, _ = signed()
    notes = verify(folder.path, check_signature=check_head).notes
    closing = next(record.seq for record in scan(folder.journal).records if record.kind == "session.closed")
    assert any(f"up to {closing} are signed" in note for note in notes)
    assert f"The records up to {closing} were signed at the close" in render_markdown(build(folder.path))


def test_what_does_not_answer_is_waited_for_once(
    sessions: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools, asked = tmp_path / "bin", tmp_path / "asked"
    tools.mkdir()
    for name in ("ssh-add", "ssh-keygen"):
        (tools / name).write_text(f"#!/bin/sh\necho once >> {asked}\nexec sleep 60\n")
        (tools / name).chmod(0o755)
    monkeypatch.setattr(signing, "_LIMIT_S", 0.3)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "dead"))
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    drive = sessions.open(STEPS)
    drive.ask_and_answer("run", sort="go")
    drive.until_finished()
    unsigned = [event for event in drive.events if event.kind == "checkpoint.unsigned"]
    assert len(unsigned) >= 3
    assert {event.why for event in unsigned} == {unsigned[0].why}
    assert asked.read_text() == "once\n"
