"""What pydantic knows of our dataclasses, made once for each."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError


T = TypeVar("T")

_KNOWN: dict[type[Any], TypeAdapter[Any]] = {}


def adapter_of(kind: type[T]) -> TypeAdapter[T]:
    """What reads and writes a dataclass."""
    if kind not in _KNOWN:
        _KNOWN[kind] = TypeAdapter(kind)
    return _KNOWN[kind]


def first_mistake(wrong: ValidationError) -> str:
    """The first of what is wrong, in one line: where, and what; never what stands there, which may be a secret."""
    first = wrong.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'all of it'}: {first['msg']}"
