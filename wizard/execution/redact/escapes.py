"""A value as programs quote and escape it; letter case and backslashes do not matter here."""

from collections.abc import Iterator


def escaped(value: str) -> Iterator[str]:
    """Every usual quoting of the value, without the quotes around it."""
    yield from _in_json(value)
    yield from _in_addresses(value)
    yield from _in_pages(value)
    yield from _in_shells(value)


def _in_json(value: str) -> Iterator[str]:
    import json

    raw = value.encode("utf-8", "surrogatepass")
    for ascii_only in (True, False):
        yield json.dumps(value, ensure_ascii=ascii_only)[1:-1]
    yield repr(value)[1:-1]
    yield ascii(value)[1:-1]
    yield repr(raw)[2:-1]
    yield "".join(c if ord(c) < 128 else "".join(f"\\{byte:03o}" for byte in c.encode()) for c in _valid(value))


def _in_addresses(value: str) -> Iterator[str]:
    from urllib.parse import quote, quote_plus

    raw = value.encode("utf-8", "surrogatepass")
    for safe in ("/", "", "!~*'()", ";,/?:@&=+$!~*'()#"):
        once = quote(raw, safe=safe)
        yield once
        yield once.replace("%20", "+")
        yield quote(once, safe=safe)
    yield quote_plus(raw, safe="*").replace("~", "%7E")
    yield "".join(chr(byte) if 32 <= byte < 127 and byte != ord("=") else f"={byte:02X}" for byte in raw)  # in mail


def _in_pages(value: str) -> Iterator[str]:
    import html

    page = html.escape(value)
    yield page
    yield html.escape(value, quote=False)
    yield page.replace("&#x27;", "&#39;")
    yield page.replace("&#x27;", "&apos;")
    yield page.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")


def _in_shells(value: str) -> Iterator[str]:
    yield value.replace("'", "'\\''")
    yield value.replace("'", "'\"'\"'")


def _valid(value: str) -> str:
    return value.encode("utf-8", "replace").decode()
