"""The diff of an edit, with what looks like a secret masked: a manifest is full of them, and nobody declared them."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher


MASK = "[masked]"
_WORDS = r"token|secret|passw|passphrase|credential|api_?key|access_?key|private|auth|salt|dsn"
_KEY = re.compile(_WORDS, re.IGNORECASE)
_PAIR = re.compile(r"(?P<head>(?P<key>[^:=]*)[:=]\s*)(?P<value>.*)")
_INSIDE = re.compile(
    rf"""(?P<head>(?:{_WORDS})[\w./-]{{0,64}}["']?\s{{0,8}}[:=]\s{{0,8}}"""
    rf"""|--[\w-]{{0,64}}?(?:{_WORDS})[\w-]{{0,64}}\s{{1,8}})\S.*""",
    re.IGNORECASE,
)
"""A secret further inside a line: in a `{KEY: value}`, or an option of a command."""
_OPENED = re.compile(r"(?:[&!]\S+\s*)*(?:[|>][\d+-]*\s*)?(?:#.*)?")
"""What stands behind a key whose value is on the lines below."""
_WITH_PASSWORD = re.compile(r"://[^/\s:@]{0,256}:[^/\s@]{1,256}@")
_RUN = re.compile(r"[A-Za-z0-9+/_=.-]{24,}")
_RANDOM = (re.compile(r"\d"), re.compile(r"[A-Za-z]"))
_NAMES = re.compile(r"[a-z0-9]+(?:[._/-][a-z0-9]+)+")
"""Words with dots or dashes between them, all small: a host or a service's name, however long."""
_ARMOUR, _ARMOUR_END = "-----BEGIN", "-----END"


def difference(before: str, after: str, shown: AbstractSet[str] = frozenset()) -> list[str]:
    """The changed lines, `-` and `+` before them, each group under the line number it begins at.

    Args:
        before: The text that stands there.
        after: The text that is wanted.
        shown: Values that are known to be harmless: those of the edit itself.
    """
    return list(_lines(before, after, shown))


def _lines(before: str, after: str, shown: AbstractSet[str]) -> Iterator[str]:
    old, new = _in_lines(before), _in_lines(after)
    told_old, told_new = (list(_masked(each, shown)) for each in (old, new))
    for kind, start, stop, new_start, new_stop in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            continue
        yield f"line {start + 1 if stop > start else start}"
        yield from (f"-{line}" for line in told_old[start:stop])
        yield from (f"+{line}" for line in told_new[new_start:new_stop])


def _in_lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _masked(lines: list[str], shown: AbstractSet[str]) -> Iterator[str]:
    """Each line as it may be shown; what stands under a key that says secret, or in an armour, is not."""
    under: int | None = None
    armoured = False
    for line in (each.rstrip("\r") for each in lines):
        indent = len(line) - len(line.lstrip(" "))
        if under is not None and line.strip() and not _is_under(line, indent, under):
            under = None
        hidden = under is not None or armoured
        armoured = (armoured or _ARMOUR in line) and _ARMOUR_END not in line
        if hidden:
            yield line[:indent] + MASK if line.strip() and line.strip().strip("\"'") not in shown else line
            continue
        yield masked(line, shown)
        pair = _PAIR.match(line)
        if pair and _KEY.search(pair["key"]) and _OPENED.fullmatch(pair["value"]):
            under = indent


def _is_under(line: str, indent: int, key: int) -> bool:
    return indent > key or (indent == key and line.lstrip().startswith("- "))


def masked(line: str, shown: AbstractSet[str] = frozenset()) -> str:
    """The line, its value masked where its key or its look says that it is a secret."""
    pair = _PAIR.match(line)
    value = (pair["value"] if pair else line).strip().strip("\"'").removeprefix("- ")
    if value in shown:
        return line
    if pair and _KEY.search(pair["key"]) and not _OPENED.fullmatch(pair["value"]):
        return pair["head"] + MASK
    if _WITH_PASSWORD.search(value):
        return (pair["head"] if pair else "") + MASK
    return _RUN.sub(_unless_random, _INSIDE.sub(lambda found: found["head"] + MASK, line))


def _unless_random(found: re.Match[str]) -> str:
    text = found[0]
    random = all(sign.search(text) for sign in _RANDOM) and not _NAMES.fullmatch(text)
    return MASK if random else text
