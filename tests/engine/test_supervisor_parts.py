"""Parts of the supervisor on their own: what the disk refuses, what is too long, what comes over the line."""

import errno
import hashlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.execution.supervisor.link import JsonLines, connect, encode, is_ours, listen
from wizard.execution.supervisor.order import Order, read_order, write_order
from wizard.execution.supervisor.processes import Process, look_at, send_to_one
from wizard.execution.supervisor.recorder import OutputRecorder
from wizard.execution.supervisor.report import persist
from wizard.places.private import open_folder
from wizard.record.recovery import Gap


class Disk:
    """Stands in for `os.write` of the recorder: takes `room` bytes of output, then refuses."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._write = os.write

    def write(self, file: int, data: bytes) -> int:
        if Path(f"/proc/self/fd/{file}").readlink().name == "timing":
            return self._write(file, data)
        if self.room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = self._write(file, bytes(data[: self.room]))
        self.room -= taken
        return taken


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    opened = open_folder(tmp_path)
    yield opened
    os.close(opened)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Disk]:
    def make(room: int) -> Disk:
        made = Disk(room)
        monkeypatch.setattr("wizard.execution.supervisor.timed_file.os.write", made.write)
        monkeypatch.setattr("wizard.execution.supervisor.recorder.RETRY", 0.0)
        return made

    return make


def cites(recorder: OutputRecorder, path: Path) -> bool:
    kept = (path / "output").read_bytes()
    return recorder.length == len(kept) and recorder.sha256 == hashlib.sha256(kept).hexdigest()


def test_what_a_full_disk_refused_is_written_when_there_is_room_again(tmp_path: Path, folder: int, disk: Any) -> None:
    recorder = OutputRecorder(folder)
    full = disk(4)
    recorder.take(b"one two ")
    recorder.take(b"three ")
    assert (tmp_path / "output").read_bytes() == b"one "
    assert "No space" in recorder.trouble
    full.room = 1000
    recorder.tick(1e9)
    recorder.take(b"four")
    recorder.finish()
    assert (tmp_path / "output").read_bytes() == b"one two three four"
    assert recorder.gap is None
    assert cites(recorder, tmp_path)


def test_on_a_disk_that_stays_full_the_gap_is_known(tmp_path: Path, folder: int, disk: Any) -> None:
    recorder = OutputRecorder(folder)
    disk(4)
    recorder.take(b"0123456789")
    recorder.finish()
    assert recorder.gap == Gap(4, 6)
    assert cites(recorder, tmp_path)


def test_of_a_long_output_the_beginning_and_the_end_are_kept(tmp_path: Path, folder: int) -> None:
    recorder = OutputRecorder(folder, head=10, ring=6)
    for piece in (b"01234567", b"89abcdef", b"ghi", b"jkl"):
        recorder.take(piece)
    recorder.finish()
    assert (tmp_path / "output").read_bytes() == b"0123456789" + b"ghijkl"
    assert recorder.gap == Gap(10, 6)
    assert cites(recorder, tmp_path)


@given(st.lists(st.binary(min_size=1, max_size=9)), st.integers(1, 30), st.integers(9, 20))
def test_nothing_is_lost_beyond_the_gap(tmp_path_factory: Any, pieces: list[bytes], head: int, ring: int) -> None:
    path = tmp_path_factory.mktemp("run")
    folder = open_folder(path)
    recorder = OutputRecorder(folder, head=head, ring=ring)
    for piece in pieces:
        recorder.take(piece)
    recorder.finish()
    os.close(folder)
    everything, kept = b"".join(pieces), (path / "output").read_bytes()
    gap = recorder.gap or Gap(len(kept), 0)
    assert kept == everything[: gap.at] + everything[gap.at + gap.lost :]
    assert len((path / "timing").read_bytes()) % 16 == 0


def test_the_outcome_is_tried_again_when_the_disk_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.execution.supervisor.report.time.sleep", lambda _seconds: None)
    outcomes = iter([OSError(errno.ENOSPC, "full"), OSError(errno.EIO, "broken"), None])
    tried: list[int] = []

    def write() -> None:
        tried.append(1)
        outcome = next(outcomes)
        if outcome is not None:
            raise outcome

    persist(write)
    assert len(tried) == 3


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers())), st.data())
def test_messages_survive_any_cut_of_the_line(messages: list[dict[str, Any]], data: Any) -> None:
    stream = b"".join(encode(message) for message in messages)
    cut = data.draw(st.integers(0, len(stream)))
    lines = JsonLines()
    assert [*lines.feed(stream[:cut]), *lines.feed(stream[cut:])] == messages


def test_what_is_no_message_is_passed_over() -> None:
    assert list(JsonLines().feed(b'nonsense\n[1]\n\xff\n{"do": "stop"}\n')) == [{"do": "stop"}]


def test_an_order_arrives_as_it_was_given() -> None:
    order = Order(
        7,
        Path("/x/runs/0007"),
        ("/bin/echo", "", "\n", "ü", "'"),
        {"A": "b\nc"},
        "/tmp",
        timeout=1.5,
        stdin="ask\n",
        secrets={"db": "s3cret"},
        private=True,
    )
    line = write_order(order)
    assert line.count(b"\n") == 1
    assert read_order(line) == order
    given = replace(order, holds=31, channel=41)
    assert read_order(write_order(given), [51, 61]) == replace(order, holds=51, channel=61)
    assert read_order(write_order(replace(order, channel=41)), [51]) == replace(order, channel=51)
    assert "s3cret" not in repr(order)


def test_a_socket_is_reached_below_any_path_and_knows_its_peer(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-long-name-of-a-folder" * 3] * 3)
    deep.mkdir(parents=True)
    folder = open_folder(deep)
    server = listen(folder)
    assert server is not None
    client = connect(folder)
    assert client is not None
    server.setblocking(True)
    accepted, _ = server.accept()
    assert is_ours(accepted)
    for one in (accepted, client, server):
        one.close()
    assert connect(folder) is None
    os.close(folder)


def test_a_peer_of_another_user_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = socket.socketpair()
    monkeypatch.setattr("wizard.execution.supervisor.link.os.geteuid", lambda: 54321)
    assert not is_ours(one)
    one.close()
    other.close()


def test_a_signal_meets_only_the_process_that_was_meant() -> None:
    process = subprocess.Popen(["/bin/sleep", "60"])
    seen = look_at(process.pid)
    assert seen is not None
    send_to_one(Process(seen.pid, seen.parent, seen.group, seen.start - 1, zombie=False), signal.SIGKILL)
    assert process.poll() is None
    send_to_one(seen, signal.SIGKILL)
    assert process.wait(5) == -signal.SIGKILL


CRASH = """
from wizard.execution.supervisor import crash
crash.install()
def work(secret):
    raise RuntimeError("it was " + secret)
work("s3cret-WORD-99")
"""


def test_a_crash_says_type_and_place_only() -> None:
    ended = subprocess.run([sys.executable, "-c", CRASH], capture_output=True, check=False)
    assert ended.stderr.startswith(b"RuntimeError at ")
    assert b"s3cret" not in ended.stderr + ended.stdout
    assert ended.returncode == 1
