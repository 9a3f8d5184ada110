"""Secrets in every spelling, with all inside them that hides nothing, and a slow, naive reader who looks for them."""

import base64
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, unquote_to_bytes

from hypothesis import strategies as st

from tests.soups import ways
from wizard.execution.redact import Redactor
from wizard.execution.sanitize import plain_text


@dataclass(frozen=True)
class Case:
    """A secret as a program printed it, and the pieces in which it came."""

    secret: str
    spelling: str
    printed: bytes
    sizes: tuple[int, ...]
    over: bool = False
    """Whether the cursor went back and wrote over it; then its parts stay on disk as they are."""

    def redacted(self, redactor: Redactor) -> bytes:
        out, at = b"", 0
        for size in self.sizes:
            out += redactor.feed(self.printed[at : at + size])
            at += size
        return out + redactor.feed(self.printed[at:]) + redactor.finish()


def _each(form: str) -> Callable[[str], bytes]:
    return lambda secret: "".join(form % byte for byte in secret.encode()).encode()


def _apart(between: str, form: str) -> Callable[[str], bytes]:
    return lambda secret: between.join(form % byte for byte in secret.encode()).encode()


def dumped(tool: str, data: bytes) -> bytes:
    """The bytes as a tool shows them, 16 a line."""
    return b"".join(_ROWS[tool](at, data[at : at + 16]).encode() for at in range(0, len(data), 16))


def _seen(row: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)


def _hexdump(at: int, row: bytes) -> str:
    halves = "  ".join(half.hex(" ") for half in (row[:8], row[8:]))
    return f"{at:08x}  {halves:<49} |{_seen(row)}|\n"


def _od(at: int, row: bytes) -> str:
    return f"{at:07o} {row.hex(' ')}\n"


def _xxd(at: int, row: bytes) -> str:
    return f"{at:08x}: {row.hex(' ', -2):<39}  {_seen(row)}\n"


_ROWS = {"hexdump -C": _hexdump, "od -tx1": _od, "xxd": _xxd}


def _dumped(tool: str) -> Callable[[str], bytes]:
    return lambda secret: dumped(tool, b"user=alice pass=" + secret.encode() + b"; and more\n")


def _shifted(encode: Callable[[bytes], bytes]) -> Callable[[str], bytes]:
    return lambda secret: encode(b"u:" + secret.encode() + b"\n")


SPELLINGS: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "upper": lambda secret: secret.upper().encode(),
    "lower": lambda secret: secret.lower().encode(),
    "hex": lambda secret: secret.encode().hex().encode(),
    "HEX": lambda secret: secret.encode().hex().upper().encode(),
    "hEx": lambda secret: "".join(c.upper() if at % 3 else c for at, c in enumerate(secret.encode().hex())).encode(),
    "json": lambda secret: json.dumps(secret).encode(),
    "json of json": lambda secret: json.dumps(json.dumps(secret)).encode(),
    "repr": lambda secret: repr(secret).encode(),
    "bytes": lambda secret: repr(secret.encode()).encode(),
    "html": lambda secret: html.escape(secret).encode(),
    "url": lambda secret: quote(secret, safe="").encode(),
    "form": lambda secret: quote_plus(secret).encode(),
    "\\x": _each("\\x%02x"),
    "\\X": _each("\\x%02X"),
    "%": _each("%%%02x"),
    "%%": _each("%%%02X"),
    "=": _each("=%02X"),
    "octal": _each("\\%03o"),
    "0octal": _each("\\0%03o"),
    "\\u": lambda secret: "".join(f"\\u{unit:04x}" for unit in _utf16(secret)).encode(),
    "\\U": lambda secret: "".join(f"\\U{ord(char):08X}" for char in secret).encode(),
    "\\u{}": lambda secret: "".join(f"\\u{{{ord(char):x}}}" for char in secret).encode(),
    "entities": lambda secret: "".join(f"&#{ord(char)};" for char in secret).encode(),
    "hex entities": lambda secret: "".join(f"&#x{ord(char):X};" for char in secret).encode(),
    "spaced": _apart(" ", "%02x"),
    "colons": _apart(":", "%02X"),
    "dashes": _apart("-", "%02x"),
    "0x": _apart(", ", "0x%02x"),
    "list": _apart(", ", "%d"),
    "bits": lambda secret: " ".join(f"{byte:08b}" for byte in secret.encode()).encode(),
    "base64": _shifted(base64.b64encode),
    "base64url": _shifted(base64.urlsafe_b64encode),
    "base64 of base64": _shifted(lambda raw: base64.b64encode(base64.b64encode(raw))),
    "base64 of utf-16": lambda secret: base64.b64encode(secret.encode("utf-16-le")),
    "base32": _shifted(base64.b32encode),
    "base64 wrapped": lambda secret: b"\n    ".join(re.findall(b".{1,19}", base64.b64encode(secret.encode()))),
    "wrapped": lambda secret: "\n\t  ".join(re.findall(".{1,5}", secret)).encode(),
    "soft breaks": lambda secret: "=\r\n".join(re.findall(".{1,7}", secret)).encode(),
    **{tool: _dumped(tool) for tool in _ROWS},
}


