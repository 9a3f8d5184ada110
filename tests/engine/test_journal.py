"""The journal is written before anything happens, and a crash, a full disk or a bad disk never blurs it."""

import errno
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import forked
from wizard.clock import Instant, SystemClock
from wizard.errors import EvidenceBroken, RecordProblem, UplevelError, UsageProblem
from wizard.record.journal import (
    CheckLog,
    Harm,
    Journal,
    SessionFolder,
    clock_step,
    read_head,
    read_last,
    scan,
    scan_bytes,
)
from wizard.record.journal.line import FIRST_PREV, MAX_LINE, seal


SESSION = "01JD0000000000000000000000"


@dataclass
class StillClock:
    """A clock that moves a second a look, or as a test says."""

    utc: datetime = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    boottime: int = 5_000_000_000
    boot_id: str = "b00t"
    ids: Iterator[str] = field(default_factory=lambda: iter(()))

    def now(self) -> Instant:
        self.utc += timedelta(seconds=1)
        self.boottime += 1_000_000_000
        return Instant(self.utc, self.boottime, self.boot_id)

    def new_id(self) -> str:
        return next(self.ids)


def begin(sessions: Path) -> Journal:
    sessions.mkdir(mode=0o700, exist_ok=True)
    folder = SessionFolder.create(sessions, SESSION)
    journal = Journal.create(folder, StillClock())
    journal.append("session.opened", {"format": 1, "session": SESSION, "mode": "live"}, durable=True)
    return journal


def fifty(sessions: Path) -> SessionFolder:
    journal = begin(sessions)
    for number in range(1, 50):
        journal.append("noted", {"text": "ü\n" * (number % 7), "step": None}, durable=number % 3 == 0)
    journal.close()
    return journal.folder


def test_every_line_checks_with_sed_and_sha256sum(tmp_path: Path) -> None:
    journal = fifty(tmp_path).journal
    script = r"""
        prev=$(printf '0%.0s' $(seq 64))
        while IFS= read -r line; do
            body=$(printf '%s' "$line" | sed -E 's/,"h":"[0-9a-f]{64}"\}$/}/')
            h=$(printf '%s' "$body" | sha256sum | cut -d' ' -f1)
            case "$line" in *",\"h\":\"$h\"}") ;; *) exit 1 ;; esac
            case "$line" in *"\"prev\":\"$prev\""*) ;; *) exit 2 ;; esac
            prev=$h
        done < "$1"
        echo "$prev"
    """
    done = subprocess.run(["bash", "-c", script, "-", journal], capture_output=True, timeout=30, check=False)
    assert done.returncode == 0
    assert done.stdout.decode().strip() == scan(journal).records[-1].h


