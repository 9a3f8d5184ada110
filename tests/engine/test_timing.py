"""The file `timing`: what is written is what is read, also while it grows and when it is torn."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from wizard.record.output import OutputFile
from wizard.record.run_layout import Stream, Timing, pack_timing


def pieces(timing: Path, offset: int = 0) -> Iterator[Timing]:
    return OutputFile(timing.with_name("output")).pieces(offset)


def test_records_say_where_which_stream_and_when(tmp_path: Path) -> None:
    path = tmp_path / "timing"
    far = (1 << 40) + 7
    path.write_bytes(pack_timing(0, Stream.TERMINAL, 5) + pack_timing(far, Stream.STDERR, 1 << 50))
    assert list(pieces(path)) == [Timing(0, Stream.TERMINAL, 5), Timing(far, Stream.STDERR, 1 << 50)]


def test_stream_0_is_what_was_written_before_streams_were_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "timing"
    path.write_bytes((12).to_bytes(8, "little") + (34).to_bytes(8, "little"))
    assert list(pieces(path)) == [Timing(12, Stream.TERMINAL, 34)]


def test_a_torn_last_record_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "timing"
    whole = pack_timing(0, Stream.TERMINAL, 1)
    path.write_bytes(whole + whole[:9])
    assert list(pieces(path)) == [Timing(0, Stream.TERMINAL, 1)]


def test_who_follows_a_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = tmp_path / "timing"
    path.write_bytes(b"".join(pack_timing(number * 10, Stream.TERMINAL, number) for number in range(10_000)))
    assert next(pieces(path, 90_007)) == Timing(90_000, Stream.TERMINAL, 9_000)
    assert list(pieces(path, 1_000_000)) == [Timing(99_990, Stream.TERMINAL, 9_999)]
    reading = pieces(path)
    assert [each.boottime for each in islice(reading, 3)] == [0, 1, 2]
    with path.open("ab") as file:
        file.write(pack_timing(100_000, Stream.STDERR, 10_000))
    assert list(reading)[-1] == Timing(100_000, Stream.STDERR, 10_000)


def test_a_missing_file_a_link_and_a_pipe_hold_no_records(tmp_path: Path) -> None:
    for name in ("missing", "link", "pipe"):
        (tmp_path / name).mkdir()
    (tmp_path / "real").write_bytes(pack_timing(0, Stream.TERMINAL, 1))
    (tmp_path / "link" / "timing").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe" / "timing")
    for name in ("missing", "link", "pipe"):
        file = OutputFile(tmp_path / name / "output")
        assert list(file.pieces(7)) == []
        assert file.piece_since(0) is None
        assert list(file.spans(0, 3)) == [(Stream.TERMINAL, 0, 3)]


def test_the_record_of_an_offset_is_found(tmp_path: Path) -> None:
    path = tmp_path / "timing"
    path.write_bytes(b"".join(pack_timing(number * 10, Stream.TERMINAL, number) for number in range(1000)) + b"torn")
    found = [next(pieces(path, offset)).boottime for offset in (0, 9, 10, 4995, 9990, 123_456)]
    assert found == [0, 0, 1, 499, 999, 999]
