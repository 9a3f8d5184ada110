"""Secrets never leave, whatever the cut of the stream, the spelling, or what stands inside them."""

import base64
import html
import json
import random
import re
import shlex
import subprocess
import sys
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.execution.redact import Redactor, for_text, weak
from wizard.execution.redact.noise import plain as quiet
from wizard.execution.redact.spellings import in_letters as literals


VALUE = "hun'ter 2&\"Zq/+pass"

SPELLINGS = {
    "plain": VALUE,
    "hex": VALUE.encode().hex(),
    "HEX": VALUE.encode().hex().upper(),
    "json": json.dumps(VALUE)[1:-1],
    "url": quote(VALUE),
    "form": quote_plus(VALUE),
    "html": html.escape(VALUE),
    "shell": shlex.quote(VALUE)[1:-1],
    "base64": base64.b64encode(VALUE.encode()).decode().rstrip("="),
}


def chopped(redactor: Redactor, data: bytes, sizes: list[int]) -> bytes:
    out, at = b"", 0
    for size in sizes:
        out += redactor.feed(data[at : at + size])
        at += size
    return out + redactor.feed(data[at:]) + redactor.finish()


def test_a_value_is_replaced_by_its_name_and_counted() -> None:
    redactor = Redactor({"db_password": "correct-horse"})
    assert redactor.feed(b"login with correct-horse now\n") + redactor.finish() == (
        b"login with [redacted:db_password] now\n"
    )
    assert redactor.counts == {"db_password": 1}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_every_usual_spelling_is_found(spelling: str) -> None:
    assert for_text({"key": VALUE})(f"<{spelling}>").startswith("<[redacted:key]")
    assert spelling not in for_text({"key": VALUE})(f"<{spelling}>")


@given(before=st.binary(max_size=5), behind=st.binary(max_size=5))
def test_base64_is_found_at_each_byte_shift(before: bytes, behind: bytes) -> None:
    value = "s3cr3t-Value\u00e9"
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        text = encode(before + value.encode() + behind)
        assert b"[redacted:key]" in Redactor({"key": value}).redact(text)


def test_each_line_of_a_value_of_several_is_a_secret() -> None:
    redact = for_text({"pem": "-----BEGIN KEY-----\nMIIEabcdef0123\n-----END KEY-----\n"})
    assert redact("saw MIIEabcdef0123 here") == "saw [redacted:pem] here"


@pytest.mark.parametrize("at", range(1, 12))
@pytest.mark.parametrize("noise", [b"\r\n", b"\n", b"\x1b[31m", b"\x1b[0m\r\n\x1b[1;32m"])
def test_line_ends_and_colours_inside_do_not_hide_a_secret(at: int, noise: bytes) -> None:
    value = b"opensesame42"
    clean = Redactor({"key": value.decode()}).redact(b"<" + value[:at] + noise + value[at:] + b">")
    assert b"[redacted:key]" in clean
    assert value not in quiet(clean)
    assert value[3:] not in quiet(clean), "at most three characters before a line end stay readable"
    assert noise.translate(None, b"") in clean or noise.count(b"\n") == clean.count(b"\n")


def test_the_longest_wins_and_what_overlaps_is_masked_too() -> None:
    redact = for_text({"short": "abcdef", "long": "abcdefgh", "tail": "ghijklmn"})
    assert redact("abcdef.abcdefgh.") == "[redacted:short].[redacted:long]."
    assert redact("abcdefghijklmn.") == "[redacted:long][redacted:tail]."


@pytest.mark.parametrize("prompt", [b"Really delete? [y/N] ", b"Password: ", b"> ", b"1) yes\r\n2) no\r\n#? "])
def test_a_prompt_is_not_held_back(prompt: bytes) -> None:
    redactor = Redactor({f"key{i}": f"s3cret-{i}-Value{i * 7919}" for i in range(20)})
    assert redactor.feed(b"some lines before\r\n" + prompt).endswith(prompt)


def test_what_may_be_the_beginning_of_a_secret_waits_and_is_given_back_at_the_end() -> None:
    redactor = Redactor({"key": "opensesame42"})
    assert redactor.feed(b"say open") == b"say "
    assert redactor.feed(b"ing") == b"opening"
    assert redactor.feed(b" opense") == b" "
    assert redactor.finish() == b"opense"
    assert redactor.counts == {"key": 0}


