"""Bytes of one file to a tree: text, syntax, comments behind prose."""

import re

import yaml

from wizard.acts.kinds import KINDS, LINE_KEYS, PLAYED_KEYS, SCRIPT_KEYS
from wizard.fields.scalars import quoted
from wizard.model.reading.fault import Fault, Spot
from wizard.model.reading.syntax import explain
from wizard.model.reading.tree import Builder, Listing, Table, Text, Tree


PROSE = (
    frozenset({"title", "why", "summary", "source", "ask", "says", "hint", "means", "no_return", "confirm", "type"})
    | {"stdin", *LINE_KEYS, *SCRIPT_KEYS, *PLAYED_KEYS}
    | {key for kind in KINDS for key in kind.KEYS.texts}
)
"""Keys whose text is written for people or for a program; a # behind such a text was most likely part of it."""

_COMMENT = re.compile(r"[ \t]+#")
_REPAIRS = 20


def parse_bytes(file: str, data: bytes) -> tuple[Tree | None, list[Fault]]:
    """The tree of a file and everything that is wrong with its text.

    A syntax error whose cure is known is cured in memory and the reading goes on, so that all faults come at once.

    Returns:
        The tree, or None when nothing could be made of the file; and the faults.
    """
    text, fault = _decode(file, data)
    if fault is not None:
        return None, [fault]
    faults: list[Fault] = []
    for _ in range(_REPAIRS):
        builder = Builder(file, text)
        try:
            tree = builder.build()
        except yaml.YAMLError as error:
            fault, instead = explain(error, file, text)
            faults.append(fault)
            if instead is None or any(known.line == fault.line for known in faults[:-1]):
                return None, faults
            lines = text.splitlines(keepends=True)
            lines[fault.line - 1] = instead + "\n"
            text = "".join(lines)
            continue
        if tree is None:
            return None, [*faults, *builder.faults] or [Fault(Spot(file, 1, 1), "The file is empty.")]
        return tree, [*faults, *builder.faults, *_comments(tree, text)]
    return None, faults


def _decode(file: str, data: bytes) -> tuple[str, Fault | None]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        spot = Spot(file, before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1)
        return "", Fault(spot, "The file is not UTF-8. Save it as UTF-8; uplevel reads nothing else.")
    return text, None


def _comments(tree: Tree, text: str) -> list[Fault]:
    lines = text.split("\n")
    return [fault for key, plain in _prose(tree, "") if (fault := _comment_behind(key, plain, lines)) is not None]


def _prose(tree: Tree, key: str) -> list[tuple[str, Text]]:
    match tree:
        case Text():
            return [(key, tree)] if key in PROSE and not tree.style else []
        case Listing():
            return [pair for item in tree.items for pair in _prose(item, key)]
        case Table():
            return [pair for name, value in tree.entries.items() for pair in _prose(value, name)]


def _comment_behind(key: str, text: Text, lines: list[str]) -> Fault | None:
    """A fault when a comment follows the text on its line; a text over several lines is looked at on its first."""
    line = lines[text.spot.line - 1]
    start = text.spot.column - 1
    first = text.value.split("\n", maxsplit=1)[0]
    rest = line[start + len(first) :] if line.startswith(first, start) else ""
    if _COMMENT.match(rest) is None:
        return None
    whole = line[start:].rstrip()
    return Fault(
        text.spot,
        "What follows # is cut off here as a comment. Quote the text if # is part of it, or put the comment in a line "
        "of its own.",
        f"Write: {key}: {quoted(whole)}",
    )
