"""What a command prints, or a person types, reaches no terminal as anything but text and colour."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.execution.sanitize import PLAIN, PlainStream, Style, decode_line, line_text, plain_text, sanitize_text


FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)

DROPPED = {
    "clipboard": b"\x1b]52;c;bWluZQ==\x07",
    "clipboard by st": b"\x1b]52;c;bWluZQ==\x1b\\",
    "title": b"\x1b]0;owned\x07",
    "reset": b"\x1bc",
    "c1 csi": b"\xc2\x9b2J",
    "c1 osc": b"\xc2\x9d52;c;bWluZQ==\xc2\x9c",
    "dcs": b"\x1bP1$r0m\x1b\\",
    "apc": b"\x1b_Gi=1;AAAA\x1b\\",
    "pm": b"\x1b^secret\x1b\\",
    "sos": b"\x1bXsecret\x1b\\",
    "alternate screen": b"\x1b[?1049h",
    "mouse": b"\x1b[?1003h\x1b[?1006h",
    "device query": b"\x1b[c\x1b[6n\x1b[>q",
    "charset": b"\x1b(0\x0e",
    "cursor away": b"\x1b[2J\x1b[H\x1b[5A\x1b[3B",
    "modifyOtherKeys": b"\x1b[>4;2m",
    "nul bell delete": b"\x00\x07\x7f\x1a",
    "lone escape at the end": b"\x1b",
    "conceal": b"\x1b[8m",
}


def text_of(raw: bytes) -> str:
    return line_text(decode_line(raw))


@pytest.mark.parametrize("escape", DROPPED.values(), ids=DROPPED.keys())
def test_what_a_terminal_would_obey_is_dropped_and_the_text_behind_it_stays(escape: bytes) -> None:
    assert text_of(b"before " + escape) == "before "
    if escape != b"\x1b":
        assert text_of(b"before " + escape + b"behind") == "before behind"
        assert plain_text(b"before " + escape + b"behind\n") == "before behind\n"


@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        (b"10%\r20%\r100% done", "100% done"),
        (b"a long line\rshort\x1b[K", "short"),
        (b"a long line\rshort", "shortg line"),
        (b"old\x1b[2K\rnew", "new"),
        (b"old text\x1b[4D\x1b[1Kx", "    xext"),
        (b"abc\b\bX", "aXc"),
        (b"b\bbo\bol\bld\bd", "bold"),
        (b"\x1b[10Gat ten", "         at ten"),
        (b"ab\x1b[3Ccd", "ab   cd"),
        (b"\b\b\bstart", "start"),
        (b"windows line\r", "windows line"),
        (b"\x1b[99999999999999999Gx", "x"),
    ],
)
def test_moves_within_the_line_are_followed(printed: bytes, seen: str) -> None:
    assert text_of(printed) == seen
    assert plain_text(printed + b"\nnext\n") == f"{seen}\nnext\n"


def test_colours_and_attributes_are_kept_as_style() -> None:
    line = decode_line(b"a\x1b[1;31mred\x1b[22;48;5;17mb\x1b[38:2::1:2:3;7mc\x1b[m.")
    assert [(run.text, run.style) for run in line] == [
        ("a", PLAIN),
        ("red", Style(fg=1, bold=True)),
        ("b", Style(fg=1, bg=17)),
        ("c", Style(fg=(1, 2, 3), bg=17, reverse=True)),
        (".", PLAIN),
    ]


@pytest.mark.parametrize(
    "codes", [b"38", b"38;5", b"38;5;999", b"48;2", b"999999999999", b";;;", b":", b"4:9", b"38:2"]
)
def test_crippled_colours_are_no_error(codes: bytes) -> None:
    assert text_of(b"\x1b[" + codes + b"mtext") == "text"


def test_bidi_and_zero_width_are_made_visible_everywhere() -> None:
    text = "pay \u202eevil\u202c to\u200b \U000e0041 me"
    seen = "pay <U+202E>evil<U+202C> to<U+200B> <U+E0041> me"
    assert text_of(text.encode()) == plain_text(text.encode()) == sanitize_text(text) == seen


def test_a_link_becomes_text_and_only_a_web_address_is_told() -> None:
    link = b"\x1b]8;;%s\x1b\\here\x1b]8;;\x1b\\!"
    assert text_of(link % b"https://example.org/a") == "here (https://example.org/a)!"
    assert text_of(link % b"javascript:alert(1)") == "here!"
    assert text_of(b"\x1b]8;;https://example.org/\x07open") == "open (https://example.org/)"


def test_an_unterminated_string_swallows_neither_the_log_nor_the_next_line() -> None:
    assert text_of(b"\x1b]0;" + b"x" * 10_000 + b" tail").endswith(" tail")
    assert plain_text(b"\x1bPnever ended\nnext line\n") == "\nnext line\n"


def test_markup_is_only_text() -> None:
    text = "[/x] [@click=app.quit]here[/] [link=file:///]l[/link] [red]"
    assert text_of(text.encode()) == plain_text(text.encode()) == sanitize_text(text) == text


def test_text_of_people_shows_its_controls() -> None:
    assert sanitize_text("a\x1b[31m\u0085\ud800\n\tb") == "a<U+001B>[31m<U+0085><U+D800><U+000A><U+0009>b"
    assert sanitize_text("a\r\n\tb\rc", newlines=True, tabs=True) == "a\n\tb<U+000D>c"
    assert sanitize_text("caf\u00e9 \u4e2d \U0001f600") == "caf\u00e9 \u4e2d \U0001f600"


ATOMS = (
    *(b"\x1b", b"[", b"]", b"P", b"m", b"K", b"8;;http://a", b"52;c;", b"\x07", b"\\", b"\r", b"\b", b"\t", b"0", b";"),
    *(
        b"31",
        b"?",
        b"\xc2\x9b",
        b"\xc2",
        b"\x9b",
        b"\xe2\x80\xae",
        b"\xff",
        b"\x00",
        b"text",
        b"\xc3\xa9",
        b"\x18",
        b"1G",
    ),
)
SOUP = st.lists(st.sampled_from(ATOMS), max_size=60).map(b"".join)


@given(st.one_of(st.binary(max_size=200), SOUP))
def test_no_bytes_at_all_get_a_forbidden_character_through(raw: bytes) -> None:
    assert not FORBIDDEN.search(text_of(raw))
    assert not FORBIDDEN.search(plain_text(raw))


@given(st.text(), st.booleans(), st.booleans())
def test_no_text_at_all_gets_a_forbidden_character_through(text: str, newlines: bool, tabs: bool) -> None:
    shown = sanitize_text(text, newlines=newlines, tabs=tabs)
    assert not FORBIDDEN.search(shown)
    assert newlines or "\n" not in shown
    assert tabs or "\t" not in shown


@given(
    st.lists(st.tuples(st.text("abc \u00e9\u4e2d[]", min_size=1), st.sampled_from(["", "31", "0", "1;44", "38;5;9"])))
)
def test_coloured_text_is_kept_whole(parts: list[tuple[str, str]]) -> None:
    raw = "".join(f"\x1b[{codes}m{text}" for text, codes in parts).encode()
    assert text_of(raw) == plain_text(raw) == "".join(text for text, _ in parts)


@given(st.lists(SOUP, max_size=6), st.lists(st.integers(1, 20), max_size=40))
def test_whole_text_and_single_lines_agree(lines: list[bytes], sizes: list[int]) -> None:
    lines = [line.replace(b"\n", b"") for line in lines]
    assert plain_text(b"\n".join(lines)) == "\n".join(map(text_of, lines))


@pytest.mark.parametrize(
    "bomb", [b"\x1b]", b"\x1b", b"\x1b[", b"\x1b[1", b"\x1bP", b"\x1b[K\r", b"x\b", b"\x1b[2K\x1b[9999Gx", b"\x1b[1K"]
)
def test_work_grows_with_the_input_and_not_faster(bomb: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    from wizard.execution.sanitize import line as module

    steps = 0
    real = module._obey

    def counted(cells: Any, token: re.Match[str]) -> None:
        nonlocal steps
        steps += 1
        real(cells, token)
        assert len(token.group()) <= module.LONGEST_STRING + 8 or token["text"]

    monkeypatch.setattr(module, "_obey", counted)
    raw = b"y" * 1000 + bomb * 20_000
    decode_line(raw)
    assert steps <= len(raw)


class TestPlainStream:
    def test_lines_come_when_whole_and_a_prompt_at_once(self) -> None:
        stream = PlainStream()
        assert stream.feed(b"one\r\ntw") == "one\ntw"
        assert stream.feed(b"o\n\x1b[1mReally delete? \xe2\x9d\xaf \x1b[0m") == "o\nReally delete? \u276f "
        assert stream.feed(b"yes\n") == "yes\n"
        assert stream.finish() == ""

    def test_characters_and_escapes_that_have_only_begun_wait(self) -> None:
        stream = PlainStream()
        assert stream.feed(b"caf\xc3") == "caf"
        assert stream.feed(b"\xa9 \x1b[3") == "\u00e9 "
        assert stream.feed(b"1mred\x1b]0;ti") == "red"
        assert stream.feed(b"tle\x07!") == "!"

    def test_a_progress_bar_is_shown_as_it_began_and_as_it_ended(self) -> None:
        stream = PlainStream()
        out = "".join(stream.feed(b"\r%3d%%" % part) for part in range(0, 101, 10))
        assert out + stream.feed(b"\nok\n") == "  0%\n100%\nok\n"

    def test_output_without_line_ends_flows_on_in_bounded_memory(self) -> None:
        stream = PlainStream()
        out = "".join(stream.feed(b"\xc3\xa9" * 5000 + b"\x1b[31m") for _ in range(20)) + stream.finish()
        assert out == "\u00e9" * 100_000
        assert len(stream._line) <= 8192

    @given(SOUP, st.lists(st.integers(1, 9), max_size=40))
    def test_nothing_forbidden_comes_out_however_it_is_cut(self, raw: bytes, sizes: list[int]) -> None:
        stream, at, out = PlainStream(), 0, ""
        for size in sizes:
            out += stream.feed(raw[at : at + size])
            at += size
        assert not FORBIDDEN.search(out + stream.feed(raw[at:]) + stream.finish())


def test_a_flood_of_marks_is_cut_and_said_and_few_marks_stay() -> None:
    few, flood = "e\u0301\u0302 नि ────────────────", "e" + "\u0301" * 3000
    for shown in (text_of(few.encode()), plain_text(few.encode()), sanitize_text(few)):
        assert shown == few
    for shown in (text_of(flood.encode()), plain_text(flood.encode()), sanitize_text(flood)):
        assert shown == "e" + "\u0301" * 8 + "<+2992 marks>"


def test_letters_that_look_like_nothing_are_made_visible() -> None:
    for char in "\u115f\u1160\u3164\uffa0\u034f":
        for shown in (text_of(f"a{char}b".encode()), plain_text(f"a{char}b".encode()), sanitize_text(f"a{char}b")):
            assert shown == f"a<U+{ord(char):04X}>b"


@given(st.lists(st.text("ab \t\u4e2d", max_size=6), min_size=1, max_size=6))
def test_a_plain_progress_bar_is_read_as_one_that_resets_its_colour_is(states: list[str]) -> None:
    plain = "\r".join(states)
    assert text_of(plain.encode()) == text_of(f"\x1b[m\x1b[C\x1b[D{plain}".encode())
