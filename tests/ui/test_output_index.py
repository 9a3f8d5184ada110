"""The index finds each line of a growing file and holds almost nothing of it."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.output.output_index import BLOCK, LONGEST_LINE, OutputIndex


def indexed(path: Path) -> OutputIndex:
    index = OutputIndex(path)
    while index.grow():
        pass
    return index


def test_each_line_is_found_in_a_file_of_many_blocks(tmp_path: Path) -> None:
    rng = random.Random(5)
    lines = [b"%d " % n + b"x" * rng.choice([0, 0, 3, 40, 300]) for n in range(20_000)]
    path = tmp_path / "output"
    path.write_bytes(b"\n".join(lines) + b"\n")
    index = indexed(path)
    assert index.lines == len(lines)
    for first in [0, 1, 19_990, *rng.choices(range(20_000), k=200)]:
        assert [line.data for line in index.window(first, 30)] == lines[first : first + 30]
    index.close()


def test_a_file_of_nothing_but_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "output"
    path.write_bytes(b"\n" * (3 * BLOCK))
    index = indexed(path)
    assert index.lines == 3 * BLOCK
    assert [line.data for line in index.window(2 * BLOCK - 2, 5)] == [b""] * 5
    assert index.window(3 * BLOCK, 5) == []
    index.close()


@given(st.lists(st.sampled_from([b"a", b"bb\n", b"\n", b"c" * 70_000, b"\r\n", b"d" * 65_535, b"\n\n"]), max_size=8))
def test_growing_piece_by_piece_counts_the_same(pieces: list[bytes]) -> None:
    file = os.memfd_create("output")
    index = OutputIndex(Path("unused"))
    index._file = os.dup(file)
    whole = b""
    for piece in pieces:
        os.write(file, piece)
        whole += piece
        index.grow(most=1)
        assert not index.grow()
        lines = whole.split(b"\n")
        expected = lines if lines[-1] else lines[:-1]
        assert index.lines == len(expected)
        assert [line.length for line in index.window(0, 50)] == [len(line) for line in expected]
    index.close()
    os.close(file)


def test_a_file_that_comes_later_and_a_last_line_without_end(tmp_path: Path) -> None:
    path = tmp_path / "output"
    index = OutputIndex(path)
    assert not index.grow()
    assert index.lines == 0
    path.write_bytes(b"one\ntw")
    index.grow()
    assert [line.data for line in index.window(0, 9)] == [b"one", b"tw"]
    with path.open("ab") as file:
        file.write(b"o\n")
    index.grow()
    assert [line.data for line in index.window(0, 9)] == [b"one", b"two"]
    index.close()


def test_one_look_reads_a_bounded_slice(tmp_path: Path) -> None:
    path = tmp_path / "output"
    with path.open("wb") as file:
        file.truncate(40 * BLOCK)
    index = OutputIndex(path)
    assert index.grow(most=10 * BLOCK)
    assert index.size == 10 * BLOCK
    index.close()


def test_a_huge_line_is_read_in_part_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "output"
    with path.open("wb") as file:
        file.write(b"first\n" + b"y" * 1000)
        file.truncate(64 * 1024 * 1024)
        file.seek(0, os.SEEK_END)
        file.write(b"\nlast\n")
    index = indexed(path)
    read = 0
    real = os.pread

    def counted(file: int, length: int, start: int) -> bytes:
        nonlocal read
        data = real(file, length, start)
        read += len(data)
        return data

    monkeypatch.setattr(os, "pread", counted)
    first, huge, last = index.window(0, 9)
    assert (first.data, last.data) == (b"first", b"last")
    assert len(huge.data) == LONGEST_LINE
    assert huge.length == 64 * 1024 * 1024 - 6
    assert read < 8 * BLOCK
    index.close()


def test_a_long_progress_bar_shows_its_newest_state(tmp_path: Path) -> None:
    path = tmp_path / "output"
    path.write_bytes(b"".join(b"\r%5d%%" % n for n in range(5000)))
    index = indexed(path)
    assert index.window(0, 1)[0].data.endswith(b"\r 4999%")
    index.close()


def test_a_link_in_place_of_the_output_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"not ours\n")
    (tmp_path / "output").symlink_to(tmp_path / "other")
    index = OutputIndex(tmp_path / "output")
    assert not index.grow()
    assert index.lines == 0
