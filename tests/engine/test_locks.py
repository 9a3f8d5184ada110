"""Only one process holds a session, and a dead one holds nothing."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import forked
from wizard.archive.sessions import list_sessions
from wizard.cli.resume import _line
from wizard.clock import SystemClock
from wizard.errors import RecordProblem, SessionBusy
from wizard.record.locks import SessionLock, holder_of, is_held


HOLD = """
import sys
from pathlib import Path
from wizard.clock import SystemClock
from wizard.errors import SessionBusy
from wizard.record.locks import SessionLock
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
    with forked.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
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


def rename_holder(folder: Path, **changes: object) -> None:
    holder = folder / "holder.json"
    holder.write_text(json.dumps(json.loads(holder.read_bytes()) | changes))


NOBODY_HERE: list[dict[str, object]] = [
    {"start": 1},
    {"host": "the-name-before"},
    {"host": "the-name-before", "boot_id": "the-boot-before"},
    {"boot_id": "the-boot-before"},
    {"pid": "no number"},
]
"""A pid used again, a machine that got another name, also at a restart, a restart, a garbled file."""


@pytest.mark.parametrize("left", NOBODY_HERE)
def test_a_wizard_that_died_holds_nothing_whatever_the_machine_is_called_now(
    folder: Path, left: dict[str, object]
) -> None:
    with other_process(folder) as other:
        assert go(other) == "took"
        other.send_signal(signal.SIGKILL)
        other.wait(10)
    rename_holder(folder, **left)
    assert not is_held(folder)
    SessionLock.take(folder, SystemClock()).release()


@pytest.mark.parametrize("said", NOBODY_HERE)
def test_a_lock_that_is_taken_is_held_whatever_its_holder_is_called(folder: Path, said: dict[str, object]) -> None:
    with SessionLock.take(folder, SystemClock()):
        rename_holder(folder, **said)
        assert is_held(folder)


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({}, "in another terminal"),
        ({"host": "the-name-before"}, "in another terminal"),
        ({"host": "bastion-2", "boot_id": "of bastion-2"}, r"on the machine bastion-2: .+@bastion-2 pid"),
    ],
)
def test_another_machine_is_told_only_where_it_can_be_one(folder: Path, said: dict[str, object], where: str) -> None:
    with SessionLock.take(folder, SystemClock()):
        rename_holder(folder, **said)
        with pytest.raises(SessionBusy, match=where):
            SessionLock.take(folder, SystemClock())


def test_looking_whether_it_is_held_takes_it_from_nobody(folder: Path) -> None:
    """A look shares the lock for a moment; who wants it then waits that long."""
    with SessionLock.take(folder, SystemClock()):
        pass
    looking = os.open(folder / "lock", os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    timer = threading.Timer(0.02, os.close, [looking])
    timer.start()
    SessionLock.take(folder, SystemClock()).release()
    timer.join()


def test_a_planted_lock_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RecordProblem, match="a link where a file should be"):
        SessionLock.take(folder, SystemClock())
    assert not (tmp_path / "elsewhere").exists()


def test_a_list_says_where_a_session_is_open(record: Callable[..., Any], tmp_path: Path) -> None:
    session = record()
    with SessionLock.take(session.folder.path, SystemClock()):
        (found,) = list_sessions(tmp_path / "sessions")
        assert _line(found).endswith(f"  open in another terminal; uplevel observe {found.id}")
        rename_holder(session.folder.path, host="bastion-2", boot_id="of bastion-2")
        (found,) = list_sessions(tmp_path / "sessions")
        assert _line(found).endswith(f"  open on the machine bastion-2; uplevel observe {found.id}")
    (found,) = list_sessions(tmp_path / "sessions")
    assert "open in" not in _line(found)
