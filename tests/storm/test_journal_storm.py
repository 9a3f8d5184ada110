"""The record under kill -9, full disks and power loss, at every instant that can be enumerated."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.clock import Instant, SystemClock
from wizard.errors import RecordProblem
from wizard.record.journal import CheckLog, Harm, Journal, SessionFolder, scan, scan_bytes
from wizard.record.journal.line import FIRST_PREV, seal


pytestmark = pytest.mark.storm


WRITER = """
import sys
from pathlib import Path
from wizard.clock import SystemClock
from wizard.record.journal import CheckLog, Journal, SessionFolder
folder = SessionFolder.create(Path(sys.argv[1]), "01X")
journal = Journal.create(folder, SystemClock())
log = CheckLog.open(folder)
number = 0
while True:
    cited = log.append(b"answer %d" % number)
    data = {"n": number, "text": "x" * (number * 37 % 3000), "offset": cited.offset, "len": cited.length}
    journal.append("noted", data, durable=True)
    print(number, flush=True)
    number += 1
"""


def acknowledged_before_death(sessions: Path, lines: int) -> int:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(sessions)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        for _ in range(lines):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        return lines + sum(line.endswith(b"\n") for line in writer.stdout)


def test_no_acknowledged_record_is_lost_in_500_kills(tmp_path: Path) -> None:
    seeded_random = random.Random(20261123)
    torn = 0
    for attempt in range(500):
        sessions = tmp_path / str(attempt)
        sessions.mkdir(mode=0o700)
        acknowledged = acknowledged_before_death(sessions, seeded_random.randrange(30))
        folder = SessionFolder(sessions / "01X")
        if not acknowledged and (not folder.journal.exists() or not scan(folder.journal).records):
            continue
        journal = Journal.resume(SessionFolder.open(folder.path), SystemClock())
        torn += journal.recovered is not None
        assert len(journal.records) >= acknowledged
        answers = folder.checks_output.read_bytes()
        for number, record in enumerate(journal.records):
            place = slice(record.data["offset"], record.data["offset"] + record.data["len"])
            assert answers[place] == f"answer {number}".encode()
        journal.close()


def traced(script: str, arguments: list[str], inject: str) -> subprocess.CompletedProcess[bytes]:
    words = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"inject={inject}", sys.executable, "-c", script]
    return subprocess.run([*words, *arguments], capture_output=True, timeout=60, check=False)


def traced_calls(tmp_path: Path, call: str) -> int:
    """How many calls of this sort the small writer makes when nothing kills it."""
    sessions, log = tmp_path / "counted", tmp_path / "calls"
    sessions.mkdir(mode=0o700)
    words = ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={call}", sys.executable, "-c", FEW, str(sessions)]
    subprocess.run(words, stdout=subprocess.PIPE, check=True, timeout=60)
    return sum(f" {call}(" in line for line in log.read_text(errors="replace").splitlines())


FEW = WRITER.replace("while True:", "while number < 4:")


@pytest.mark.parametrize("call", ["write", "fdatasync", "fsync", "fallocate", "mkdir", "openat"])
def test_killed_at_the_nth_system_call_nothing_acknowledged_is_lost(tmp_path: Path, call: str) -> None:
    # Hundreds of openings are those of the interpreter; ours come last.
    total = traced_calls(tmp_path, call)
    deaths = 0
    for number in range(max(1, total - 40), total + 2):
        sessions = tmp_path / str(number)
        sessions.mkdir(mode=0o700)
        done = traced(FEW, [str(sessions)], f"{call}:signal=KILL:when={number}")
        acknowledged = done.stdout.count(b"\n")
        path = sessions / "01X" / "journal.jsonl"
        found = scan(path) if path.exists() else scan_bytes(b"")
        deaths += done.returncode != 0
        assert found.damage.harm is not Harm.BROKEN
        assert len(found.records) >= acknowledged
        if found.records:
            Journal.resume(SessionFolder.open(path.parent), SystemClock()).close()
    assert deaths == min(total, 41)


FAILING = """
import sys
from pathlib import Path
from wizard.clock import SystemClock
from wizard.errors import RecordProblem
from wizard.record.journal import Journal, SessionFolder
try:
    journal = Journal.create(SessionFolder.create(Path(sys.argv[1]), "01X"), SystemClock())
    for number in range(6):
        journal.append("noted", {"n": number}, durable=True)
        print(number, flush=True)
except RecordProblem as problem:
    print("refused:", problem, flush=True)