def test_a_line_end_is_not_held_for_a_letter_that_might_begin_a_secret() -> None:
    redactor = Redactor({"key": "Kopensesame"})
    assert redactor.feed(b"OK\r\n") == b"OK\r\n"
    assert redactor.feed(b"opensesame\n") == b"[redacted:key]\n"


def test_without_secrets_the_very_chunk_comes_back() -> None:
    chunk = b"x" * 1000
    assert Redactor({}).feed(chunk) is chunk
    assert Redactor({"empty": ""}).feed(chunk) is chunk


def test_short_values_are_weak_and_masked_as_whole_words_only() -> None:
    assert weak("pin42")
    assert not weak("pin421")
    redact = for_text({"pin": "4711"})
    assert redact("pin 4711, port 47110, x4711") == "pin [redacted:pin], port 47110, x4711"
    assert redact("4711") == "[redacted:pin]"
    assert redact("line\n4711\n") == "line\n[redacted:pin]\n"


@pytest.mark.parametrize("value", ["redacted", "[redacted:key]", "redact"])
def test_a_secret_that_spells_the_mark_gets_another_mark(value: str) -> None:
    assert value not in for_text({"key": value})(f"it is {value}.")


def test_guids_and_digests_are_evidence_and_stay() -> None:
    text = "8f0c2ab4-11aa-4be1-9c2f-0123456789ab " + "4be109c2" * 8 + "\n"
    assert for_text({f"key{i}": f"s3cret-{i}-Value{i * 7919}" for i in range(20)})(text) == text


def test_text_without_a_secret_is_the_same_object_with_all_it_holds() -> None:
    text = "caf\u00e9 \ud800 \x00 end"
    assert for_text({"key": "opensesame"})(text) == text


def test_the_counts_go_on_over_several_streams() -> None:
    redactor = Redactor({"key": "opensesame"})
    redactor.feed(b"opensesame")
    redactor.finish()
    redactor.feed(b"opensesame ")
    assert redactor.counts == {"key": 2}
    assert redactor.redact(b"opensesame") == b"[redacted:key]"
    assert redactor.counts == {"key": 2}


PIECES = st.sampled_from(
    [b"a", b"b", b"A", b"=", b" ", b"\n", b"\r\n", b"\x1b[31m", b"\x1b", b"[", b"m", b"\xc3\xa9", b"3"]
)
VALUES = st.text("abA'\u00e9 =", min_size=1, max_size=12)


@given(
    secrets=st.dictionaries(st.sampled_from(["one", "two", "three"]), VALUES, min_size=1),
    pieces=st.lists(st.one_of(PIECES, st.integers(0, 2)), max_size=40),
    sizes=st.lists(st.integers(1, 9), max_size=60),
)
def test_the_cut_of_the_stream_changes_nothing_and_nothing_gets_through(
    secrets: dict[str, str], pieces: list[bytes | int], sizes: list[int]
) -> None:
    values = list(secrets.values())
    data = b"".join(p if isinstance(p, bytes) else values[p % len(values)].encode() for p in pieces)
    whole = Redactor(secrets).redact(data)
    assert chopped(Redactor(secrets), data, sizes) == whole
    assert chopped(Redactor(secrets), data, [1] * len(data)) == whole
    left = re.sub(rb"\[redacted:\w+\]", b"\0", quiet(whole))
    for value in values:
        assert not [literal for literal in literals(value) if literal in left]


def test_long_output_in_random_pieces_keeps_all_but_the_secrets() -> None:
    rng = random.Random(20261123)
    secrets = {f"key{i}": "".join(rng.choices("abcdef0123456789-_/+", k=rng.randint(8, 60))) for i in range(20)}
    words = [f"word{i}".encode() for i in range(50)] + [value.encode() for value in secrets.values()]
    data = b" ".join(rng.choices(words, k=20000))
    expected = data
    for name, value in sorted(secrets.items(), key=lambda pair: -len(pair[1])):
        expected = expected.replace(value.encode(), f"[redacted:{name}]".encode())
    assert chopped(Redactor(secrets), data, rng.choices(range(1, 5000), k=40)) == expected


def test_endless_colour_codes_behind_a_beginning_do_not_fill_the_memory() -> None:
    redactor = Redactor({"key": "opensesame"})
    out = redactor.feed(b"open")
    for _ in range(50):
        out += redactor.feed(b"\x1b[31m" * 1000)
    assert len(out) > 50 * 5000 - 70_000


def test_the_import_is_light() -> None:
    heavy = ("json", "urllib", "pydantic", "asyncio")
    code = f"import sys, wizard.execution.redact; print(*(m for m in {heavy} if m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""
