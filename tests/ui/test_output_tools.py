"""Marking, copying, saving, going to a time, streams told apart, and marks for what is otherwise not shown."""

import errno
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.output.output_index import OutputIndex
from screens.output.output_selection import MOST, Selection, selected_text
from screens.output.output_streams import StreamMarks
from screens.output.saving import Saved, save_copy
from screens.output.time_jump import said_moment, wanted_moment
from wizard.errors import UsageProblem
from wizard.execution.sanitize import line_text, mark_line
from wizard.record.output import OutputFile
from wizard.record.run_layout import Stream, pack_timing
from wizard.session.state import When


SECOND = 1_000_000_000
BEGAN = When(7, "2026-03-01T13:59:50.000000Z", 1000 * SECOND, "boot")


@pytest.fixture
def in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def indexed(path: Path, data: bytes) -> OutputIndex:
    path.write_bytes(data)
    index = OutputIndex(path)
    index.grow()
    return index


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        *(("+4m10s", 250), ("+250", 250), ("+ 1h 2m", 3720), ("+0s", 0), ("+90min", 5400)),
        *(("14:00:00", 10), ("14:00", 10), ("13:59:40", -10), ("00:00:00", 10 * 3600 + 10)),
    ],
)
def test_a_time_is_since_the_beginning_or_by_the_clock(in_utc: None, typed: str, seconds: int) -> None:
    assert wanted_moment(typed, BEGAN) == (1000 + seconds) * SECOND


@pytest.mark.parametrize("typed", ["", "+", "+s", "25:00", "14:60", "noon", "14", "+1x", "-4m", "+" + "9" * 30])
def test_what_is_no_time_gets_a_sentence(typed: str) -> None:
    with pytest.raises(UsageProblem, match="is no time"):
        wanted_moment(typed, BEGAN)


def test_a_time_leads_to_what_was_printed_then_or_next(tmp_path: Path, in_utc: None) -> None:
    file = OutputFile(tmp_path / "output")
    assert file.piece_since(0) is None
    file.timing.write_bytes(
        b"".join(pack_timing(n * 100, Stream.TERMINAL, (1001 + n) * SECOND) for n in range(500)) + b"torn"
    )
    found = [file.piece_since(moment * SECOND) for moment in (0, 1001, 1250, 1500, 9999)]
    assert [piece.offset for piece in found if piece is not None] == [0, 0, 24_900, 49_900, 49_900]
    assert said_moment(1011 * SECOND, BEGAN) == "14:00:01 (+0m11s)"


def test_a_copy_has_every_byte_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    source, target = tmp_path / "output", tmp_path / "copy"
    source.write_bytes(bytes(range(256)) * 100)
    assert save_copy(source, str(target), lambda _: True) == Saved(target, 25_600)
    assert target.read_bytes() == source.read_bytes()
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_copy_overwrites_nothing_and_follows_no_link(tmp_path: Path) -> None:
    source, there, link = tmp_path / "output", tmp_path / "there", tmp_path / "link"
    source.write_bytes(b"new")
    there.write_bytes(b"old")
    link.symlink_to(tmp_path / "elsewhere")
    for target in (there, link):
        with pytest.raises(UsageProblem, match="there already, and nothing is overwritten"):
            save_copy(source, str(target), lambda _: True)
    assert there.read_bytes() == b"old"
    assert not (tmp_path / "elsewhere").exists()
    with pytest.raises(UsageProblem, match="cannot be written: No such file"):
        save_copy(source, str(tmp_path / "no" / "copy"), lambda _: True)


def test_a_full_disk_or_a_change_of_mind_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "output", tmp_path / "copy"
    source.write_bytes(b"x" * 5000)
    with pytest.raises(UsageProblem, match="given up"):
        save_copy(source, str(target), lambda _: False)
    assert not target.exists()

    def full(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(UsageProblem, match="No space left on device"):
        save_copy(source, str(target), lambda _: True)
    assert not target.exists()


def test_lines_are_copied_as_they_are_shown_and_not_too_many(tmp_path: Path) -> None:
    index = indexed(tmp_path / "output", b"one\n\x1b[31mtwo\x1b]52;c;eA==\x07\n10%\r20%\nend")
    assert selected_text(index, Selection(2, 1)) == "two\n20%"
    assert selected_text(index, Selection(1, 1), marks=True) == "␛[31mtwo␛]52;c;eA==␇"
    index.close()
    index = indexed(tmp_path / "output", (b"y" * 127 + b"\n") * 1000)
    whole = selected_text(index, Selection(0, MOST // 128 - 1))
    assert whole is not None
    assert len(whole) == MOST - 1
    assert selected_text(index, Selection(0, MOST // 128)) is None
    index.close()


def test_lines_of_standard_error_are_marked_where_they_are(tmp_path: Path) -> None:
    out, err = Stream.TERMINAL, Stream.STDERR
    pieces = [(b"out\n", out), (b"err\nerr\n", err), (b"work", out), (b"failed\n", err), (b"out\n", out), (b"e", err)]
    output, timing = b"", b""
    for data, stream in pieces:
        timing += pack_timing(len(output), stream, 1)
        output += data
    index = indexed(tmp_path / "output", output)
    (tmp_path / "timing").write_bytes(timing)
    streams = StreamMarks(OutputFile(tmp_path / "output"))
    for first in range(6):
        lines = index.window(first, 9)
        marks = streams.marks(lines)
        assert [marks[line.start] for line in lines] == ["  ", "2|", "2|", "2+", "  ", "2|"][first:]
    (tmp_path / "timing").unlink()
    assert set(streams.marks(index.window(0, 9)).values()) == {"  "}
    index.close()


def test_marks_show_what_is_otherwise_obeyed_or_dropped() -> None:
    raw = "a\x1b[31m\tb\x07\x7f\u202e\u200b\x9b".encode() + b"\xff\r\x00"
    assert line_text(mark_line(raw)) == "a␛[31m\tb␇␡<U+202E><U+200B><U+009B><0xFF>␍␀"


@given(st.binary(max_size=60))
def test_marked_lines_hold_nothing_a_terminal_obeys(raw: bytes) -> None:
    text = line_text(mark_line(raw.replace(b"\n", b"")))
    assert all(char == "\t" or char.isprintable() or ord(char) > 0x9F for char in text)
    assert text.encode().decode() == text
