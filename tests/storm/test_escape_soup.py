"""A million escape soups: nothing a terminal obeys gets through, and the words between the escapes stay."""

import random
import re

import pytest

from wizard.sanitize import PlainStream, decode_line, line_text, plain_text


SOUPS = 1_000_000
SEED = 20261123

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
WHOLE = [
    *(b"\x1b]52;c;bWluZQ==\x07", b"\x1b]0;t\x1b\\", b"\x1bc", b"\xc2\x9b2J", b"\xc2\x9d0;t\xc2\x9c", b"\x1bPq\x1b\\"),
    *(b"\x1b_a\x1b\\", b"\x1b^p\x1b\\", b"\x1bXs\x1b\\", b"\x1b[?1049h", b"\x1b[6n", b"\x1b[31m", b"\x1b[38;5;9m"),
    *(b"\x1b[0m", b"\x1b(0", b"\x00", b"\x07", b"\x7f", b"\x1b[8m", b"\x1b7", b"\x1b=", b"\x1b[5A", b"\x1b[!p"),
]
BROKEN = [
    *(b"\x1b", b"\x1b[", b"\x1b]", b"\x1bP", b"\xff", b"\xe2\x80", b"\x1b[1;", b"\r", b"\b", b"\x1b[K", b"\x9b"),
    b"\xe2\x80\xae",
]


@pytest.mark.storm
def test_a_million_soups_of_whole_and_broken_escapes() -> None:
    rng = random.Random(SEED)
    for number in range(SOUPS):
        words = [f"word{rng.randrange(1000)} ".encode() for _ in range(3)]
        whole = b"".join(word + rng.choice(WHOLE) for word in words)
        assert line_text(decode_line(whole)) == b"".join(words).decode(), (number, whole)
        soup = b"".join(
            rng.choice(rng.choice((WHOLE, BROKEN, words))) for _ in range(rng.randint(1, 12))
        ) + rng.randbytes(4)
        assert not FORBIDDEN.search(plain_text(soup)), (number, soup)
        stream = PlainStream()
        cut = rng.randint(0, len(soup))
        assert not FORBIDDEN.search(stream.feed(soup[:cut]) + stream.feed(soup[cut:]) + stream.finish()), (number, soup)
