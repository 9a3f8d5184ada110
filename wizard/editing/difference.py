"""The diff of an edit, with what looks like a secret masked: a manifest is full of them, and nobody declared them."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from difflib import unified_diff


MASK = "[masked]"
_PAIR = re.compile(r"""^(?P<head>\s*(?:-\s+)?["']?(?P<key>[\w.\- ]*?)["']?\s*[:=]\s*)(?P<value>\S.*)$""")
_KEY = re.compile(r"token|secret|passw|passphrase|credential|api_?key|access_?key|private|auth|salt|dsn", re.IGNORECASE)
_WITH_PASSWORD = re.compile(r"://[^/\s:@]*:[^/\s@]+@")
_RANDOM = re.compile(r"(?=[A-Za-z0-9+/_=.-]*\d)(?=[A-Za-z0-9+/_=.-]*[A-Za-z])[A-Za-z0-9+/_=.-]{24,}")
_NAMES = re.compile(r"[a-z0-9]+(?:[._/-][a-z0-9]+)+")
"""Words with dots or dashes between them, all small: a host or a service's name, however long."""


def difference(before: str, after: str, shown: AbstractSet[str] = frozenset()) -> list[str]:
    """The changed lines, `-` and `+` before them, each group under the line number it begins at.

    Args:
        before: The text that stands there.
        after: The text that is wanted.
        shown: Values that are known to be harmless: those of the edit itself.
    """
    return list(_lines(before, after, shown))


def _lines(before: str, after: str, shown: AbstractSet[str]) -> Iterator[str]:
    for line in unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""):
        if line.startswith(("---", "+++")) and len(line) <= 4:
            continue
        if line.startswith("@@"):
            yield f"line {re.split('[-, ]', line)[2]}"
        else:
            yield line[0] + masked(line[1:], shown)


def masked(line: str, shown: AbstractSet[str] = frozenset()) -> str:
    """The line, its value masked where its key or its look says that it is a secret."""
    pair = _PAIR.match(line)
    value = (pair["value"] if pair else line).strip().strip("\"'").removeprefix("- ")
    if value in shown:
        return line
    if pair and _KEY.search(pair["key"]):
        return pair["head"] + MASK
    if _WITH_PASSWORD.search(value):
        return (pair["head"] if pair else "") + MASK
    return _RANDOM.sub(lambda found: found[0] if _NAMES.fullmatch(found[0]) else MASK, line)
