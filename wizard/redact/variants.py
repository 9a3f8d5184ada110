"""The spellings in which a secret turns up in output: as it is, encoded, escaped, quoted, line by line."""

from collections.abc import Iterator

from wizard.redact.noise import quiet


SHORTEST = 6
"""Bytes below which a value cannot be told from ordinary text."""

_PIECE = 256
"""Bytes of the longest literal; a longer spelling is registered in pieces, so that what is held back stays small."""

_ENCODED_UP_TO = 8192
"""Bytes of the largest value whose encodings are registered too; beyond it the pattern would cost seconds to build."""


def weak(value: str) -> bool:
    """Whether the value is too short to be found reliably; such a secret is masked only as a whole word."""
    return len(quiet(_encode(value))) < SHORTEST


def literals(value: str) -> list[bytes]:
    """Every byte string, of at least `SHORTEST` bytes and without line ends, that gives this value away."""
    found: dict[bytes, None] = {}
    for part in _parts(value):
        for spelling in _spellings(part):
            for piece in _pieces(quiet(spelling)):
                found.setdefault(piece)
    return list(found)


def _encode(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def _parts(value: str) -> Iterator[str]:
    """The value itself, what stands inside its quotes, and each of its lines."""
    yield value
    stripped = value.strip()
    if stripped != value:
        yield stripped
    if len(stripped) > SHORTEST + 1 and stripped[0] == stripped[-1] and stripped[0] in "'\"":
        yield stripped[1:-1]
    lines = value.splitlines()
    if len(lines) > 1:
        yield from (line.strip() for line in lines)


def _spellings(value: str) -> Iterator[bytes]:
    raw = _encode(value)
    yield raw
    if len(raw) > _ENCODED_UP_TO:
        return
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield from _base64(raw)
    yield from (_encode(text) for text in _escaped(value))


def _base64(raw: bytes) -> Iterator[bytes]:
    """The characters that are the value's alone, whatever stands before and behind it in what was encoded."""
    import base64

    for shift in range(3):
        text = base64.b64encode(bytes(shift) + raw)
        first = (shift * 8 + 5) // 6
        last = (shift + len(raw)) * 8 // 6
        own = text[first:last]
        yield own
        yield own.translate(bytes.maketrans(b"+/", b"-_"))


def _escaped(value: str) -> Iterator[str]:
    import html
    import json
    from urllib.parse import quote, quote_plus

    for ascii_only in (True, False):
        yield json.dumps(value, ensure_ascii=ascii_only)[1:-1]
    yield repr(value)[1:-1]
    raw = _encode(value)
    for url in (quote(raw), quote(raw, safe=""), quote_plus(raw)):
        yield url
        yield _lower_percent(url)
    page = html.escape(value)
    yield page
    yield html.escape(value, quote=False)
    yield page.replace("&#x27;", "&#39;")
    yield page.replace("&#x27;", "&apos;")
    yield value.replace("'", "'\\''")
    yield value.replace("'", "'\"'\"'")
    yield value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
    yield "".join(c if c.isalnum() or c in "_-./:,+@%" or ord(c) > 127 else "\\" + c for c in value)


def _lower_percent(text: str) -> str:
    head, *rest = text.split("%")
    return "%".join([head, *(part[:2].lower() + part[2:] for part in rest)])


def _pieces(literal: bytes) -> Iterator[bytes]:
    if len(literal) < SHORTEST:
        return
    if len(literal) <= _PIECE:
        yield literal
        return
    for start in range(0, len(literal) - _PIECE, _PIECE):
        yield literal[start : start + _PIECE]
    yield literal[-_PIECE:]
