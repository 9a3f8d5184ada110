"""What of all that a run printed is kept where: while it runs, when it is over, and when the disk refused its end."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from wizard.execution.supervisor.recorder import OutputRecorder
from wizard.places.private import open_folder
from wizard.record.output import OutputFile, OutputFollower, OutputLog
from wizard.record.recovery import ExitReport, Gap, write_report
from wizard.record.run_layout import OUTPUT, TIMING, Stream, pack_timing, segment_name


TEXT = bytes(97 + number % 26 for number in range(100))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    opened = open_folder(tmp_path)
    yield opened
    os.close(opened)


def printed(folder: int, text: bytes = TEXT) -> OutputRecorder:
    """A command that printed so much, of which the first 10 bytes and the last 20 are kept."""
    recorder = OutputRecorder(folder, head=10, ring=20)
    for at in range(0, len(text), 7):
        recorder.take(text[at : at + 7])
    return recorder


def over(folder: int, kept: Gap | None) -> None:
    write_report(folder, ExitReport(0, None, "", "", 0.0, 0, "", kept))


def every_byte(log: OutputLog) -> bytes:
    """What is kept, each byte at its place and a dot for each that is not."""
    found = bytearray(b"." * log.end)
    for one in log.segments():
        found[one.begin : one.end] = one.read(one.begin, log.end)
    return bytes(found)


def left_behind(folder: Path, begin: int, text: bytes) -> None:
    """A segment of the end that nobody appended."""
    inside = folder / segment_name(begin)
    inside.mkdir()
    (inside / OUTPUT).write_bytes(text)
    (inside / TIMING).write_bytes(pack_timing(0, Stream.STDERR, 7))


def test_of_a_run_that_printed_nothing_there_is_nothing(tmp_path: Path) -> None:
    log = OutputLog(tmp_path / "none")
    assert (log.segments(), log.tail(), log.end, log.last(5)) == ((), (), 0, (b"", False))
    assert log.newest == log.file
    assert not OutputFollower(log).behind


def test_while_it_runs_the_newest_bytes_are_found_at_their_places(tmp_path: Path, folder: int) -> None:
    recorder = printed(folder)
    log = OutputLog(tmp_path)
    kept = every_byte(log)
    assert log.end == len(TEXT)
    assert kept[:10] == TEXT[:10]
    assert kept[80:] == TEXT[80:]
    assert all(byte in {ord("."), TEXT[place]} for place, byte in enumerate(kept))
    assert log.last(15) == (TEXT[-15:], True)
    assert log.newest == log.tail()[-1].file != log.file
    recorder.finish()


def test_when_it_is_over_the_report_tells_where_the_gap_is(tmp_path: Path, folder: int) -> None:
    recorder = printed(folder)
    log = OutputLog(tmp_path)
    before = log.segments()
    recorder.finish()
    over(folder, recorder.gap)
    for each in (log, OutputLog(tmp_path)):
        assert every_byte(each) == TEXT[:10] + b"." * 70 + TEXT[80:]
        assert [(one.begin, one.end) for one in each.segments()] == [(0, 10), (80, 100)]
        assert each.last(30) == (TEXT[80:], True)
        assert each.newest == each.file
    assert before[-1].end == 100


def test_an_end_that_the_disk_refused_to_have_joined_is_read_where_it_lies(tmp_path: Path, folder: int) -> None:
    (tmp_path / OUTPUT).write_bytes(b"begin\nmore\n")
    left_behind(tmp_path, 11, b"the end\n")
    over(folder, Gap(11, 8))
    log = OutputLog(tmp_path)
    assert every_byte(log) == b"begin\nmore\nthe end\n"
    follower = OutputFollower(log)
    assert follower.read(100, 100).pieces == ((Stream.TERMINAL, b"begin\nmore\n"),)
    rest = follower.read(100, 100)
    assert (rest.pieces, rest.lost) == (((Stream.STDERR, b"the end\n"),), 0)


def test_what_was_joined_in_part_is_read_once(tmp_path: Path, folder: int) -> None:
    (tmp_path / OUTPUT).write_bytes(b"0123456789" + b"klm")
    left_behind(tmp_path, 20, b"klmnopqrst")
    over(folder, Gap(10, 10))
    assert every_byte(OutputLog(tmp_path)) == b"0123456789" + b"." * 10 + b"klmnopqrst"


def test_of_a_supervisor_that_was_killed_all_that_lies_there_is_read(tmp_path: Path) -> None:
    (tmp_path / OUTPUT).write_bytes(b"0123456789")
    left_behind(tmp_path, 20, b"klmno")
    left_behind(tmp_path, 25, b"pqrst")
    (tmp_path / "tail.x").mkdir()
    assert every_byte(OutputLog(tmp_path)) == b"0123456789" + b"." * 10 + b"klmnopqrst"


@pytest.mark.parametrize("stream", [None, Stream.TERMINAL, Stream.STDERR])
@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 4), (3, 0), (3, 4), (5, 5), (20, 4), (4, 20)])
def test_both_ends_are_cut_as_asked_of_all_and_of_each_stream(
    tmp_path: Path, stream: Stream | None, first: int, last: int
) -> None:
    pieces = [(Stream.TERMINAL, b"ab"), (Stream.STDERR, b"CDE"), (Stream.TERMINAL, b"fghij"), (Stream.STDERR, b"KLMNO")]
    at = 0
    for each, data in pieces:
        with (tmp_path / OUTPUT).open("ab") as file, (tmp_path / TIMING).open("ab") as timing:
            timing.write(pack_timing(at, each, at))
            file.write(data)
        at += len(data)
    wanted = b"".join(data for each, data in pieces if stream in {None, each})
    head, tail, cut = OutputFile(tmp_path / OUTPUT).ends(first, last, stream)
    assert head == wanted[:first]
    assert tail == wanted[max(first, len(wanted) - last) :]
    assert cut == len(wanted) - len(head) - len(tail)
