"""Pastes at a prompt: whole, never keys, however they are cut into reads."""

from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.keys import Keys

from tests.pasted import BEGIN, END, contents, cut, cuts
from wizard.plain.pastes import Parser, Pastes, Piece, flat


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(contents, max_size=3), cuts)
def test_pastes_are_whole_however_they_are_cut(pasted: list[str], at: list[int]) -> None:
    stream = "ab" + "".join(f"{BEGIN}{each}{END}c" for each in pasted)
    pastes = Pastes()
    pieces: list[Piece] = [piece for part in cut(stream, at) for piece in pastes.feed(part)]
    assert [text for sort, text in pieces if sort == "paste"] == pasted
    assert "".join(text for sort, text in pieces if sort == "keys") == "ab" + "c" * len(pasted)


@given(contents, cuts, st.booleans())
def test_no_key_is_made_of_a_paste(content: str, at: list[int], ends: bool) -> None:
    keys: list[KeyPress] = []
    parser = Parser(keys.append)
    for part in cut(f"{BEGIN}{content}{END if ends else ''}", at):
        parser.feed(part)
        parser.flush()
    assert [each.key for each in keys] == [Keys.BracketedPaste] * ends
    assert [each.data for each in keys] == [content] * ends


def test_keys_beside_a_paste_are_keys() -> None:
    keys: list[KeyPress] = []
    parser = Parser(keys.append)
    for part in ("a\x1b", "[A", f"\x1b[2{BEGIN}x{END}b"):
        parser.feed(part)
    assert [each.key for each in keys][:2] == ["a", Keys.Up]
    assert keys[-2:] == [KeyPress(Keys.BracketedPaste, "x"), KeyPress("b", "b")]


def test_a_paste_that_never_ends_is_dropped_by_ctrl_c_alone_after_a_silence() -> None:
    clock = Clock()
    pastes = Pastes(clock)
    assert pastes.feed(f"{BEGIN}run\n") == []
    assert pastes.feed("\x03") == []
    assert not pastes.stalled
    clock.now = 5.0
    assert pastes.stalled
    assert pastes.feed("\x03\x03") == []
    clock.now = 10.0
    assert pastes.feed("\x03") == [("paste", "")]
    assert pastes.dropped == 1
    assert pastes.feed("r") == [("keys", "r")]


def test_a_long_paste_is_read_in_a_moment() -> None:
    pastes = Pastes()
    pastes.feed(BEGIN)
    for _ in range(2000):
        pastes.feed("x" * 1024)
    [(sort, text)] = pastes.feed(END)
    assert (sort, len(text)) == ("paste", 2000 * 1024)


def test_several_lines_become_one() -> None:
    assert flat("one\r\ntwo\rthree\n\nfour\n") == "one two three four"
