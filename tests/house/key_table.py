"""All keys of the house, and the table of them in the README."""

from pkgutil import resolve_name
from typing import ClassVar, Protocol

from screens.keys import Key, written
from screens.registry import OPENED_BY_KEY, PARTS, SCREENS
from screens.shared.keyed import Keyed
from screens.shared.page import Page


class KeyHolder(Protocol):
    """What stands in the registry of screens."""

    WHERE: ClassVar[str]
    KEYS: ClassVar[tuple[Key, ...]]


HOLDERS: tuple[type[KeyHolder], ...] = tuple(resolve_name(line) for line in (*SCREENS, *OPENED_BY_KEY, *PARTS))


def keys_of(holder: type[KeyHolder]) -> tuple[Key, ...]:
    """All its keys."""
    return holder.all_keys() if issubclass(holder, Keyed) else holder.KEYS


def every_key() -> dict[Key, list[str]]:
    """Each key once, with the names of what has it."""
    found: dict[Key, list[str]] = {}
    for holder in HOLDERS:
        for key in keys_of(holder):
            found.setdefault(key, []).append(holder.WHERE)
    return found


def readme_table() -> str:
    """The keys as a Markdown table; those that several screens have stand last."""
    keys = sorted(every_key().items(), key=lambda each: len(each[1]) > 1)
    rows = [(written(key), where, key.help) for key, where in keys]
    taken: dict[tuple[str, str], list[str]] = {}
    for holder in HOLDERS:
        for each in holder.WIDGET_KEYS if issubclass(holder, Page) else ():
            taken.setdefault(each, []).append(holder.WHERE)
    rows += [(name, where, explained) for (name, explained), where in taken.items()]
    lines = [f"| {name} | {', '.join(where)} | {explained} |" for name, where, explained in rows]
    return "\n".join(["| key | where | what it does |", "|---|---|---|", *lines])