def _utf16(text: str) -> list[int]:
    raw = text.encode("utf-16-be")
    return [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]


ESCAPES = [
    *(b"\x1b(B", b"\x1b)0", b"\x1b7", b"\x1b8", b"\x1b=", b"\x1bM", b"\x1b#8", b"\x1b%G", b"\x1b[31m", b"\x1b[0;1m"),
    *(b"\x1b[m\x1b(B", b"\x1b[K", b"\x1b[?25l", b"\x1b[6n", b"\x1b[1;31H", b"\x1b[!p", b"\x1b[>c", b"\xc2\x9b1m"),
    *(b"\x1b]0;title\x07", b"\x1b]8;;\x1b\\", b"\x1b]52;c;AAAA\x1b\\", b"\xc2\x9d0;t\xc2\x9c", b"\x1bPq#0\x1b\\"),
    *(b"\x1b_G;A\x1b\\", b"\x1b^pm\x1b\\", b"\x1bXsos\x1b\\", b"\xc2\x90q\xc2\x9c", b"\xc2\x85", b"\xc2\x84"),
]
CONTROLS = [bytes([code]) for code in (*range(8), 11, 12, 14, 15, 16, 17, 19, 21, 23, 28, 31, 127)]
UNSEEN = [
    char.encode()
    for char in "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2063\u2066\u2069\ufeff\ufe0f"
    "\u0301\u20e3\u3164\U000e0041"
]
WRONG = [b"\xff", b"\xc0", b"\x80", b"\xe2\x82", b"\xf0\x9f\x98", b"\xc3", b"\xed\xa0\x80", b"\xf5"]
TURNS = [b"\n", b"\r\n", b"\n    ", b"\r\n\t", b"\n\n  ", b"=\n", b"\\\n"]
OVER = [b"X\b", b"_\b", b"XX\b\b", b"X\b \b", b"abc\x1b[3D", b"\b", b"#\b\x1b[K"]
HIDING_NOTHING = [*ESCAPES, *CONTROLS, *UNSEEN, *WRONG]

SECRETS = st.text(
    st.sampled_from(
        "abcdefgiklnorstuvwyABCDEGHKLMNPRSTWXYZ23456789!$%&/()=+*#-_.:,;<>|@'\"\\ \u00e9\u00df\u0416\u20ac\U0001f600"
    ),
    min_size=10,
    max_size=32,
).filter(lambda text: len(set(text)) > 6 and text == text.strip(" =\\") and len(re.findall("[a-zA-Z0-9]", text)) > 7)


