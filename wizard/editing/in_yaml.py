"""Dotted paths in a YAML document, whose comments and order stay."""

import io
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.util import load_yaml_guess_indent

from wizard.editing.changes import Changes, EditProblem, Value


_SEGMENT = re.compile(r'"([^"]+)"|([^."]+)')
_WIDTH = 1 << 16
"""Columns before a long value is folded: never, so that what was not touched keeps its shape."""


def edited_yaml(text: str, changes: Changes) -> str:
    """The document with paths set and removed; comments, order and quotes of the rest stay.

    Where everything is as wanted already, the text comes back to the byte.

    Raises:
        EditProblem: It is no YAML, or a path leads nowhere.
    """
    yaml, document = _loaded(text)
    changed = False
    for path, value in changes.set.items():
        changed |= _set(document, segments(path), path, value)
    for path in changes.remove:
        changed |= _remove(document, segments(path))
    if not changed:
        return text
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


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
    except YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise EditProblem(f"It cannot be read as YAML{where}.", "Generate it again, or look at that line.") from None
    if not isinstance(document, dict | list):
        raise EditProblem("It holds no keys and no list.", "Generate it again.")
    return yaml, document


def _set(node: Any, keys: list[str], path: str, value: Value) -> bool:
    for key in keys[:-1]:
        node = _down(node, key, path)
    last = _place(node, keys[-1], path)
    if isinstance(node, list) and last == len(node):
        node.append(_as_yaml(value, None))
        return True
    old = node[last] if isinstance(node, list) or last in node else None
    new = _as_yaml(value, old)
    if old == new and type(old) is type(new):
        return False
    if old is not None and _plain(old) == _plain(new):
        return False
    node[last] = new
    return True


def _down(node: Any, key: str, path: str) -> Any:
    """One level deeper; a mapping that is not there yet is made."""
    place = _place(node, key, path)
    if isinstance(node, list):
        if place == len(node):
            raise EditProblem(f"{path}: the list has no item {key}; it has {len(node)}, counted from 0.")
    elif node.get(place) is None:
        node[place] = {}
    return node[place]


def _place(node: Any, key: str, path: str) -> Any:
    if isinstance(node, list):
        if not key.isdecimal() or int(key) > len(node):
            raise EditProblem(f"{path}: the list has no item {key}; it has {len(node)}, counted from 0.")
        return int(key)
    if not isinstance(node, dict):
        raise EditProblem(f"{path}: what stands above {key} is a value, not a mapping or a list.")
    return key


def _remove(node: Any, keys: list[str]) -> bool:
    for key in keys[:-1]:
        node = _child(node, key)
    last = keys[-1]
    if isinstance(node, list) and last.isdecimal() and int(last) < len(node):
        del node[int(last)]
        return True
    if isinstance(node, dict) and last in node:
        del node[last]
        return True
    return False


def _child(node: Any, key: str) -> Any:
    if isinstance(node, list):
        return node[int(key)] if key.isdecimal() and int(key) < len(node) else None
    return node.get(key) if isinstance(node, dict) else None


def _as_yaml(value: Value, old: Any) -> Any:
    """The value in the type of the one that stands there, so that a number stays a number; else a text."""
    if isinstance(value, list):
        return [_as_yaml(item, None) for item in value]
    if isinstance(value, dict):
        return {key: _as_yaml(item, None) for key, item in value.items()}
    if isinstance(old, bool) and value in {"true", "false"}:
        return value == "true"
    if isinstance(old, int) and not isinstance(old, bool) and re.fullmatch(r"-?\d+", value):
        return int(value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
