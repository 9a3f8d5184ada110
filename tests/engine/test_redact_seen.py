"""What is searched for secrets is what a reader could see, in any spelling; and nothing else is masked or held."""

import base64
import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.secret_noise import (
    CONTROLS,
    ESCAPES,
    HIDING_NOTHING,
    OVER,
    SPELLINGS,
    TURNS,
    UNSEEN,
    WRONG,
    Case,
    cases,
    dumped,
    readable,
)
from wizard.execution.redact import Redactor
from wizard.execution.sanitize import mark_line, plain_text


SECRET = "Hunt3r&two-Zq/9x7"
TWENTY = {f"key{number}": f"s3cret-{number}-Value{number * 7919}" for number in range(20)}
MANUAL = Path(__file__).with_name("upgrading-backend-services.txt")


def masked(printed: bytes, *, over: bool = False) -> bytes:
    redactor = Redactor({"key": SECRET})
    out = redactor.feed(printed) + redactor.finish()
    assert list(readable(Case(SECRET, "", printed, (), over), out)) == [], out
    assert redactor.counts["key"] >= 1
    return out


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_is_read(spelling: str) -> None:
    masked(b"it is " + SPELLINGS[spelling](SECRET) + b" here\n")


@pytest.mark.parametrize(
    "noise", [ESCAPES, CONTROLS, UNSEEN, WRONG, TURNS], ids=["escapes", "controls", "unseen", "wrong", "turns"]
)
def test_nothing_that_is_dropped_or_folded_hides_a_secret(noise: list[bytes]) -> None:
    raw = SECRET.encode()
    for each in noise:
        for at in (1, 6, len(raw) - 1):
            assert b"[redacted:key]" in masked(b"it is " + raw[:at] + each + raw[at:] + b" here\n"), each


@pytest.mark.parametrize("over", OVER)
def test_a_secret_put_together_by_the_cursor_is_not_left_to_see(over: bytes) -> None:
    raw = SECRET.encode()
    out = masked(b"before\nit is " + raw[:6] + over + raw[6:] + b" here\nbehind\n", over=True)
    assert plain_text(out) == "before\nit is [redacted:key] here\nbehind\n"


def test_a_secret_of_which_each_letter_is_struck_twice_is_not_left_to_see() -> None:
    bold = "".join(f"{char}\b{char}" for char in SECRET).encode()
    assert plain_text(masked(bold + b"\r\n", over=True)) == "[redacted:key]\n"
    assert plain_text(masked(b"........" + SECRET[8:].encode() + b"\r" + SECRET[:8].encode(), over=True)) == (
        "[redacted:key]"
    )


def test_a_title_and_the_address_of_a_link_are_searched_too() -> None:
    for string in (b"\x1b]0;login %b now\x07", b"\x1b]8;;https://x/%b\x1b\\here\x1b]8;;\x1b\\", b"\x1bP%b\x1b\\"):
        out = masked(b"begin " + string % SECRET.encode() + b" end\n")
        assert out.replace(b"[redacted:key]", SECRET.encode()) == b"begin " + string % SECRET.encode() + b" end\n"


def test_with_marks_for_all_controls_it_is_not_read_either() -> None:
    out = masked(b"Hunt3r&two\x07-Zq\x1b(B/9x7\n")
    assert "".join(run.text for run in mark_line(out.rstrip(b"\n"))) == "[redacted:key]"


@pytest.mark.parametrize("tool", ["hexdump -C", "od -tx1", "xxd"])
def test_a_dump_loses_the_bytes_of_a_secret_and_the_column_that_repeats_them(tool: str) -> None:
    out = masked(SPELLINGS[tool](SECRET))
    assert out.count(b"[redacted:key]") == 1
    assert b"75736572" in out.replace(b" ", b""), "the bytes before it stay"
    assert len(out.split(b"\n")) == len(SPELLINGS[tool](SECRET).split(b"\n")), "each line stays a line"


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(cases())
def test_no_secret_is_read_in_any_spelling_through_any_noise(case: Case) -> None:
    redactor = Redactor({"key": case.secret})
    out = case.redacted(redactor)
    assert list(readable(case, out)) == [], out
    assert redactor.counts["key"] >= 1


def _pieces() -> st.SearchStrategy[bytes]:
    raw = SECRET.encode()
    parts = [
        raw[:3],
        raw[3:9],
        raw[9:],
        raw,
        raw.hex(" ").encode(),
        raw.hex().encode()[:9],
        b"\\x48\\x75",
        b"%4",
        b"8%75",
    ]
    rows = SPELLINGS["hexdump -C"](SECRET).splitlines(keepends=True) + SPELLINGS["xxd"](SECRET).splitlines(
        keepends=True
    )
    rest = [
        b"a",
        b" ",
        b"48 ",
        b"7",
        b"\x1b",
        b"\x1b[",
        b"\x1b]",
        b"\x1bP",
        b"\xe2",
        b"\xc2",
        b"\x9b",
        b"\r",
        b"\n",
        b"=",
        b"\\",
    ]
    return st.sampled_from([*parts, *rows, *rest, *TURNS, *OVER, *HIDING_NOTHING])


@settings(max_examples=200, deadline=None)
@given(st.lists(_pieces(), max_size=25).map(b"".join), st.lists(st.integers(1, 30), max_size=40))
def test_the_cut_of_the_stream_changes_nothing(printed: bytes, sizes: list[int]) -> None:
    whole = Redactor({"key": SECRET, "other": "two-Zq/9x7-and"})
    expected = whole.feed(printed) + whole.finish()
    for cuts in (sizes, [1] * len(printed)):
        cut = Redactor({"key": SECRET, "other": "two-Zq/9x7-and"})
        assert Case("", "", printed, tuple(cuts)).redacted(cut) == expected
        assert cut.counts == whole.counts


