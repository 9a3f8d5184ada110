"""An output longer than what is kept of it: its end is on disk while it runs, bounded, and never lost silently."""

import errno
import hashlib
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from wizard.engine.partial_output import cite_what_is_left
from wizard.execution.runner import EndedNotice, LostNotice
from wizard.execution.supervisor.recorder import OutputRecorder
from wizard.execution.supervisor.timed_file import TimedFile
from wizard.places.private import open_folder
from wizard.plain.lines import LinePrinter
from wizard.plain.tail import Tail
from wizard.record.events import RunEnded
from wizard.record.journal import JournalVerdict, verify
from wizard.record.output import OutputFile, OutputLog
from wizard.record.recovery import (
    ExitReport,
    Gap,
    OutcomeUnknown,
    determine_outcome,
    write_report,
)
from wizard.record.run_layout import Stream, segment_name


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    opened = open_folder(tmp_path)
    yield opened
    os.close(opened)


@pytest.fixture
def spare(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Says how many bytes the disk has left for output."""

    def have(count: int) -> None:
        monkeypatch.setattr(TimedFile, "spare", lambda _self: count)

    return have


def live(folder: Path) -> bytes:
    """The end that is on disk; nothing where a part of it is just being replaced."""
    with suppress(FileNotFoundError):
        return b"".join(one.file.path.read_bytes()[: one.end - one.begin] for one in OutputLog(folder).tail())
    return b""


def letters(count: int) -> bytes:
    return bytes(97 + number % 26 for number in range(count))


def test_the_end_is_on_disk_while_the_command_runs(tmp_path: Path, folder: int) -> None:
    recorder = OutputRecorder(folder, head=10, ring=20)
    text = letters(100)
    for at in range(0, 100, 7):
        recorder.take(text[at : at + 7])
        assert (tmp_path / "output").read_bytes() == text[: at + 7][:10]
        printed, end = text[: at + 7], live(tmp_path)
        assert printed.endswith(end)
        assert len(end) >= min(20, len(printed) - 10)
        assert len(end) <= 40
    recorder.finish()
    assert (tmp_path / "output").read_bytes() == text[:10] + text[-20:]
    assert recorder.gap == Gap(10, 70)
    assert recorder.sha256 == hashlib.sha256(text[:10] + text[-20:]).hexdigest()
    assert not list(tmp_path.glob("tail*"))


def test_times_and_streams_of_the_end_stay_what_they_were(tmp_path: Path, folder: int) -> None:
    recorder = OutputRecorder(folder, head=4, ring=12)
    for number in range(8):
        recorder.take(b"%d%d%d\n" % (number, number, number), Stream.STDERR if number % 2 else Stream.TERMINAL)
    recorder.finish()
    kept = (tmp_path / "output").read_bytes()
    assert kept == b"000\n555\n666\n777\n"
    spans = [(stream, kept[begin:end]) for stream, begin, end in OutputFile(tmp_path / "output").spans(0, len(kept))]
    assert spans == [(0, b"000\n"), (1, b"555\n"), (0, b"666\n"), (1, b"777\n")]
    times = [piece.boottime for piece in OutputFile(tmp_path / "output").pieces()]
    assert times == sorted(times)


def test_what_a_full_disk_refuses_of_the_end_waits_in_memory(
    tmp_path: Path, folder: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = OutputRecorder(folder, head=4, ring=8)
    recorder.take(b"0123")
    real, refusing = os.mkdir, True

    def mkdir(*words: Any, **more: Any) -> None:
        if refusing:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(*words, **more)

    monkeypatch.setattr("wizard.execution.supervisor.ring.os.mkdir", mkdir)
    monkeypatch.setattr("wizard.execution.supervisor.ring.RETRY", 0.0)
    recorder.take(b"4567")
    recorder.take(b"89ab")
    recorder.take(b"cdef")
    assert OutputLog(tmp_path).tail() == ()
    assert "No space" in recorder.trouble
    refusing = False
    recorder.tick(1e12)
    assert live(tmp_path) == b"89abcdef"
    refusing = True
    recorder.take(b"ghij")
    recorder.finish()
    assert (tmp_path / "output").read_bytes() == b"0123cdefghij"
    assert recorder.gap == Gap(4, 8)


def test_a_short_disk_gets_a_short_record(tmp_path: Path, folder: int, spare: Any) -> None:
    spare(4 << 20)
    recorder = OutputRecorder(folder)
    piece = b"x" * 65536
    for number in range(320):
        recorder.take(piece)
        spare((4 << 20) - (tmp_path / "output").stat().st_size - len(live(tmp_path)))
        assert (tmp_path / "output").stat().st_size + len(live(tmp_path)) <= 4 << 20, number
    spare(1 << 20)
    recorder.finish()
    assert 1 << 20 <= recorder.length <= 4 << 20
    assert recorder.gap is not None
    assert recorder.gap.lost + recorder.length == 320 * 65536


def test_on_a_disk_that_is_full_already_a_little_is_kept(tmp_path: Path, folder: int, spare: Any) -> None:
    spare(-1)
    recorder = OutputRecorder(folder)
    for _ in range(64):
        recorder.take(b"y" * 65536)
    assert (tmp_path / "output").stat().st_size == 1 << 20
    assert OutputLog(tmp_path).tail() == ()
    recorder.finish()
    assert recorder.length == (1 << 20) + (256 << 10)


def test_who_removes_the_end_meanwhile_does_not_hurt_the_outcome(tmp_path: Path, folder: int) -> None:
    recorder = OutputRecorder(folder, head=4, ring=8)
    recorder.take(b"0123456789abcdefghij")
    for one in OutputLog(tmp_path).tail():
        one.file.path.unlink()
    recorder.finish()
    assert (tmp_path / "output").read_bytes() == b"0123"
    assert recorder.gap is not None
    assert recorder.trouble


def test_line_by_line_the_live_end_is_shown_and_the_gap_is_said(tmp_path: Path, folder: int) -> None:
    out = io.StringIO()
    tail = Tail(OutputLog(tmp_path), LinePrinter(out))
    recorder = OutputRecorder(folder, head=10, ring=20)
    recorder.take(b"beginning\n")
    tail.show()
    assert out.getvalue() == "| beginning\n"
    for number in range(20):
        recorder.take(b"line %2d..\n" % number)
    while tail.show():
        pass
    assert out.getvalue().endswith("| line 19..\n")
    assert "bytes are left out here" in out.getvalue()
    recorder.take(b"last words\n")
    recorder.finish()
    write_report(folder, ExitReport(0, None, "", "", 0.0, recorder.length, recorder.sha256, recorder.gap))
    tail.finish()
    assert out.getvalue().endswith("| line 19..\n| last words\n")
    assert out.getvalue().count("line 19") == 1


def test_a_command_that_prints_on_and_on_is_seen_to(desk: Any) -> None:
    following, _ = desk.started(desk.bash("seq 100000; echo now; read line; echo after", keep=100_000))
    desk.until(lambda: live(following.folder).endswith(b"now\n"))
    assert (following.folder / "output").stat().st_size == 50_000
    desk.runner.send_keys(following.run, b"\n")
    report = following.wait(EndedNotice).report
    assert following.output.endswith(b"now\n\nafter\n")
    assert report.length == 100_000
    assert report.kept is not None
    assert report.kept.at == 50_000
    assert OutputLog(following.folder).tail() == ()


def test_of_a_killed_supervisor_the_end_is_cited_and_verified(desk: Any, record: Any) -> None:
    following, started = desk.started(desk.bash("seq 100000; echo now; sleep 30", keep=100_000))
    desk.until(lambda: live(following.folder).endswith(b"now\n"))
    os.kill(started.supervisor, signal.SIGKILL)
    following.wait(LostNotice)
    found = determine_outcome(following.folder, claim_as="mara")
    assert isinstance(found, OutcomeUnknown)
    assert found.output_final
    session = record()
    folder = session.folder.run_folder(1)
    folder.rmdir()
    following.folder.rename(folder)
    ended = cite_what_is_left(RunEnded(run=1, outcome="unknown", problem=found.why), OutputLog(folder))
    session.add(ended)
    session.journal.close()
    assert ended.output is not None
    assert ended.output.len == 50_000
    assert sum(part.len for part in ended.tail) >= 50_000
    assert not verify(session.folder.path).findings
    with (folder / segment_name(ended.tail[-1].begin) / "output").open("ab") as file:
        file.write(b"forged")
    report = verify(session.folder.path)
    assert report.verdict is JournalVerdict.BROKEN