"""


@pytest.mark.parametrize("problem", ["EIO", "ENOSPC", "EROFS", "EDQUOT"])
@pytest.mark.parametrize("call", ["fdatasync", "fsync", "fallocate", "mkdir"])
def test_every_disk_error_is_a_sentence_and_nothing_acknowledged_is_lost(
    tmp_path: Path, call: str, problem: str
) -> None:
    for number in range(1, 12):
        sessions = tmp_path / str(number)
        sessions.mkdir(mode=0o700)
        done = traced(FAILING, [str(sessions)], f"{call}:error={problem}:when={number}+")
        assert b"Traceback" not in done.stderr
        acknowledged = sum(line[:1].isdigit() for line in done.stdout.splitlines())
        if acknowledged < 6:
            assert b"refused: Could not" in done.stdout
        path = sessions / "01X" / "journal.jsonl"
        assert acknowledged == 0 or len(scan(path).records) >= acknowledged


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 256 KiB."""
    if os.geteuid() != 0:
        pytest.fail("this storm test mounts a tmpfs: run it as root")
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "none", disk], check=True, timeout=30)
    yield disk
    subprocess.run(["umount", disk], check=True, timeout=30)


def test_on_a_disk_that_really_fills_the_last_record_fits_and_nothing_is_glued(small_disk: Path) -> None:
    journal = Journal.create(SessionFolder.create(small_disk, "01X"), SystemClock())
    log = CheckLog.open(journal.folder)

    def fill() -> None:
        while len(journal.records) < 100_000:
            journal.append("noted", {"text": "x" * 5000}, durable=True)

    with pytest.raises(RecordProblem, match="No space left"):
        fill()
    written = len(journal.records)
    assert written > 3
    with pytest.raises(RecordProblem, match="No space left"):
        journal.append("noted", {"text": "y" * 9000}, durable=True)
    with pytest.raises(RecordProblem, match="No space left"):
        log.append(b"z" * 100_000)
    assert not journal.dead
    journal.release_reserve()
    journal.append("session.closed", {"count": written, "state": "stopped"}, durable=True)
    journal.close()
    log.close()
    found = scan(journal.folder.journal)
    assert found.damage.harm is Harm.NONE
    assert [record.kind for record in found.records] == ["noted"] * written + ["session.closed"]


def test_a_disk_that_is_full_when_the_session_is_opened_is_left_as_it_was(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"x" * 220_000)
    with pytest.raises(RecordProblem, match="No space left"):
        Journal.create(SessionFolder.create(small_disk, "01X"), SystemClock())
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


def a_chain(length: int) -> bytes:
    raw, prev = b"", FIRST_PREV
    for number in range(length):
        record = seal("noted", {"n": number}, seq=number, prev=prev, now=SystemClock().now())
        raw, prev = raw + record.raw, record.h
    return raw


CHAIN = a_chain(50)


@settings(max_examples=10_000, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["flip", "cut", "zero", "repeat", "drop", "splice"]), st.integers(0, 1 << 20), st.binary()
        ),
        min_size=1,
        max_size=4,
    )
)
def test_no_mutation_raises_or_passes_for_a_record(mutations: list[tuple[str, int, bytes]]) -> None:
    content = CHAIN
    for how, place, extra in mutations:
        at = place % (len(content) + 1)
        content = {
            "flip": content[:at] + bytes(byte ^ 1 for byte in content[at : at + 1]) + content[at + 1 :],
            "cut": content[:at],
            "zero": content[:at] + bytes(len(content) - at),
            "repeat": content[:at] + content[at // 2 : at] + content[at:],
            "drop": content[:at] + content[at + 100 :],
            "splice": content[:at] + extra + content[at:],
        }[how]
    found = scan_bytes(content)
    good = b"".join(record.raw for record in found.records)
    assert CHAIN.startswith(good)
    assert content.startswith(good)
    assert (found.damage.harm is Harm.NONE) == (content == good)


def test_a_hundred_thousand_records_are_read_within_two_seconds_of_work() -> None:
    instant = Instant(SystemClock().now().utc, 1, "b")
    raw, prev = [], FIRST_PREV
    for number in range(100_000):
        record = seal("noted", {"n": number, "text": "x" * 100}, seq=number, prev=prev, now=instant)
        raw.append(record.raw)
        prev = record.h
    content = b"".join(raw)
    began = time.process_time()
    assert len(scan_bytes(content).records) == 100_000
    assert time.process_time() - began < 2.0
