"""Every command line and script of a procedure, with the step it belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass

from wizard.acts.kinds import FREE_KEYS, LINE_KEYS, PLAYED_KEYS, SCRIPT_KEYS
from wizard.model.reading.outline import BEFORE_ALL, Outline
from wizard.model.reading.tree import Listing, Table, Text, Tree


_FREE = FREE_KEYS | {"parameters"}


@dataclass(frozen=True, slots=True)
class Written:
    """A command line or a script.

    Attributes:
        text: It.
        owner: The table it stands in.
        key: The key it stands at.
        step: Index of its step, or `BEFORE_ALL`.
        path: The keys that lead to it from its step, or from the file's top.
    """

    text: Text
    owner: Table
    key: str
    step: int
    path: tuple[str, ...]


def written(found: Outline) -> Iterator[Written]:
    """All of them, in no order that matters."""
    for key, tree in found.root.entries.items():
        if key not in {"phases", *_FREE}:
            yield from _below(tree, BEFORE_ALL, (key,))
    for index, (step, _) in enumerate(found.steps):
        yield from _below(step, index, ())


def _below(tree: Tree, step: int, path: tuple[str, ...]) -> Iterator[Written]:
    if isinstance(tree, Listing):
        for item in tree.items:
            yield from _below(item, step, path)
    if not isinstance(tree, Table):
        return
    for key, value in tree.entries.items():
        if key in LINE_KEYS | SCRIPT_KEYS | PLAYED_KEYS and isinstance(value, Text):
            yield Written(value, tree, key, step, (*path, key))
        elif key not in _FREE:
            yield from _below(value, step, (*path, key))
