"""Where one is in the output and how one moves, with lines cut at the edge or wrapped."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.output.output_index import LONGEST_LINE, OutputIndex
from screens.output.output_strips import LineStyle
from screens.output.output_view import RowPosition, Viewport


WIDTH = 10


def seen(view: Viewport) -> list[tuple[int, int]]:
    return [(number, row) for number, _, row in view.visible()]


@pytest.fixture
def memory() -> Iterator[int]:
    file = os.memfd_create("output")
    yield file
    os.close(file)


def view_of(file: int, data: bytes, *, wrap: int, height: int) -> Viewport:
    os.ftruncate(file, 0)
    os.pwrite(file, data, 0)
    index = OutputIndex(Path("unused"))
    index._file = file
    index.grow()
    view = Viewport(index)
    view.look, view.height = LineStyle(wrap=wrap), height
    return view


LINES = st.lists(
    st.sampled_from([b"", b"short", b"x" * 10, b"y" * 35, "中".encode() * 11, b"tab\tbed here"]), max_size=12
)


@pytest.mark.parametrize("wrap", [0, WIDTH])
@given(lines=LINES, height=st.integers(1, 6), moves=st.lists(st.integers(-9, 9), max_size=8))
def test_moving_shows_neighbouring_rows_and_never_leaves_the_file(
    wrap: int, lines: list[bytes], height: int, moves: list[int]
) -> None:
    file = os.memfd_create("output")
    view = view_of(file, b"".join(line + b"\n" for line in lines), wrap=wrap, height=10_000)
    everything = seen(view)
    view.height = height
    end = max(0, len(everything) - height)
    at = end
    assert seen(view) == everything[end:][:height]
    for by in moves:
        view.move(by)
        at = max(0, min(at + by, end))
        assert seen(view) == everything[at : at + height]
        assert view.following is (at == end)
    os.close(file)


def test_the_end_stays_in_sight_while_the_file_grows_until_one_moves_up(memory: int) -> None:
    view = view_of(memory, b"z" * 25 + b"\nlast\n", wrap=WIDTH, height=2)
    assert seen(view) == [(0, 2), (1, 0)]
    os.pwrite(memory, b"new\n", 31)
    assert view.index is not None
    view.index.grow()
    assert seen(view) == [(1, 0), (2, 0)]
    view.move(-1)
    os.pwrite(memory, b"newer\n", 35)
    view.index.grow()
    assert seen(view) == [(0, 2), (1, 0)]


def test_a_row_that_is_shown_is_in_sight_and_the_end_is_not_followed_any_more(memory: int) -> None:
    view = view_of(memory, b"".join(b"%03d " % n * 9 + b"\n" for n in range(200)), wrap=WIDTH, height=6)
    for number, row in [(0, 0), (100, 3), (199, 3), (57, 0)]:
        view.show(number, row)
        assert (number, row) in seen(view)
        assert not view.following
    here = seen(view)
    view.show(*here[3])
    assert seen(view) == here
    view.show(here[-1][0] + 1, nearest=True)
    assert seen(view)[-1] == (here[-1][0] + 1, 0)


def test_a_line_without_end_takes_no_more_rows_than_what_is_shown_of_it(memory: int) -> None:
    view = view_of(memory, b"a" * (3 * LONGEST_LINE), wrap=100, height=20)
    view.go(RowPosition())
    assert seen(view)[0] == (0, 0)
    view.move(10_000)
    assert seen(view)[-1][1] * 100 <= LONGEST_LINE + 100


def test_a_place_in_the_file_leads_to_its_line(memory: int) -> None:
    lines = [b"%d" % n for n in range(30_000)]
    view = view_of(memory, b"\n".join(lines), wrap=0, height=5)
    index = view.index
    assert index is not None
    for number in (0, 1, 9_999, 20_000, 29_999):
        start = index.window(number, 1)[0].start
        assert index.number_at(start) == number
    assert index.number_at(10**9) == 29_999
