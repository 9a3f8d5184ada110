"""The lock of a target: one holds, the kernel frees it, nothing strange in its folder is believed."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import forked
from tests.another import NOBODY, open_folder, words_of_another
from wizard.clock import SystemClock
from wizard.errors import RecordProblem
from wizard.record.locks import (
    Holder,
    LocksFolder,
    TargetHolder,
    TargetLock,
    TargetTaken,
    locks_folder,
    look_at_target,
    target_name,
)


NAME = target_name({"org": "dm", "space": "preview"})
HOLD = """
import os, sys
from pathlib import Path
from wizard.clock import SystemClock
from wizard.record.locks import Holder, LocksFolder, TargetHolder, TargetLock, TargetTaken
place = LocksFolder(Path(sys.argv[1]), shared=True)
mine = TargetHolder(Holder.of_this_process(SystemClock()), os.getuid(), "01THEIRS", "Other", "Step", "org dm")
try:
    lock = TargetLock.take(place, sys.argv[2], mine)
    print("took", flush=True)
except TargetTaken as taken:
    print("taken by", taken.holder and taken.holder.session, flush=True)
except Exception as problem:
    print(type(problem).__name__, problem, flush=True)
sys.stdin.readline()
if sys.argv[3:] == ["leave"]:
    lock.release("paused")