def test_a_line_has_the_promised_fields_in_order_and_is_ascii(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    record = journal.append("noted", {"text": "Grüße \u202e \ud800", "b": [1, None, {"z": 1, "a": 2}]}, durable=True)
    assert record.raw.isascii()
    assert list(json.loads(record.raw)) == ["at", "boot_id", "boottime", "data", "kind", "prev", "seq", "h"]
    assert record.at == "2026-11-23T02:00:02.000000Z"
    assert record.data["text"] == "Grüße \u202e \ud800"
    assert (record.seq, record.prev) == (1, journal.records[0].h)
    assert journal.records[0].prev == FIRST_PREV
    assert journal.head == (1, record.h)
    journal.close()


def test_what_was_appended_is_what_is_read(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    journal.append("noted", {"pair": (1, 2)}, durable=False)
    journal.close()
    assert scan(journal.folder.journal).records == journal.records
    assert read_head(journal.folder.journal) == journal.records[0]
    assert read_last(journal.folder.journal) == journal.records[-1]


def test_a_record_too_long_for_a_line_is_refused_and_leaves_no_trace(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    with pytest.raises(RecordProblem, match=r"at most 262144"):
        journal.append("noted", {"text": "x" * MAX_LINE}, durable=True)
    assert journal.append("noted", {"text": "short"}, durable=True).seq == 1
    journal.close()
    assert scan(journal.folder.journal).damage.harm is Harm.NONE


def test_a_journal_cut_at_every_byte_recovers_the_exact_prefix(tmp_path: Path) -> None:
    whole = fifty(tmp_path / "whole")
    content = whole.journal.read_bytes()
    records = scan_bytes(content).records
    ends = [0]
    for record in records:
        ends.append(ends[-1] + len(record.raw))
    assert len(records) == 50
    for cut in range(len(content)):
        good = sum(end <= cut for end in ends) - 1
        found = scan_bytes(content[:cut])
        assert found.records == records[:good]
        assert found.damage.harm is (Harm.NONE if cut in ends else Harm.TORN_TAIL)
        assert found.damage.offset == ends[good]


@pytest.mark.parametrize("record", [0, 1, 2, 25, 48, 49])
def test_resume_keeps_the_torn_bytes_aside_and_goes_on(tmp_path: Path, record: int) -> None:
    folder = fifty(tmp_path)
    content = folder.journal.read_bytes()
    records = scan_bytes(content).records
    start = sum(len(each.raw) for each in records[:record])
    for tail in (content[start : start + 40], content[start : start + 100] + b"\0" * 4096, records[record].raw[:-1]):
        folder.journal.write_bytes(content[:start] + tail)
        if record == 0:
            with pytest.raises(UsageProblem, match="no session here"):
                Journal.resume(folder, StillClock())
            continue
        journal = Journal.resume(folder, StillClock())
        assert journal.recovered is not None
        assert (journal.recovered.good_seq, journal.recovered.lost_bytes) == (record - 1, len(tail))
        assert (folder.path / journal.recovered.kept_as).read_bytes() == tail
        assert folder.journal.read_bytes() == content[:start]
        journal.append("journal.recovered", {"good_seq": record - 1}, durable=True)
        journal.close()
        assert scan(folder.journal).damage.harm is Harm.NONE
        folder.journal.write_bytes(content)


def test_resume_of_a_whole_journal_goes_on_with_its_chain(tmp_path: Path) -> None:
    folder = fifty(tmp_path)
    journal = Journal.resume(SessionFolder.open(folder.path), StillClock())
    assert journal.recovered is None
    assert not journal.closed
    assert journal.append("noted", {}, durable=True).seq == 50
    journal.append("session.closed", {"count": 51, "state": "completed"}, durable=True)
    with pytest.raises(RecordProblem, match="is closed"):
        journal.append("noted", {}, durable=True)
    journal.append("checkpoint.signed", {}, durable=True)
    journal.close()
    again = Journal.resume(folder, StillClock())
    assert again.closed
    again.close()


def mutate(lines: list[bytes], how: str, at: int, other: int) -> bytes:
    lines = list(lines)
    if how == "delete":
        del lines[at]
    elif how == "repeat":
        lines.insert(at, lines[at])
    elif how == "swap":
        lines[at], lines[other] = lines[other], lines[at]
    elif how == "insert":
        now = Instant(datetime(2026, 1, 1, tzinfo=UTC), 1, "x")
        lines.insert(at, seal("noted", {"text": "forged"}, seq=at, prev="f" * 64, now=now).raw)
    elif how == "zero":
        lines[at] = b"\0" * (len(lines[at]) - 1) + b"\n"
    return b"".join(lines)


@pytest.mark.parametrize("how", ["delete", "repeat", "swap", "insert", "zero"])
def test_resume_refuses_damage_before_the_tail(tmp_path: Path, how: str) -> None:
    folder = fifty(tmp_path)
    content = mutate(folder.journal.read_bytes().splitlines(keepends=True), how, 20, 30)
    folder.journal.write_bytes(content)
    with pytest.raises(EvidenceBroken, match="was altered"):
        Journal.resume(folder, StillClock())
    assert folder.journal.read_bytes() == content
    assert not list(folder.path.glob("journal.damaged-*"))


def chain(length: int) -> bytes:
    raw, prev = b"", FIRST_PREV
    for number in range(length):
        now = Instant(datetime(2026, 1, 1, tzinfo=UTC), number, "b")
        record = seal("noted", {"n": number}, seq=number, prev=prev, now=now)
        raw, prev = raw + record.raw, record.h
    return raw


TWENTY = chain(20)


@given(st.integers(0, len(TWENTY) - 1), st.integers(1, 255))
def test_no_changed_byte_goes_unseen(at: int, mask: int) -> None:
    changed = bytearray(TWENTY)
    changed[at] ^= mask
    found = scan_bytes(bytes(changed))
    line = TWENTY[:at].count(b"\n")
    assert found.damage.harm is not Harm.NONE
    assert len(found.records) == line
    if line < 19:
        assert found.damage.harm is Harm.BROKEN


@given(
    st.sampled_from(["delete", "repeat", "swap", "insert", "zero"]),
    st.integers(0, 18),
    st.integers(0, 18),
)
def test_no_moved_line_goes_unseen(how: str, at: int, other: int) -> None:
    changed = mutate(TWENTY.splitlines(keepends=True), how, at, other)
    found = scan_bytes(changed)
    if changed == TWENTY:
        assert found.damage.harm is Harm.NONE
    else:
        assert found.damage.harm is Harm.BROKEN
        assert len(found.records) <= max(at, other) + 1


@given(st.lists(st.one_of(st.binary(max_size=80), st.sampled_from(TWENTY.splitlines(keepends=True)))))
def test_garbage_never_raises_and_never_counts_as_a_record(pieces: list[bytes]) -> None:
    found = scan_bytes(b"".join(pieces))
    assert b"".join(record.raw for record in found.records) == TWENTY[: found.damage.offset]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{}\n", b"[" * 100_000 + b"\n", b"\xff\xfe\n", b"\0" * 5000, b'{"h":1}\n', TWENTY[:10], b"9" * 6000],
)
def test_a_file_that_is_no_journal_is_no_session(tmp_path: Path, content: bytes) -> None:
    folder = begin(tmp_path).folder
    folder.journal.write_bytes(content)
    assert read_head(folder.journal) is None
    assert read_last(folder.journal) is None
    with pytest.raises((UsageProblem, EvidenceBroken)):
        Journal.resume(folder, StillClock())


def sealed_by_hand(**changes: object) -> bytes:
    """A line with a right hash over wrong fields."""
    from hashlib import sha256

    fields = json.loads(TWENTY.splitlines()[0])
    del fields["h"]
    body = json.dumps({**fields, **changes}, sort_keys=True, separators=(",", ":")).encode()
    return body[:-1] + f',"h":"{sha256(body).hexdigest()}"}}\n'.encode()


@pytest.mark.parametrize(
    "changes",
    [{"seq": "0"}, {"seq": True}, {"seq": -1}, {"seq": 1}, {"prev": "00"}, {"data": []}, {"extra": 1}, {"at": None}],
    ids=str,
)
def test_a_right_hash_over_wrong_fields_is_no_record(changes: dict[str, object]) -> None:
    assert len(scan_bytes(sealed_by_hand()).records) == 1
    assert scan_bytes(sealed_by_hand(**changes)).damage.harm is Harm.BROKEN


def test_a_write_cut_short_by_a_full_disk_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = begin(tmp_path)
    before = journal.folder.journal.read_bytes()
    really = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, piece: really(file, bytes(piece)[: len(piece) // 3]))
        with pytest.raises(RecordProblem, match="No space left"):
            journal.append("noted", {"text": "lost"}, durable=True)
    assert journal.folder.journal.read_bytes() == before
    assert journal.append("noted", {"text": "kept"}, durable=True).seq == 1
    journal.close()
    assert [record.data.get("text") for record in scan(journal.folder.journal).records] == [None, "kept"]


def test_a_failed_sync_kills_the_journal_until_it_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = begin(tmp_path)
    journal.append("silence", {"text": "not yet durable"}, durable=False)

    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", fail)
        with pytest.raises(RecordProblem, match="Input/output error"):
            journal.append("run.intent", {"run": 1}, durable=True)
        with pytest.raises(RecordProblem, match="did not confirm"):
            journal.append("noted", {}, durable=False)
        with pytest.raises(RecordProblem):
            journal.reread()
        assert journal.dead
    journal.reread()
    assert not journal.dead
    journal.append("noted", {"text": "after"}, durable=True)
    journal.close()
    kinds = [record.kind for record in scan(journal.folder.journal).records]
    assert kinds == ["session.opened", "silence", "noted"]


@pytest.mark.parametrize("change", ["another writer", "truncated", "deleted"])
def test_a_journal_changed_under_our_hands_takes_nothing_more(tmp_path: Path, change: str) -> None:
    journal = begin(tmp_path)
    path = journal.folder.journal
    if change == "another writer":
        with path.open("ab") as stream:
            stream.write(b"hello\n")
    elif change == "truncated":
        os.truncate(path, 10)
    else:
        path.unlink()
    with pytest.raises(RecordProblem, match="another program"):
        journal.append("noted", {}, durable=True)
    journal.close()


def in_child_with_file_limit(limit: int, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    def limit_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return forked.run(
        [sys.executable, "-c", code, *arguments],
        preexec_fn=limit_files,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_disk_too_full_to_open_a_session_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from wizard.clock import SystemClock
from wizard.errors import RecordProblem
from wizard.record.journal import Journal, SessionFolder
try:
    Journal.create(SessionFolder.create(Path(sys.argv[1]), "01X"), SystemClock())
except RecordProblem as problem:
    print(problem)
"""
    sessions = _private(tmp_path / "sessions")
    done = in_child_with_file_limit(1000, code, str(sessions))
    assert done.stdout.startswith("Could not set room aside")
    assert "Free some space" in done.stdout
    assert done.stderr == ""
    assert list(sessions.iterdir()) == []


def test_a_session_whose_first_record_cannot_be_written_never_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = _private(tmp_path / "sessions")
    folder = SessionFolder.create(sessions, SESSION)
    folder.store_procedure({"redis.yaml": b"format: 1", "worlds/estate.yaml": b"{}"})
    journal = Journal.create(folder, StillClock())
    monkeypatch.setattr(os, "write", lambda _file, _piece: 5)
    with pytest.raises(RecordProblem):
        journal.append("session.opened", {}, durable=True)
    assert list(sessions.iterdir()) == []


def test_the_reserve_is_real_room_and_is_given_back(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    assert journal.folder.reserve.stat().st_blocks * 512 >= 64 * 1024
    journal.release_reserve()
    journal.release_reserve()
    assert not journal.folder.reserve.exists()
    journal.close()
    Journal.resume(journal.folder, StillClock()).close()
    assert journal.folder.reserve.stat().st_size == 64 * 1024


def test_a_procedure_that_would_leave_its_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    folder = SessionFolder.create(tmp_path, SESSION)
    for path in ("../x", "/etc/x", ""):
        with pytest.raises(UsageProblem, match="own folder"):
            folder.store_procedure({path: b""})


def test_answers_of_checks_are_cited_by_place_and_hash(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    log = CheckLog.open(journal.folder)
    first, second, empty = log.append(b"one"), log.append(b"second"), log.append(b"")
    assert (first.offset, first.length, second.offset, second.length) == (0, 3, 3, 6)
    assert (empty.offset, empty.length) == (9, 0)
    log.close()
    again = CheckLog.open(journal.folder)
    assert again.append(b"x").offset == 9
    again.close()
    journal.close()


def test_a_set_clock_is_noticed_and_a_sleeping_machine_is_not(tmp_path: Path) -> None:
    clock = StillClock()
    journal = Journal.create(SessionFolder.create(_private(tmp_path), SESSION), clock)

    def step(seconds: float, asleep: float = 0.0, boot: str = "b00t") -> float | None:
        clock.utc += timedelta(seconds=seconds)
        clock.boottime += int(asleep * 1e9)
        clock.boot_id = boot
        journal.append("noted", {}, durable=False)
        return clock_step(journal.records[-2], journal.records[-1])

    journal.append("noted", {}, durable=False)
    assert step(0) is None
    assert step(1.5) is None
    assert step(3600, asleep=3600) is None
    assert step(3600) == pytest.approx(3600)
    assert step(-3600) == pytest.approx(-3600)
    assert step(3600, boot="other") is None
    assert step(-30, boot="third") == pytest.approx(-29)
    journal.close()


def _private(path: Path) -> Path:
    path.mkdir(exist_ok=True)
    path.chmod(0o700)
    return path


def test_folders_are_0700_and_files_0600_under_any_umask(tmp_path: Path) -> None:
    for mask in (0o000, 0o777):
        before = os.umask(mask)
        try:
            sessions = tmp_path / f"{mask:o}"
            sessions.mkdir()
            sessions.chmod(0o700)
            journal = begin(sessions)
            journal.folder.store_procedure({"a/b.yaml": b"x"})
            journal.folder.run_folder(1)
            CheckLog.open(journal.folder).append(b"x")
            journal.folder.store_checkpoint(1, b"text", b"signature")
            journal.close()
        finally:
            os.umask(before)
        for path in journal.folder.path.rglob("*"):
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


PLANTS = ["link", "FIFO", "hard link", "writable", "folder", "foreign"]


@pytest.mark.parametrize("plant", PLANTS)
@pytest.mark.parametrize(
    "name", ["journal.jsonl", "lock", "checks/output", "procedure/redis.yaml", "runs/0001/exit.json"]
)
def test_what_somebody_planted_in_the_session_is_refused(
    tmp_path: Path, name: str, plant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = begin(tmp_path)
    folder = journal.folder
    journal.close()
    folder.run_folder(1)
    target = folder.path / name
    aside = tmp_path / "aside"
    target.touch(0o600)
    if plant == "writable":
        target.chmod(0o620)
    elif plant == "foreign":
        if os.geteuid() == 0:
            os.chown(target, 65534, 65534)
        else:
            monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    elif plant == "hard link":
        os.link(target, aside)
    else:
        target.rename(aside)
        plants: dict[str, Callable[[], None]] = {
            "link": lambda: target.symlink_to(aside),
            "FIFO": lambda: os.mkfifo(target),
            "folder": target.mkdir,
        }
        plants[plant]()
    if plant == "folder" and name.startswith(("procedure", "runs")):
        SessionFolder.open(folder.path)  # folders are what stands there
        return
    with pytest.raises(RecordProblem, match="uplevel does not use"):
        SessionFolder.open(folder.path)


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_session_folder_is_refused(tmp_path: Path, plant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = begin(tmp_path)
    journal.close()
    path = journal.folder.path
    aside = tmp_path / "aside"
    if plant == "writable":
        path.chmod(0o770)
    elif plant == "foreign":
        if os.geteuid() == 0:
            os.chown(path, 65534, 65534)
        else:
            monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    else:
        path.rename(aside)
        if plant == "link":
            path.symlink_to(aside)
        elif plant == "FIFO":
            os.mkfifo(path)
        else:
            path.mkdir(mode=0o700)
    with pytest.raises(UplevelError):
        SessionFolder.open(path)


def test_a_run_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    (journal.folder.runs / "0003").symlink_to(tmp_path)
    with pytest.raises(RecordProblem, match="a link where a folder should be"):
        journal.folder.run_folder(3)
    journal.close()


def test_a_session_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no session here"):
        SessionFolder.open(tmp_path / "none")
    with pytest.raises(UsageProblem, match="no session here"):
        scan(tmp_path / "none" / "journal.jsonl")
    with pytest.raises(UsageProblem, match="cannot be read"):
        scan(tmp_path)
    journal = begin(tmp_path)
    journal.close()
    with pytest.raises(RecordProblem, match="already"):
        Journal.create(journal.folder, StillClock())
    assert journal.folder.journal.exists()


WRITER = """
import sys
from pathlib import Path
from wizard.clock import SystemClock
from wizard.record.journal import Journal, SessionFolder
journal = Journal.create(SessionFolder.create(Path(sys.argv[1]), "01X"), SystemClock())
number = 0
while True:
    journal.append("noted", {"n": number, "text": "x" * (number % 700)}, durable=True)
    print(number, flush=True)
    number += 1
"""


def killed_writer(sessions: Path, after: int) -> tuple[int, SessionFolder]:
    """Kill a writer after it acknowledged so many records; how many it acknowledged in all."""
    with forked.Popen([sys.executable, "-c", WRITER, str(sessions)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        seen = [writer.stdout.readline() for _ in range(after)]
        writer.send_signal(signal.SIGKILL)
        seen += writer.stdout.readlines()
    return sum(line.endswith(b"\n") for line in seen), SessionFolder(sessions / "01X")


@pytest.mark.parametrize("after", [1, 7, 40])
def test_kill_9_loses_no_acknowledged_record(tmp_path: Path, after: int) -> None:
    acknowledged, folder = killed_writer(_private(tmp_path), after)
    journal = Journal.resume(folder, SystemClock())
    assert [record.data["n"] for record in journal.records][:acknowledged] == list(range(acknowledged))
    journal.close()
