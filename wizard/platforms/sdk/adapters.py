"""What pydantic knows of our dataclasses, made once for each."""

from typing import Any, TypeVar

from pydantic import TypeAdapter


T = TypeVar("T")

_KNOWN: dict[type[Any], TypeAdapter[Any]] = {}


def adapter_of(kind: type[T]) -> TypeAdapter[T]:
    """What reads and writes a dataclass."""
    if kind not in _KNOWN:
        _KNOWN[kind] = TypeAdapter(kind)
    return _KNOWN[kind]