"""


def mine(session: str = "01MINE") -> TargetHolder:
    return TargetHolder(Holder.of_this_process(SystemClock()), os.getuid(), session, "Mine", "A step", "org dm")


@pytest.fixture
def place() -> Iterator[LocksFolder]:
    folder = open_folder()
    folder.chmod(0o1777)
    yield LocksFolder(folder, shared=True)
    shutil.rmtree(folder)


@pytest.fixture
def another() -> Iterator[list[str]]:
    with words_of_another() as words:
        yield words


def hold(place: LocksFolder, *more: str, before: list[str] | None = None) -> "subprocess.Popen[str]":
    words = [*(before or []), sys.executable, "-c", HOLD, str(place.path), NAME, *more]
    return forked.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())


def told(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_one_holds_and_the_other_is_told_who_and_where(place: LocksFolder) -> None:
    lock = TargetLock.take(place, NAME, mine())
    lock.at_step("Another step")
    with pytest.raises(TargetTaken) as taken:
        TargetLock.take(place, NAME, mine("01OTHER"))
    holder = taken.value.holder
    assert holder is not None
    assert (holder.session, holder.procedure, holder.step) == ("01MINE", "Mine", "Another step")
    assert holder.ours
    assert holder.lives_here
    lock.release("paused")
    again = TargetLock.take(place, NAME, mine("01OTHER"))
    assert again.before is not None
    assert again.before.left == "paused"
    again.release(None)
    assert look_at_target(place, NAME) == (False, None)


def test_a_killed_holder_holds_nothing_at_once(place: LocksFolder) -> None:
    with hold(place) as other:
        assert told(other) == "took"
        assert look_at_target(place, NAME)[0]
        other.send_signal(signal.SIGKILL)
        other.wait()
        held, found = look_at_target(place, NAME)
        assert not held
        assert found is not None
        assert found.session == "01THEIRS"
        TargetLock.take(place, NAME, mine()).release(None)


def test_who_looks_takes_nothing_away_from_who_takes(place: LocksFolder) -> None:
    for _ in range(50):
        look_at_target(place, NAME)
        lock = TargetLock.take(place, NAME, mine())
        assert look_at_target(place, NAME)[0]
        lock.release(None)


def test_a_copy_of_the_descriptor_keeps_it_and_the_same_session_joins(place: LocksFolder) -> None:
    lock = TargetLock.take(place, NAME, mine())
    kept = os.dup(lock.descriptor)  # what a supervisor has
    lock.release("paused")
    with pytest.raises(TargetTaken):
        TargetLock.take(place, NAME, mine("01OTHER"))
    lives = [True, True]
    joined = TargetLock.take(place, NAME, mine(), lambda: lives.pop() if lives else False)
    os.close(kept)
    with pytest.raises(TargetTaken):
        TargetLock.take(place, NAME, mine("01OTHER"))
    joined.release(None)


def test_a_supervisor_that_went_in_between_gives_nobody_a_share(place: LocksFolder) -> None:
    """Whoever joins looks again once they have it: by then another session may hold it."""
    lock = TargetLock.take(place, NAME, mine("01OTHER"))
    lives = [False, True]  # alive when asked first, gone when asked again
    with pytest.raises(TargetTaken):
        TargetLock.take(place, NAME, mine(), lambda: lives.pop() if lives else False)
    lock.release(None)


def test_two_users_of_a_shared_folder_lock_the_same_thing(place: LocksFolder, another: list[str]) -> None:
    with hold(place, before=another) as other:
        assert told(other) == "took"
        with pytest.raises(TargetTaken) as taken:
            TargetLock.take(place, NAME, mine())
        assert taken.value.holder is not None
        assert taken.value.holder.uid == (NOBODY if another else os.getuid())
        assert taken.value.holder.ours is not bool(another)
        other.kill()
    lock = TargetLock.take(place, NAME, mine())  # in a file that is theirs
    with hold(place, before=another) as other:
        assert told(other) == "taken by 01MINE"
        other.kill()
    lock.release(None)


@pytest.mark.parametrize("what", ["link", "fifo", "folder", "hard link"])
def test_what_was_planted_in_place_of_a_lock_is_refused(place: LocksFolder, tmp_path: Path, what: str) -> None:
    path = place.path / f"{NAME}.lock"
    victim = tmp_path / "victim"
    victim.write_text("precious")
    if what == "link":
        path.symlink_to(victim)
    elif what == "fifo":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    else:
        path.hardlink_to(victim)
    with pytest.raises(RecordProblem, match="no lock of uplevel"):
        TargetLock.take(place, NAME, mine())
    assert victim.read_text() == "precious"


def test_a_lock_that_nobody_else_may_write_to_is_refused_by_its_owners_name(
    place: LocksFolder, another: list[str]
) -> None:
    path = place.path / f"{NAME}.lock"
    path.write_text("")
    path.chmod(0o600)
    with hold(place, before=another) as other:
        assert ("belongs to user 0" if another else "took") in told(other)
        other.kill()


def test_a_folder_whose_locks_others_could_take_away_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "locks"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(RecordProblem, match="sticky"):
        TargetLock.take(LocksFolder(folder, shared=True), NAME, mine())
    folder.chmod(0o1777)
    link = tmp_path / "link"
    link.symlink_to(folder)
    with pytest.raises(RecordProblem, match="link"):
        TargetLock.take(LocksFolder(link, shared=True), NAME, mine())
    with pytest.raises(RecordProblem, match="There is no folder"):
        TargetLock.take(LocksFolder(tmp_path / "none", shared=True), NAME, mine())
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        with pytest.raises(RecordProblem, match="belongs to user 65534"):
            TargetLock.take(LocksFolder(folder, shared=True), NAME, mine())


def test_nothing_of_a_target_becomes_part_of_a_path() -> None:
    place = locks_folder(None)
    name = target_name({"org": "../../etc", "space": "/passwd\n"})
    TargetLock.take(place, name, mine()).release(None)
    made = [each.name for each in place.path.iterdir()]
    assert made == [f"{name}.lock"]
    assert name.isalnum()
    assert stat.S_IMODE((place.path / made[0]).stat().st_mode) == 0o600
    assert target_name({"b": "2", "a": "1"}) == target_name({"a": "1", "b": "2"})


@pytest.mark.parametrize("letter", ["n", "é", "🐘", "\x1b", "\udc80"])
def test_long_titles_of_any_letters_leave_it_readable(place: LocksFolder, letter: str) -> None:
    title = letter * 400
    lock = TargetLock.take(place, NAME, replace(mine(), procedure=title, step=title, target=title))
    held, found = look_at_target(place, NAME)
    lock.release(None)
    assert held
    assert found is not None
    assert found.session == "01MINE"
    assert len(found.step) == 200


def test_what_a_lock_says_may_be_anything(place: LocksFolder) -> None:
    lock = TargetLock.take(place, NAME, mine())
    for text in (b"", b"{", b"[]", b"\xff" * 100, b"[" * 4096, b'{"holder": 1}'):
        (place.path / f"{NAME}.lock").write_bytes(text)
        assert look_at_target(place, NAME) == (True, None)
    said = (place.path / f"{NAME}.lock").read_text
    lock.tell(mine())
    whole = said()
    for old, new in (
        (f'"uid": {os.getuid()}', '"uid": 1e999'),
        (f'"pid": {os.getpid()}', '"pid": 1e999'),
        ('"01MINE"', '"../../elsewhere"'),
        ('"01MINE"', '""'),
    ):
        assert old in whole
        (place.path / f"{NAME}.lock").write_text(whole.replace(old, new))
        assert look_at_target(place, NAME) == (True, None)
    (place.path / f"{NAME}.lock").write_text(whole.replace('"Mine"', r'"\ud800"'))
    _, found = look_at_target(place, NAME)
    assert found is not None
    assert found.procedure == "?"
    lock.release(None)
