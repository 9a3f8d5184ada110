"""Manifests as text, as people and `make generate-manifest` write them: read, and written as the CLI writes them.

Every value is a text; anchors, tags, several documents and texts that go on in the next line are refused.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml


_PLAIN = re.compile(r"[A-Za-z0-9_./(<][A-Za-z0-9_./()?=@+,;~<> -]*(:[A-Za-z0-9_./?=@+-]+)*")
_UNREADABLE = "~ null true false yes no on off".split()  # noqa: SIM905 - a list of words reads better than quotes


class Unreadable(ValueError):
    """The text is no manifest; the message says where."""


def read(text: str) -> Any:
    """The tables, lists and texts of a manifest.

    Raises:
        Unreadable: It is written in a way that this reader does not know.
    """
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            _look_at(event)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        return "" if node is None else _built(node)
    except yaml.MarkedYAMLError as wrong:
        raise _wrong(wrong.problem_mark, wrong.problem or "") from None
    except (yaml.YAMLError, RecursionError) as wrong:
        raise Unreadable(f"yaml: {str(wrong).splitlines()[0]}") from None


def _look_at(event: yaml.Event) -> None:
    """Refuse what a manifest does not need."""
    if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
        raise _wrong(event.start_mark, "anchors and aliases are not read here")
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
        raise _wrong(event.start_mark, "tags are not read here")
    if isinstance(event, yaml.ScalarEvent) and not event.style and _line(event.start_mark) != _line(event.end_mark):
        raise _wrong(event.start_mark, "could not find expected ':'")


def _line(where: Any) -> int:
    """The line of a mark; the first where there is none."""
    return 1 if where is None else int(where.line) + 1


def _wrong(where: Any, why: str) -> Unreadable:
    return Unreadable(f"yaml: line {_line(where)}: {why}")


def _built(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_built(one) for one in node.value]
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key, one in node.value:
            name = str(key.value)
            if name in made:
                raise _wrong(key.start_mark, f'mapping key "{name}" already defined')
            made[name] = _built(one)
        return made
    match node:
        case yaml.ScalarNode(style=None, value="~" | "null"):
            return ""
        case yaml.ScalarNode(style="|" | ">", value=str(text)):
            return text.strip()
        case _:
            return node.value


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
