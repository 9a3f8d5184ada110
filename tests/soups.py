"""Escape soups of a seeded generator, and every way by which what was printed or typed is made fit to be seen."""

import json
import random
import re
from collections.abc import Iterator

from rich.segment import Segment
from textual.color import Color

from screens.output.output_strips import LineStyle, rows_of
from screens.shared.line_sanitizer import LineSanitizer
from screens.shared.words import prose, safe_text
from wizard.execution.sanitize import PlainStream, decode_line, line_text, mark_line, plain_text, sanitize_text
from wizard.formats import escape
from wizard.formats.cleaning import clean, line


FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""What may stand in nothing that is seen; the ends of lines and tabs may."""

WHOLE = [
    *(b"\x1b]52;c;bWluZQ==\x07", b"\x1b]0;t\x1b\\", b"\x1bc", b"\xc2\x9b2J", b"\xc2\x9d0;t\xc2\x9c", b"\x1bPq\x1b\\"),
    *(b"\x1b_a\x1b\\", b"\x1b^p\x1b\\", b"\x1bXs\x1b\\", b"\x1b[?1049h", b"\x1b[6n", b"\x1b[31m", b"\x1b[38;5;9m"),
    *(b"\x1b[0m", b"\x1b(0", b"\x00", b"\x07", b"\x7f", b"\x1b[8m", b"\x1b7", b"\x1b=", b"\x1b[5A", b"\x1b[!p"),
    *(
        b"\x1b[c",
        b"\x1b[>c",
        b"\x1b[5n",
        b"\x1b[?1003h",
        b"\x1b[?2004h",
        b"\x1bPq#0;2;0;0;0\x1b\\",
        b"\x1b_Gi=1;A\x1b\\",
    ),
]
"""Escapes that end; the words beside them stay."""

BROKEN = [
    *(b"\x1b", b"\x1b[", b"\x1b]", b"\x1bP", b"\xff", b"\xe2\x80", b"\x1b[1;", b"\r", b"\b", b"\x1b[K", b"\x9b"),
    *(
        b"\xe2\x80\xae",
        b"\xe2\x80\x8b",
        b"\xc0\x9b",
        b"\xed\xa0\x9b",
        b"\xf3\xa0\x81\x81",
        b"\xe3\x85\xa4",
        b"\xcc\x81",
    ),
    *(
        b"\xcc\x81",
        b"\x1b]8;;http://x\x1b\\",
        b"\x1bX",
        b"\x1b^",
        b"\x1b_",
        b"\t",
        b"\n",
        b"`",
        b"|",
        b"[/x]",
        b"\xc2\x85",
    ),
]


def soups(seed: int, count: int) -> Iterator[tuple[bytes, str, bytes]]:
    """Words with whole escapes between them, those words alone, and a soup of anything."""
    rng = random.Random(seed)
    for _ in range(count):
        words = [f"word{rng.randrange(1000)} ".encode() for _ in range(3)]
        whole = b"".join(word + rng.choice(WHOLE) for word in words)
        soup = b"".join(rng.choice(rng.choice((WHOLE, BROKEN, words))) for _ in range(rng.randint(1, 12)))
        yield whole, b"".join(words).decode(), soup + rng.randbytes(4)


def ways(soup: bytes) -> Iterator[tuple[str, str]]:
    """The soup as each place shows it: lines of output, plain lines, cards, lists, and each format of export."""
    typed = soup.decode("utf-8", "surrogateescape")
    yield "line of the pane", line_text(decode_line(soup))
    yield "line with marks", line_text(mark_line(soup))
    yield "output in an export", plain_text(soup)
    stream, cut = PlainStream(), len(soup) // 2
    yield "output line by line", stream.feed(soup[:cut]) + stream.feed(soup[cut:]) + stream.finish()
    yield "word", sanitize_text(typed)
    yield "text", sanitize_text(typed, newlines=True, tabs=True)
    yield "text of a screen", safe_text(typed, newlines=True) + prose(typed)
    cleaned = clean({typed: [typed]})
    yield "field of the JSON", json.dumps(cleaned, ensure_ascii=False).replace("\\", "")
    flat = line(typed)
    yield "field of the Markdown", escape.prose(flat) + escape.code(flat) + "\n".join(escape.fenced(plain_text(soup)))


def drawn(soup: bytes) -> Iterator[tuple[str, str]]:
    """The soup as rows of the pane, and as the barrier behind all widgets would let it through by itself."""
    for look in (LineStyle(), LineStyle(marks=True, wrap=10)):
        strips = rows_of.__wrapped__(soup, len(soup), look)
        yield f"rows of the pane, {look}", "".join(strip.text for strip in strips)
    raw = Segment(soup.decode("utf-8", "surrogateescape").replace("\n", ""))
    yield "barrier", "".join(segment.text for segment in LineSanitizer().apply([raw], Color(0, 0, 0)))