def _noisy(piece: bytes, noise: list[tuple[int, bytes]]) -> bytes:
    """The bytes with noise in places between characters, escapes and letters of a code."""
    places = [at for at in range(1, len(piece)) if not 0x80 <= piece[at] < 0xC0]
    for at, what in sorted(((places[at % len(places)], what) for at, what in noise), reverse=True) if places else ():
        piece = piece[:at] + what + piece[at:]
    return piece


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A secret, a spelling, noise of the line or over lines or of the cursor, and pieces."""
    secret = draw(SECRETS)
    spelling = draw(st.sampled_from(sorted(SPELLINGS)))
    printed = SPELLINGS[spelling](secret)
    kind = HIDING_NOTHING
    if spelling not in _ROWS:
        kinds = [HIDING_NOTHING, [*HIDING_NOTHING, *TURNS]] + ([OVER] if b"\n" not in printed else [])
        kind = draw(st.sampled_from(kinds))
        noise = draw(st.lists(st.tuples(st.integers(0, 999), st.sampled_from(kind)), max_size=1 if kind is OVER else 4))
        printed = b"login " + _noisy(printed, noise) + b" end\r\n"
    sizes = draw(st.lists(st.integers(1, 40), max_size=12))
    over = spelling not in _ROWS and kind is OVER
    return Case(secret, spelling, b"line before\n" + printed, tuple(sizes), over)


_MARKERS = re.compile("<U\\+[0-9A-F]{4,6}>|<\\+[0-9]+ marks>|<0x[0-9A-F]{2}>|[\u2400-\u2421\ufffd]")


def _letters(text: str) -> str:
    """What a reader reads: nothing unseen, no marks, no line ends and indents, in one case."""
    text = re.sub("[=\\\\]?[\r\n]+[ \t\r\n]*", "", _MARKERS.sub("", text))
    kept = (char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char)[0] not in "CM")
    return "".join(kept).casefold()


def _decoded(text: str) -> Iterator[str]:
    """All that the text may stand for."""
    squeezed = re.sub(r"\s", "", text)
    for run in re.findall(r"[A-Za-z0-9+/_=-]{8,}", squeezed):
        for shift in range(4):
            for once in _base64(run[shift:]):
                yield once.decode("utf-8", "ignore") + "\n" + once.decode("utf-16-le", "ignore")
                for inner in re.findall(rb"[A-Za-z0-9+/_-]{8,}", once):
                    yield from (
                        twice.decode("utf-8", "ignore") for s in range(4) for twice in _base64(inner[s:].decode())
                    )
    for run in re.findall(r"[A-Z2-7]{8,}", squeezed):
        for shift in range(8):
            own = run[shift:]
            yield base64.b32decode(own[: len(own) // 8 * 8]).decode("utf-8", "ignore")
    flat = re.sub("=?[\r\n]+[ \t]*", "", text)
    yield unquote_to_bytes(flat).decode("utf-8", "ignore")
    yield unquote_to_bytes(flat.replace("+", " ")).decode("utf-8", "ignore")
    yield unquote_to_bytes(flat.replace("%", "").replace("=", "%")).decode("utf-8", "ignore")
    yield html.unescape(flat)
    yield _unescaped(flat)
    yield _unescaped(_unescaped(flat))


def _base64(run: str) -> Iterator[bytes]:
    run = run.replace("-", "+").replace("_", "/").replace("=", "")
    yield base64.b64decode(run[: len(run) // 4 * 4])


def _unescaped(text: str) -> str:
    def char(found: re.Match[str]) -> str:
        code = found.group()
        if code[1] == "x":
            return chr(int(code[2:4], 16))
        if code[1] in "uU":
            return chr(min(0x10FFFF, int(code[2:].strip("{}"), 16)))
        return chr(int(code[1:], 8) & 0xFF) if code[1].isdecimal() else code[1:]

    pattern = r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-f]+\}|\\U[0-9a-fA-F]{8}|\\0?[0-7]{3}|\\[^0-9xuU]"
    read = re.sub(pattern, char, text)
    utf16 = read.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return utf16 + "\n" + utf16.encode("latin-1", "ignore").decode("utf-8", "ignore")


def _numbers(secret: str) -> Iterator[tuple[str, str]]:
    """The characters of a kind of number, and the numbers of the secret in a row."""
    raw = secret.encode()
    yield "0123456789abcdef", raw.hex()
    yield "01234567", "".join(f"{byte:03o}" for byte in raw)
    yield "0123456789", "".join(map(str, raw))
    yield "01", "".join(f"{byte:08b}" for byte in raw)


def readable(case: Case, output: bytes) -> Iterator[str]:
    """Where a patient reader of an output finds the secret, but for its first characters."""
    tail = case.secret[4:]
    wanted = {_letters(each) for each in (tail, tail.upper(), tail.lower())}
    for name, text in [] if case.over else [("disk", output.decode("utf-8", "ignore")), *ways(output)]:
        if any(each in _letters(text) for each in wanted):
            yield name
    for text in (plain_text(output), *([] if case.over else [output.decode("utf-8", "ignore")])):
        yield from (
            f"decoded: {read}" for read in _decoded(_without_marks(text)) if any(w in _letters(read) for w in wanted)
        )
        rows = (re.sub("^[0-9a-f]{7,8}:? |  [|]?[^|]{1,16}[|]?$", "", line) for line in text.split("\n"))
        without_columns = "\n".join(rows)
        for kind, numbers in _numbers(tail):
            for each in (text, without_columns):
                if numbers in "".join(char for char in _without_marks(each).lower() if char in kind):
                    yield f"numbers: {numbers}"


def _without_marks(text: str) -> str:
    kept = (char for char in _MARKERS.sub("", text) if char in "\t\r\n" or unicodedata.category(char)[0] not in "CM")
    return "".join(kept)
