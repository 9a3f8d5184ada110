"""Only one process holds a session, and a dead one holds nothing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wizard.clock import SystemClock
from wizard.errors import RecordProblem, SessionBusy
from wizard.locks import SessionLock, holder_of, is_held


HOLD = """
import sys
from pathlib import Path
from wizard.clock import SystemClock
from wizard.errors import SessionBusy
from wizard.locks import SessionLock
sys.stdin.readline()
try:
    lock = SessionLock.take(Path(sys.argv[1]), SystemClock())
    print("took", flush=True)
except SessionBusy as busy:
    print(busy.sentence, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "01JD"
    path.mkdir(mode=0o700)
    return path


@contextmanager
def other_process(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    words = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        try:
            yield other
        finally:
            other.kill()


def go(other: "subprocess.Popen[str]") -> str:
    assert other.stdin is not None
    assert other.stdout is not None
    other.stdin.write("\n")
    other.stdin.flush()
    return other.stdout.readline().strip()


def test_the_second_is_told_who_holds_the_session(folder: Path) -> None:
    with other_process(folder) as other:
        assert go(other) == "took"
        assert is_held(folder)
        with pytest.raises(SessionBusy, match=rf"open in another terminal: .+@.+ pid {other.pid} since \d\d:\d\d"):
            SessionLock.take(folder, SystemClock())


def test_the_lock_is_free_right_after_kill_9(folder: Path) -> None:
    with other_process(folder) as other:
        assert go(other) == "took"
        other.send_signal(signal.SIGKILL)
        other.wait(10)
    assert not is_held(folder)
    with SessionLock.take(folder, SystemClock()):
        assert is_held(folder)


def test_of_many_that_race_exactly_one_wins(folder: Path) -> None:
    with other_process(folder) as a, other_process(folder) as b, other_process(folder) as c:
        racers = [a, b, c]
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("\n")
            racer.stdin.flush()
        answers = [racer.stdout.readline().strip() for racer in racers if racer.stdout]
    assert sorted(answer == "took" for answer in answers) == [False, False, True]


def test_released_is_free_and_twice_does_nothing(folder: Path) -> None:
    lock = SessionLock.take(folder, SystemClock())
    with pytest.raises(SessionBusy):
        SessionLock.take(folder, SystemClock())
    lock.release()
    lock.release()
    assert holder_of(folder) is None
    SessionLock.take(folder, SystemClock()).release()


def test_a_child_of_the_holder_does_not_inherit_the_lock(folder: Path) -> None:
    lock = SessionLock.take(folder, SystemClock())
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False) as child:
        lock.release()
        SessionLock.take(folder, SystemClock()).release()
        child.kill()


def test_lock_and_holder_belong_to_this_user_alone(folder: Path) -> None:
    before = os.umask(0)
    try:
        lock = SessionLock.take(folder, SystemClock())
    finally:
        os.umask(before)
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "lock": 0o600,
        "holder.json": 0o600,
    }
    lock.release()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b"[" * 5000, b'{"user": 1}'])
def test_a_garbled_holder_is_nobody_but_the_lock_still_holds(folder: Path, content: bytes) -> None:
    lock = SessionLock.take(folder, SystemClock())
    (folder / "holder.json").write_bytes(content)
    assert holder_of(folder) is None
    with pytest.raises(SessionBusy, match="somebody who has not said who"):
        SessionLock.take(folder, SystemClock())
    lock.release()


def test_a_pid_that_was_used_again_holds_nothing(folder: Path) -> None:
    lock = SessionLock.take(folder, SystemClock())
    holder = folder / "holder.json"
    said = json.loads(holder.read_bytes())
    holder.write_text(json.dumps(said | {"start": said["start"] - 1}))
    assert not is_held(folder)
    holder.write_text(json.dumps(said | {"host": "elsewhere"}))
    assert is_held(folder)
    lock.release()


def test_a_planted_lock_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RecordProblem, match="a link where a file should be"):
        SessionLock.take(folder, SystemClock())
    assert not (tmp_path / "elsewhere").exists()
