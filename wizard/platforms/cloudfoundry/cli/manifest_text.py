"""Manifests as text: enough of YAML to read the ones that people and `make generate-manifest` write, and to write them.

A launcher has the standard library only. Every value is a text; anchors, tags and several documents are refused.
"""

import re
from collections.abc import Iterator
from typing import Any


_KEY = re.compile(r"""("[^"]*"|'[^']*'|[^\s#\[\]{},&*!|>'"%@`-][^#]*?|-[^\s#][^#]*?)\s*:(?:\s+(.*))?$""")
_PLAIN = re.compile(r"[A-Za-z0-9_./(<][A-Za-z0-9_./()?=@+,;~<> -]*(:[A-Za-z0-9_./?=@+-]+)*")
_UNREADABLE = "~ null true false yes no on off".split()  # noqa: SIM905 - a list of words reads better than quotes


class Unreadable(ValueError):
    """The text is no manifest; the message says where."""


class _Lines:
    """The lines that say something: number, indent, text."""

    def __init__(self, text: str) -> None:
        self.raw = text.split("\n")
        self.at = 0

    def peek(self) -> tuple[int, str] | None:
        """The next line's indent and text; None at the end."""
        while self.at < len(self.raw):
            line = self.raw[self.at].rstrip()
            body = line.lstrip(" ")
            if body.startswith("\t"):
                raise self.wrong("a tab where blanks are needed")
            if body and not body.startswith("#") and line != "---":
                return len(line) - len(body), body
            self.at += 1
        return None

    def wrong(self, why: str) -> Unreadable:
        return Unreadable(f"yaml: line {self.at + 1}: {why}")


def read(text: str) -> Any:
    """The tables, lists and texts of a manifest.

    Raises:
        Unreadable: It is written in a way that this reader does not know.
    """
    lines = _Lines(text)
    value = _block(lines, 0)
    if lines.peek() is not None:
        raise lines.wrong("did not find expected key")
    return value


def _block(lines: _Lines, least: int) -> Any:
    found = lines.peek()
    if found is None or found[0] < least:
        return ""
    indent, body = found
    if body == "-" or body.startswith("- "):
        return _list(lines, indent)
    if _KEY.match(body):
        return _table(lines, indent)
    lines.at += 1
    return _scalar(lines, body)


def _list(lines: _Lines, indent: int) -> list[Any]:
    values: list[Any] = []
    while (found := lines.peek()) is not None and found[0] == indent and (found[1] == "-" or found[1][:2] == "- "):
        # The dash becomes a blank: what follows it is a block of its own, further in.
        raw = lines.raw[lines.at]
        lines.raw[lines.at] = raw[:indent] + " " + raw[indent + 1 :]
        if lines.raw[lines.at].strip():
            values.append(_block(lines, indent + 1))
        else:
            lines.at += 1
            values.append(_block(lines, indent + 1))
    return values


def _table(lines: _Lines, indent: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    while (found := lines.peek()) is not None and found[0] == indent:
        match = _KEY.match(found[1])
        if match is None:
            raise lines.wrong("could not find expected ':'")
        key = match[1].strip("\"'")
        if key in values:
            raise lines.wrong(f'mapping key "{key}" already defined')
        rest = _uncommented(match[2] or "")
        lines.at += 1
        values[key] = _value(lines, rest, indent)
    return values


def _value(lines: _Lines, rest: str, indent: int) -> Any:
    if rest in {"|", "|-", "|+", ">", ">-", ">+"}:
        return _long(lines, indent, folded=rest.startswith(">"))
    if rest:
        return _scalar(lines, rest)
    found = lines.peek()
    # A list may stand as far out as the key that it belongs to.
    same = found is not None and found[0] == indent and (found[1] == "-" or found[1].startswith("- "))
    return _block(lines, indent if same else indent + 1)


def _long(lines: _Lines, indent: int, *, folded: bool) -> str:
    kept: list[str] = []
    while lines.at < len(lines.raw):
        line = lines.raw[lines.at]
        if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
            break
        kept.append(line.strip())
        lines.at += 1
    return (" " if folded else "\n").join(kept).strip()


def _uncommented(text: str) -> str:
    if text[:1] in "\"'" and text:
        end = text.find(text[0], 1)
        return text[: end + 1] if end > 0 and not text[end + 1 :].split("#", maxsplit=1)[0].strip() else text
    return re.split(r"(?:^|\s)#", text, maxsplit=1)[0].strip()


def _scalar(lines: _Lines, text: str) -> Any:
    text = _uncommented(text)
    if text[:1] in {"[", "{"}:
        return _flow(lines, text)
    if text[:1] in {"&", "*", "!", "%", "@", "`"}:
        raise lines.wrong(f"found character '{text[0]}' that cannot start any token here")
    if text[:1] in {"'", '"'}:
        if len(text) < 2 or text[-1] != text[0]:
            raise lines.wrong("found unexpected end of stream")
        inner = text[1:-1]
        return inner.replace("''", "'") if text[0] == "'" else inner.replace('\\"', '"').replace("\\n", "\n")
    return "" if text in {"~", "null"} else text


def _flow(lines: _Lines, text: str) -> Any:
    closing = {"[": "]", "{": "}"}[text[0]]
    if not text.endswith(closing):
        raise lines.wrong(f"did not find expected ',' or '{closing}'")
    parts = [part.strip() for part in _split(text[1:-1])]
    if closing == "]":
        return [_scalar(lines, part) for part in parts if part]
    pairs = [part.partition(":") for part in parts if part]
    return {key.strip().strip("\"'"): _scalar(lines, value.strip()) if value.strip() else "" for key, _, value in pairs}


def _split(text: str) -> Iterator[str]:
    """The parts between commas that stand in no quotes and no brackets."""
    depth, quote, start = 0, "", 0
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "[{":
            depth += 1
        elif letter in "]}":
            depth -= 1
        elif letter == "," and not depth:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def write(value: Any, indent: str = "") -> Iterator[str]:
    """The lines of a manifest."""
    if isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, dict | list) and one:
                yield f"{indent}{key}:"
                yield from write(one, indent if isinstance(one, list) else indent + "  ")
            else:
                yield f"{indent}{key}: {_written(one)}"
    else:
        for one in value:
            if isinstance(one, dict):
                first, *rest = write(one, indent + "  ")
                yield f"{indent}- {first.lstrip()}"
                yield from rest
            else:
                yield f"{indent}- {_written(one)}"


def _written(value: Any) -> str:
    text = "[]" if value == [] else "{}" if value == {} else str(value)
    if value in ([], {}) or isinstance(value, int):
        return text
    plain = _PLAIN.fullmatch(text) and text.lower() not in _UNREADABLE and text == text.strip()
    return text if plain and not text.isdecimal() else "'" + text.replace("'", "''") + "'"