@pytest.mark.parametrize(
    "prompt",
    [
        *(
            b"Really delete? [y/N] ",
            b"Which of 1-7: ",
            b"1) yes\r\n2) no\r\n#? ",
            b"Retry in 53 ",
            b"Page 73 of 74: ",
            b"x=",
        ),
        *(
            b"mysql> ",
            b"C:\\",
            b"\r 73% [####    ]",
            b"\x1b]0;host\x07\x1b[1m$\x1b[0m ",
            b"20261124 02:00 ",
            b"deadbeef: ",
        ),
        *(b"00000010: ", b"Passwort f\xc3\xbcr alice: ", b"00000010  go on? ", b"%s 0x", b"abc\b\b\b> "),
    ],
)
def test_no_prompt_waits(prompt: bytes) -> None:
    redactor = Redactor(TWENTY)
    assert redactor.feed(b"some lines before\r\n" + prompt) == b"some lines before\r\n" + prompt


def test_a_long_dump_is_masked_wherever_a_secret_lies_in_it() -> None:
    filler = bytes(range(40, 60))
    for rows in range(0, 1000, 90):
        data = filler * rows + b"................" * (rows % 7) + b"." * 11 + SECRET.encode() + filler * 100
        whole = Redactor({"key": SECRET})
        out = whole.feed(dumped("xxd", data)) + whole.finish()
        assert whole.counts == {"key": 1}, rows
        cut = Redactor({"key": SECRET})
        assert Case("", "", dumped("xxd", data), (999,) * 300).redacted(cut) == out


def test_the_last_line_of_a_dump_waits_for_the_next_one_only_if_a_secret_may_begin_there() -> None:
    lines = dumped("hexdump -C", b"." * 16 + b"....." + SECRET.encode()[:11]).splitlines(keepends=True)
    redactor = Redactor({"key": SECRET})
    assert redactor.feed(b"".join(lines)) == lines[0]
    assert redactor.feed(b"$ ") == lines[1] + b"$ "


def _ordinary() -> Iterator[tuple[str, bytes]]:
    rng = random.Random(20261127)
    blob = rng.randbytes(60_000)
    yield "the manual", MANUAL.read_bytes()
    yield "base64", base64.encodebytes(blob)
    yield "base64 in one line", base64.b64encode(blob)
    yield "base32", base64.b32encode(blob)
    yield "hex", blob.hex().encode()
    yield "spaced hex", blob[:20_000].hex(" ").encode()
    yield "binary", blob
    yield "digests", b"".join(b"%b  file%d\n" % (hashlib.sha256(blob[:n]).hexdigest().encode(), n) for n in range(400))
    guids = (rng.randbytes(16).hex() for _ in range(1000))
    yield "guids", "".join(f"{g[:8]}-{g[8:12]}-{g[12:16]}-{g[16:20]}-{g[20:]}\n" for g in guids).encode()
    yield "hexdump", dumped("hexdump -C", blob[:20_000])
    yield "od", dumped("od -tx1", blob[:20_000])
    yield "xxd", dumped("xxd", blob[:20_000])
    stamps = (f"2026-11-24T02:{n // 60:02}:{n % 60:02}.{n * 7919 % 1000:03}Z" for n in range(3000))
    yield (
        "log",
        "".join(
            f"{s} \x1b[32mapp[web.1]\x1b[0m: GET /a?id={i}&x=%2F%20 200\r\n" for i, s in enumerate(stamps)
        ).encode(),
    )
    yield (
        "json",
        b"".join(json.dumps({"n": n, "p": "C:\\a\\b", "t": "\u00e9\u2713"}).encode() + b"\n" for n in range(2000)),
    )
    yield "indented json", json.dumps([{"a": n, "b": [n, n * n], "c": None} for n in range(2000)], indent=2).encode()
    yield "progress", b"".join(b"\r%3d%% [%-40s]" % (n, b"#" * (n * 2 // 5)) for n in range(101)) + b"\n"
    yield "numbers", " ".join(map(str, rng.choices(range(256), k=20_000))).encode()


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in _ordinary()])
def test_ordinary_output_is_not_masked(text: bytes) -> None:
    secrets = TWENTY | {
        "word": "Tr0ub4dor&3",
        "phrase": "correct horse battery",
        "hexish": "a1b2c3d4e5",
        "short": "k8s-pw",
    }
    redactor = Redactor(secrets)
    out = b"".join(redactor.feed(text[at : at + 4096]) for at in range(0, len(text), 4096)) + redactor.finish()
    assert out == text
    assert set(redactor.counts.values()) == {0}


@pytest.mark.parametrize("endless", [b"00 ", b"\x1b[31m", b"\0", b"\xe2\x80\x8b", b"\n  ", b"x\b", b"a\r", b"\x1b]x"])
def test_no_endless_noise_fills_the_memory(endless: bytes) -> None:
    redactor = Redactor({"key": SECRET})
    out = len(redactor.feed(b"it is Hunt3"))
    for _ in range(40):
        out += len(redactor.feed(endless * 4000))
    assert out > 40 * 4000 * len(endless) - 140_000


def test_a_dump_of_endless_zeros_does_not_fill_the_memory() -> None:
    row = b"%08x  " + b" ".join([b"00"] * 16) + b"\n"
    redactor = Redactor({"key": SECRET})
    first = b"00000000  48 75 6e 74 33 72\n"
    out = len(redactor.feed(first + b"".join(row % (at * 16) for at in range(1, 2000))))
    assert out > 1600 * len(row % 0)
