"""What the search counts and finds is what a person would find in the lines as they are shown."""

import os
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.output.output_index import LONGEST_LINE
from screens.output.searching import pieces
from screens.output.searching.pattern import Pattern
from screens.output.searching.pieces import Pieces, plain_bytes
from screens.output.searching.search import Hit, OutputSearch
from wizard.errors import UsageProblem
from wizard.execution.sanitize import decode_line, line_text


SMALL = 64
"""Bytes of a piece in these tests, so that a few lines have many borders."""

BITS = st.sampled_from(
    [
        *(b"error", b"Error", b"err", b"or", b"e", b" ", b"\n", b"\n", b"\r\n", b"\r", b"\t", b"aaaa", b"x" * 70),
        *(b"\x1b[31m", b"\x1b[0m", b"\x1b[K", b"\x1b[2C", b"\x08", b"\x00", b"\x1b]0;error\x07", b"\x1b[", b"\x9b"),
        *(
            b"\xff",
            b"\xe2\x80",
            b"\xc3\xa9",
            b"\xe2\x80\xae",
            b"\xc5\xbf",
            b"\xe2\x84\xaa",
            b"\xc2\x9b31m",
            b"y" * 8200,
        ),
    ]
)
PATTERNS = st.sampled_from(
    [
        *(
            Pattern("error"),
            Pattern("Error"),
            Pattern("e"),
            Pattern("aa"),
            Pattern("é"),
            Pattern("É"),
            Pattern("U+202e"),
        ),
        *(Pattern("k"), Pattern("s"), Pattern("or e"), Pattern("\ufffd"), Pattern("."), Pattern("y" * 20)),
        *(
            Pattern("err?", regex=True),
            Pattern("^e", regex=True),
            Pattern(r"r$", regex=True),
            Pattern("x*", regex=True),
        ),
        *(Pattern(r"\S+", regex=True), Pattern("[^a]", regex=True), Pattern("(?=e)", regex=True)),
    ]
)


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", SMALL)
    monkeypatch.setattr("screens.output.searching.search.PIECE", SMALL)


def shown_bytes(line: bytes) -> bytes:
    """The bytes of a line that are shown: its head, or of one redrawn in place its newest state."""
    if len(line) <= LONGEST_LINE:
        return line
    tail = line[-LONGEST_LINE:].rstrip(b"\r")
    return tail[tail.index(b"\r") + 1 :] if b"\r" in tail else line[:LONGEST_LINE]


def naive(data: bytes, pattern: Pattern) -> list[Hit]:
    """All matches, line by line."""
    found: list[Hit] = []
    start = 0
    for line in data.split(b"\n") if data else []:
        if start < len(data):
            text = line_text(decode_line(shown_bytes(line)))
            matches = pattern.compiled().finditer(text)
            found += [Hit(start, match.start(), match.end()) for match in matches if match.end() > match.start()]
        start += len(line) + 1
    return found


def all_hits(search: OutputSearch) -> list[Hit]:
    return [hit for number in range(search.pieces.count) for hit in search.hits_in(number)]


def searched(file: int, pattern: Pattern, sizes: Iterator[int] | list[int]) -> OutputSearch:
    search = OutputSearch(Pieces(file), pattern)
    for size in sizes:
        search.grow(size)
        while not search.done:
            search.count_next()
    return search


@given(st.lists(BITS, max_size=40), PATTERNS, st.lists(st.integers(0, 400), max_size=3))
def test_hits_are_those_of_the_lines_as_they_are_shown(bits: list[bytes], pattern: Pattern, sizes: list[int]) -> None:
    data = b"".join(bits)
    with os.fdopen(os.memfd_create("output"), "r+b", buffering=0) as file:
        file.write(data)
        grown = sorted(min(size, len(data)) for size in sizes)
        search = searched(file.fileno(), pattern, [*grown, len(data)])
        expected = naive(data, pattern)
        assert search.hits == len(expected)
        assert all_hits(search) == expected
        assert [search.ordinal(hit) for hit in expected[:5]] == list(range(1, len(expected[:5]) + 1))


@given(st.lists(BITS, max_size=40))
def test_what_is_counted_as_bytes_is_shown_as_it_is(bits: list[bytes]) -> None:
    data = b"".join(bits)
    plain = plain_bytes(data, cased=True)
    small = plain_bytes(data, cased=False)
    if plain is None or small is None:
        assert plain is small
    else:
        assert (plain, small) == (data, data.lower())
        assert [line_text(decode_line(shown_bytes(line))) for line in data.split(b"\n")] == data.decode().split("\n")


def test_a_piece_counted_out_of_order_is_counted_once() -> None:
    with os.fdopen(os.memfd_create("output"), "r+b", buffering=0) as file:
        file.write(b"an error here\n" * 50)
        search = OutputSearch(Pieces(file.fileno()), Pattern("error"))
        search.grow(700)
        assert search.may_hit(5)
        assert search.ordinal(Hit(0, 3, 8)) == 1
        assert search.ordinal(Hit(6 * 14 * 5, 3, 8)) is None
        while not search.done:
            search.count_next()
        assert search.hits == 50
        assert search.ordinal(Hit(49 * 14, 3, 8)) == 50


@pytest.mark.parametrize(
    ("text", "regex", "cased"),
    [
        ("error", False, False),
        ("Error", False, True),
        (r"\S+", True, False),
        (r"\SX", True, True),
        (r"\S", False, True),
    ],
)
def test_a_capital_makes_case_count(text: str, regex: bool, cased: bool) -> None:
    assert Pattern(text, regex).cased is cased


@pytest.mark.parametrize("text", ["(a", "a{2,1}", "[z-a]", "(" * 10_000, r"(?P<x>a)(?P<x>b)", "*"])
def test_a_bad_regular_expression_gets_a_sentence(text: str) -> None:
    with pytest.raises(UsageProblem, match=r"\.$"):
        Pattern(text, regex=True).compiled()
    assert re.fullmatch(Pattern(text).compiled(), text)
