"""Bytes of a terminal, split into keys and pastes: whatever a paste holds and however it is cut, nothing is a key."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.shared.terminal.pastes import (
    BEGIN,
    BROKEN_OFF,
    DROPPED,
    END,
    ESCAPE,
    LARGEST,
    OPEN,
    QUIET,
    TAIL,
    TOO_LONG,
    Pasted,
    Piece,
    Splitter,
    Told,
    Typed,
)


BAIT = (
    *(b"r", b"rrr", b"\r", b"\n", b"\x1b", b"\x1b[", b"\x1b[31m", b"\x1b]0;own\x07", b"\x1bP1$r\x1b\\", b"\x1b[2004l"),
    *(b"\x1b[A", b"\x1b[15~", b"\x1bOP", b"\x03", b"\x1d", b"\x00", b"\xff", b"\xc3", "ü".encode(), b"\x1b[<0;5;5M"),
    *(b"\x1b[20", b"\x1b[201", b"\x1b[201 ~", b"\x1b[0201~", b"\x1b[201;1~", b"\x1b\x1b[201", b"201~", BEGIN, b"\x9b"),
)
HELD = st.lists(st.one_of(st.sampled_from(BAIT), st.binary(max_size=6)), max_size=12).map(b"".join)
INSIDE = HELD.filter(lambda data: END not in data + END[:-1])


def _split(reads: Iterable[tuple[bytes, float]]) -> list[Piece]:
    """What comes of reads, each after so many seconds."""
    splitter, now = Splitter(), 100.0
    found: list[Piece] = []
    for data, pause in reads:
        now += pause
        found += splitter.tick(now)
        found += splitter.feed(data, now)
    return found + splitter.tick(now + 5)


@given(INSIDE, st.lists(st.integers(1, 9), min_size=1), st.sampled_from([0.0, 0.01, 0.3]))
def test_a_paste_is_one_paste_however_it_is_cut(held: bytes, sizes: list[int], pause: float) -> None:
    data, at = BEGIN + held + END, 0
    reads: list[tuple[bytes, float]] = []
    while at < len(data):
        size = sizes[len(reads) % len(sizes)]
        reads.append((data[at : at + size], pause))
        at += size
    pieces = _split(reads)
    typed = b"".join(piece.data for piece in pieces if isinstance(piece, Typed))
    # An ESC that stays alone for long is the key Esc, whatever comes after it.
    assert typed in ({b"", b"\x1b"} if pause > ESCAPE and sizes[0] == 1 else {b""})
    if pause or b"\x03" not in held:
        assert [piece.data for piece in pieces if isinstance(piece, Pasted)] in ([held], [] if b"\x03" in held else 0)


@given(HELD)
def test_an_unterminated_paste_never_becomes_a_key(held: bytes) -> None:
    pieces = _split([(BEGIN + held.replace(END, b""), 0.0), (b"r", 2.0), (b"\r", 2.0), (b"\x1b[15~", 2.0)])
    assert not [piece for piece in pieces if isinstance(piece, Typed)]


@given(st.lists(st.sampled_from([each for each in BAIT if BEGIN not in each]), max_size=9).map(b"".join))
def test_keys_are_handed_on_whole(data: bytes) -> None:
    typed = _split([(bytes([each]), 0.0) for each in data] + [(b"x", 0.0)])
    assert b"".join(piece.data for piece in typed if isinstance(piece, Typed)) == data + b"x"


def test_two_ctrl_c_by_themselves_end_a_paste_that_never_ends() -> None:
    assert _split([(BEGIN + b"log\rr", 0.0), (b"\x03", 2.0), (b"\x03", 0.5), (b"r", 0.5)]) == [
        Told(OPEN),
        Told(BROKEN_OFF),
        Typed(b"r"),
    ]


@pytest.mark.parametrize("reads", [[(b"\x03\x03", 2.0)], [(b"\x03", 2.0), (b"\x03", 0.1)], [(b"\x03", 2), (b"r", 2)]])
def test_ctrl_c_inside_a_paste_is_a_part_of_it(reads: list[tuple[bytes, float]]) -> None:
    pieces = _split([(BEGIN, 0.0), *reads, (END, 2.0)])
    assert pieces[1:] == [Pasted(b"".join(data for data, _ in reads))]


def test_what_comes_with_the_end_of_a_paste_is_no_key() -> None:
    assert _split([(BEGIN + b"a" + END + b"r\r", 0.0), (b"r", TAIL / 2), (b"\r", TAIL * 2)]) == [
        Pasted(b"a"),
        Told(DROPPED),
        Told(DROPPED),
        Typed(b"\r"),
    ]
    assert _split([(BEGIN + b"a" + END + BEGIN + b"b" + END + END, 0.0)]) == [Pasted(b"a"), Pasted(b"b")]


def test_escape_is_a_key_and_may_still_begin_a_paste() -> None:
    late = [(b"\x1b", 0.0), (b"", ESCAPE), (b"[200~r\r", 0.2), (END, 0.0)]
    assert _split(late) == [Typed(b"\x1b"), Pasted(b"r\r")]
    assert _split([(b"\x1b", 0.0), (b"", ESCAPE), (b"[", 0.2), (b"", QUIET)]) == [Typed(b"\x1b"), Typed(b"[")]


def test_a_paste_without_bounds_takes_no_memory_and_is_refused() -> None:
    assert _split([(BEGIN, 0.0), *[(b"r\r" * 50_000, 0.0)] * 11, (END, 0.0), (b"x", 1.0)]) == [
        Told(TOO_LONG),
        Typed(b"x"),
    ]
    assert LARGEST == 1_000_000
