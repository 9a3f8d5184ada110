"""Dotted paths in a YAML document, whose comments and order stay."""

import io
import re
from collections.abc import Callable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import SingleQuotedScalarString
from ruamel.yaml.util import load_yaml_guess_indent

from wizard.data.editing.changes import Changes, EditProblem, Value


_SEGMENT = re.compile(r'"([^"]+)"|([^."]+)')
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}|-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
"""A number that YAML reads as the one a person reads: `010` may be eight there, so it stays a text."""
_OTHERWISE = re.compile(r"y|n|yes|no|on|off|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", re.IGNORECASE)
"""Texts that an older reader of YAML, as cf has, takes for yes, no or a time: they stand in quotes."""
_UNREADABLE = (YAMLError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What the reader raises over a broken file; of a number or a date that is none, whatever comes of it."""
_DIGITS = 10
_WIDTH = 1 << 16
"""Columns before a long value is folded: never, so that what was not touched keeps its shape."""


def edited_yaml(text: str, changes: Changes) -> str:
    """The document with paths set and removed; order, quotes and line ends of the rest stay, and its comments.

    Where everything is as wanted already, the text comes back to the byte.

    Raises:
        EditProblem: It is no YAML, or a path leads nowhere or to what stands at several places.
    """
    windows = text.count("\r\n") == text.count("\n") > 0
    yaml, document = _loaded(text.replace("\r\n", "\n") if windows else text)
    changed = False
    for path, value in changes.set.items():
        changed |= _set(_Way(document, path), value)
    for path in changes.remove:
        changed |= _remove(_Way(document, path))
    if not changed:
        return text
    stream = io.StringIO()
    yaml.dump(document, stream)
    after = stream.getvalue()
    if _plain(_loaded(after)[1], _own_items) != _plain(document, _own_items):
        raise EditProblem("What would be written would not be read as it is meant; nothing is changed.")
    if not text.endswith("\n"):
        after = after.removesuffix("\n")
    return after.replace("\n", "\r\n") if windows else after


def segments(path: str) -> list[str]:
    """The keys of a dotted path; a key with a dot in it stands in double quotes.

    Raises:
        EditProblem: It is none.
    """
    found = [quoted or plain for quoted, plain in _SEGMENT.findall(path)]
    if not found or _SEGMENT.sub("k", path) != ".".join("k" * len(found)):
        raise EditProblem(f"{path!r} is no path of keys with dots between them.")
    return found


def _loaded(text: str) -> tuple[YAML, Any]:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.explicit_start = text.startswith("---")
    try:
        _, indent, offset = load_yaml_guess_indent(text)
        if indent is not None:
            yaml.indent(mapping=2, sequence=max(2, indent), offset=offset or 0)
        document = yaml.load(text)
    except _UNREADABLE as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise EditProblem(f"It cannot be read as YAML{where}.", "Generate it again, or look at that line.") from None
    if not isinstance(document, dict | list):
        raise EditProblem("It holds no keys and no list.", "Generate it again.")
    return yaml, document


class _Way:
    """A path on its way down a document.

    Args:
        document: The root.
        path: As the edit writes it.
    """

    def __init__(self, document: Any, path: str) -> None:
        self.document = document
        self.path = path
        *self.above, self.last = segments(path)

    def down(self, node: Any, key: str, *, make: bool) -> Any:
        """One level deeper. A mapping that is not there is made, or None is given."""
        place = place_in(node, key)
        if isinstance(node, list):
            if place is None or place == len(node):
                if not make:
                    return None
                raise self.lost(node, key)
        elif not isinstance(node, dict):
            if not make:
                return None
            raise self.lost(node, key)
        elif node.get(place) is None:
            if not make:
                return None
            node[place] = {}
        elif _merged(node, place):
            raise EditProblem(f"{self.path}: {key} comes from another place by <<. Name that place.")
        return node[place]

    def end(self, *, make: bool) -> Any:
        """What the last key is looked up in; None when there is no such thing and none is made."""
        node, way = self.document, []
        for key in self.above:
            way.append(place_in(node, key))
            node = self.down(node, key, make=make)
        if isinstance(node, dict | list) and _first_way(self.document, node) != way:
            raise EditProblem(f"{self.path} leads to what another place has too, by an alias *. Name that place.")
        return node

    def lost(self, node: Any, key: str) -> EditProblem:
        """That the way ends before this key."""
        if isinstance(node, list):
            return EditProblem(
                f"{self.path}: the list has no item {key}; it has {len(node)}, counted from 0.",
            )
        return EditProblem(f"{self.path}: what stands above {key} is a value, not a mapping or a list.")


def place_in(node: Any, key: str) -> Any:
    """The key or index as the node has it, the next one of a list included; None where a list has no such item."""
    if isinstance(node, list):
        return int(key) if len(key) < _DIGITS and key.isdecimal() and int(key) <= len(node) else None
    if isinstance(node, dict) and key not in node:
        # A number may be a key: to whoever writes a path it is the text they see.
        return next((each for each in node if type(each) is not bool and str(each) == key), key)
    return key


def _merged(node: Any, place: Any) -> bool:
    return place in node and place not in dict(_own_items(node))


def _first_way(root: Any, wanted: Any) -> list[Any]:
    """The keys on the way to where a node is written; an alias of it stands further down."""
    waiting: list[tuple[Any, list[Any]]] = [(root, [])]
    seen: set[int] = set()
    while waiting:
        node, way = waiting.pop()
        if node is wanted:
            return way
        if id(node) in seen:
            continue
        seen.add(id(node))
        inside = _own_items(node) if isinstance(node, dict) else [*enumerate(node)]
        # The last one waits longest, so that what stands first is looked at first.
        waiting += [(each, [*way, key]) for key, each in reversed(inside) if isinstance(each, dict | list)]
    return []


def _own_items(node: Any) -> list[tuple[Any, Any]]:
    return list(getattr(node, "non_merged_items", node.items)())


def _set(way: _Way, value: Value) -> bool:
    node = way.end(make=True)
    last = place_in(node, way.last)
    if last is None or not isinstance(node, dict | list):
        raise way.lost(node, way.last)
    if isinstance(node, list) and last == len(node):
        node.append(_as_yaml(value, None))
        return True
    old = node[last] if isinstance(node, list) or last in node else None
    new = _as_yaml(value, old)
    if old is not None and _plain(old) == _plain(new):
        return False
    node[last] = new
    return True


def _remove(way: _Way) -> bool:
    node = way.end(make=False)
    last = place_in(node, way.last)
    if isinstance(node, list) and last is not None and last < len(node):
        del node[last]
        return True
    if isinstance(node, dict) and last in node:
        if _merged(node, last):
            raise EditProblem(f"{way.path}: {way.last} comes from another place by <<. Name that place.")
        del node[last]
        return True
    return False


def _as_yaml(value: Value, old: Any) -> Any:
    """The value in the type of the one that stands there, so that a number stays a number; else a text."""
    if isinstance(value, list):
        return [_as_yaml(item, None) for item in value]
    if isinstance(value, dict):
        return {key: _as_yaml(item, None) for key, item in value.items()}
    if isinstance(old, bool) and value in {"true", "false"}:
        return value == "true"
    if isinstance(old, int | float) and not isinstance(old, bool) and _NUMBER.fullmatch(value):
        return YAML(typ="rt").load(value)
    return SingleQuotedScalarString(value) if _OTHERWISE.fullmatch(value) else value


def _all_items(node: Any) -> list[tuple[Any, Any]]:
    return list(node.items())


def _plain(value: Any, items: Callable[[Any], list[tuple[Any, Any]]] = _all_items) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item, items) for key, item in items(value)}
    if isinstance(value, list):
        return [_plain(item, items) for item in value]
    if isinstance(value, float):
        return repr(float(value))  # what is no number is itself all the same
    return str(value) if isinstance(value, str) else getattr(value, "value", value)
