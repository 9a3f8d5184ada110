"""A session whose wizard is killed before its first record never was, and leaves nothing that needs a hand.

The large sibling is tests/storm/test_never_begun_storm.py.
"""

import errno
import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests import forked
from tests.conftest import Opener
from tests.unbegun import kill_while_opening
from wizard.archive.sessions import list_sessions
from wizard.archive.unbegun_sessions import being_opened, sweep
from wizard.places import sessions_dir
from wizard.places.whole_file import write_whole_file
from wizard.record.journal import SessionFolder


STEPS = "format: 1\nprocedure: p\ntitle: P\nphases: [{title: A, steps: [{id: a, title: A, run: 'true'}]}]\n"


def test_ten_kills_while_a_session_is_opened_leave_nothing_that_needs_a_hand(sessions: Opener) -> None:
    kill_while_opening(range(3, 63, 6))
    left = list_sessions()
    assert [
        each.problem for each in left if each.state == "damaged" and "next session to begin" not in each.problem
    ] == []
    assert any(each.state == "damaged" for each in left)
    drive = sessions.open(STEPS)
    drive.until_asked()
    assert {each.state for each in list_sessions()} <= {"open", "running"}


def never_begun() -> Path:
    folder = SessionFolder.create(sessions_dir(), "01JD0000000000000000000000")
    folder.store_procedure({"p.yaml": b"format: 1\n", "worlds/w.yaml": b"{}\n"})
    return folder.path


def test_nothing_is_swept_while_somebody_opens_a_session_or_holds_it() -> None:
    folder = never_begun()
    with being_opened(sessions_dir()):
        sweep(sessions_dir())
    assert folder.is_dir()
    holding = "import sys, time; from pathlib import Path; from wizard.clock import SystemClock\n"
    holding += (
        "from wizard.record.locks import SessionLock; lock = SessionLock.take(Path(sys.argv[1]), SystemClock())\n"
    )
    holding += "print(flush=True); sys.stdin.read()"
    with forked.Popen(
        [sys.executable, "-c", holding, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        sweep(sessions_dir())
        assert folder.is_dir()
        holder.kill()
    sweep(sessions_dir())
    assert not folder.exists()


@pytest.mark.parametrize("name", ["notes", "runs/0001", "checks/output", "checkpoints/000001.sig", "sandbox", "link"])
def test_what_holds_anything_else_is_left_alone(name: str) -> None:
    folder = never_begun()
    (folder / name).symlink_to("/etc") if name == "link" else (folder / name).mkdir()
    sweep(sessions_dir())
    assert folder.is_dir()


def test_a_record_that_begins_and_a_folder_that_is_no_session_are_left_alone(sessions: Opener) -> None:
    drive = sessions.open(STEPS)
    drive.until_asked()
    drive.leave()
    drive.until_finished()
    folder = never_begun()
    (folder / "journal.jsonl").write_bytes(b"garbage\n")
    other = sessions_dir() / "my-own"
    other.mkdir()
    sweep(sessions_dir())
    assert drive.engine.folder.is_dir()
    assert folder.is_dir()
    assert other.is_dir()


def test_a_journal_that_was_cut_before_its_first_line_is_swept() -> None:
    folder = never_begun()
    (folder / "journal.jsonl").write_bytes(b'{"at":"2026-11-27T')
    sweep(sessions_dir())
    assert not folder.exists()


def test_a_list_that_is_made_while_another_start_sweeps_says_nothing_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = never_begun()
    real = os.scandir

    def scan(path: object) -> object:
        found = real(path)  # type: ignore[call-overload]
        if str(path) == str(sessions_dir()):
            entries = list(found)
            shutil.rmtree(folder, ignore_errors=True)
            return nullcontext(entries)
        return found

    monkeypatch.setattr(os, "scandir", scan)
    assert [each.state for each in list_sessions()] == ["damaged"]


def test_an_export_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    writing = "import os, signal, sys; from pathlib import Path; from wizard.places import whole_file\n"
    writing += "whole_file.os.fsync = lambda file: os.kill(os.getpid(), signal.SIGKILL)\n"
    writing += "whole_file.write_whole_file(Path(sys.argv[1]), b'x' * 100000)"
    forked.run([sys.executable, "-c", writing, str(tmp_path / "upgrade.md")], check=False, timeout=60)
    left = [path.name for path in tmp_path.iterdir() if path.is_file()]
    assert left == []
    write_whole_file(tmp_path / "upgrade.md", b"whole")
    assert (tmp_path / "upgrade.md").read_bytes() == b"whole"
    assert (tmp_path / "upgrade.md").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write_whole_file(tmp_path / "upgrade.md", b"another")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["upgrade.md"]


def test_a_file_system_without_nameless_files_gets_the_file_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_TMPFILE")
    write_whole_file(tmp_path / "a", b"whole")
    assert (tmp_path / "a").read_bytes() == b"whole"
    with pytest.raises(FileExistsError):
        write_whole_file(tmp_path / "a", b"another")
    # What a killed one left is taken up, whatever it is as long as it is a file.
    (tmp_path / ".b.part").write_bytes(b"a longer half of it")
    write_whole_file(tmp_path / "b", b"whole")
    assert (tmp_path / "b").read_bytes() == b"whole"
    os.link(tmp_path / "b", tmp_path / ".c.part")  # killed between the one name and the other
    (tmp_path / "b").rename(tmp_path / "mine")
    write_whole_file(tmp_path / "c", b"more")
    assert ((tmp_path / "mine").read_bytes(), (tmp_path / "c").read_bytes()) == (b"whole", b"more")
    (tmp_path / "mine").rename(tmp_path / "b")
    (tmp_path / "c").unlink()
    (tmp_path / ".c.part").symlink_to(tmp_path / "b")
    with pytest.raises(OSError, match="a link"):
        write_whole_file(tmp_path / "c", b"x")
    assert (tmp_path / "b").read_bytes() == b"whole"
    (tmp_path / ".c.part").unlink()

    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", no_links)
    write_whole_file(tmp_path / "c", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a", "b", "c"]
