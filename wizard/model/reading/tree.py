"""A YAML file as text with places: mappings, lists and texts, nothing constructed.

Built from the events of PyYAML's C parser, which is what its `compose` builds nodes from; the nodes no longer know
about anchors, aliases and explicit tags, and these are to be refused where they stand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from wizard.model.reading.fault import Fault, Spot


MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar. `style` is empty for a plain one, else the sign that opens it."""

    spot: Spot
    value: str
    style: str = ""

    def at(self, offset: int) -> Spot:
        """The place of a character of the value, as near as the quoting lets us tell."""
        before = self.value[:offset]
        if self.style in {"|", ">"}:
            return Spot(self.spot.file, self.spot.line + 1 + before.count("\n"), 1)
        if "\n" in self.value:
            return self.spot
        return Spot(self.spot.file, self.spot.line, self.spot.column + offset + bool(self.style))


@dataclass(slots=True)
class Listing:
    """A sequence."""

    spot: Spot
    items: "list[Tree]" = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A mapping; `keys` holds where each key stands."""

    spot: Spot
    entries: "dict[str, Tree]" = field(default_factory=dict)
    keys: dict[str, Spot] = field(default_factory=dict)

    def get(self, key: str) -> "Tree | None":
        """The value of a key."""
        return self.entries.get(key)


Tree = Text | Listing | Table


def plain(tree: Tree) -> Any:
    """The tree as dicts, lists and strings."""
    match tree:
        case Text():
            return tree.value
        case Listing():
            return [plain(item) for item in tree.items]
        case Table():
            return {key: plain(value) for key, value in tree.entries.items()}


def locate(tree: Tree, path: tuple[int | str, ...]) -> Spot:
    """The place of what a path leads to, or of the last thing on the way that is in the file."""
    spot = tree.spot
    for step in path:
        if isinstance(tree, Table) and isinstance(step, str) and step in tree.entries:
            spot, tree = tree.keys[step], tree.entries[step]
        elif isinstance(tree, Listing) and isinstance(step, int) and step < len(tree.items):
            tree = tree.items[step]
            spot = tree.spot
    return spot


def texts(tree: Tree, path: tuple[int | str, ...] = ()) -> Iterator[tuple[tuple[int | str, ...], Text]]:
    """Every text of a tree with its path, in the file's order."""
    match tree:
        case Text():
            yield path, tree
        case Listing():
            for index, item in enumerate(tree.items):
                yield from texts(item, (*path, index))
        case Table():
            for key, value in tree.entries.items():
                yield from texts(value, (*path, key))


def _is_merge(key: Text) -> bool:
    return key.value == "<<" and not key.style


class Builder:
    """Builds the tree of one text and collects what must not be in it.

    Args:
        file: The name the places carry.
        text: The whole file.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.faults: list[Fault] = []
        self._open: list[Listing | Table] = []
        self._key: list[Text | None] = []
        self._root: Tree | None = None

    def build(self) -> Tree | None:
        """The tree, or None for a file that holds nothing or is nested too deep.

        Raises:
            yaml.YAMLError: The text is no YAML.
        """
        documents = 0
        for event in yaml.parse(self.text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault(event, "The file holds a second document (---). A procedure is one document.")
                    break
            if isinstance(event, yaml.CollectionStartEvent) and len(self._open) >= MAX_DEPTH:
                # The parser takes quadratic time over deep nesting, so nothing is read behind it.
                self._fault(
                    event, f"This is nested more than {MAX_DEPTH} levels deep; nothing in a procedure needs that."
                )
                return None
            self._event(event)
        return self._root

    def _spot(self, event: yaml.Event) -> Spot:
        mark = event.start_mark
        return Spot(self.file, 1, 1) if mark is None else Spot(self.file, mark.line + 1, mark.column + 1)

    def _fault(self, event: yaml.Event, sentence: str) -> None:
        self.faults.append(Fault(self._spot(event), sentence))

    def _event(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._unwanted(event)
        if isinstance(event, yaml.ScalarEvent):
            self._place(Text(self._spot(event), event.value, event.style or ""), event)
        elif isinstance(event, yaml.AliasEvent):
            self._place(Text(self._spot(event), "alias", "*"), event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._enter(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._leave()

    def _unwanted(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._fault(
                event, f"*{event.anchor} is an alias, and a procedure has none. Quote the text, or write it out."
            )
        elif event.anchor is not None:
            self._fault(
                event, f"&{event.anchor} is an anchor, and a procedure has none. Quote the text, or take it out."
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._fault(event, f"{tag} is a tag, and a procedure has none. Quote the text, or take the tag out.")

    def _enter(self, event: yaml.CollectionStartEvent) -> None:
        spot = self._spot(event)
        inner: Listing | Table = Listing(spot) if isinstance(event, yaml.SequenceStartEvent) else Table(spot)
        self._place(inner, event)
        self._open.append(inner)
        self._key.append(None)

    def _leave(self) -> None:
        self._open.pop()
        self._key.pop()

    def _place(self, tree: Tree, event: yaml.Event) -> None:
        if not self._open:
            self._root = tree
            return
        inside = self._open[-1]
        if isinstance(inside, Listing):
            self._value(tree, event)
            inside.items.append(tree)
            return
        key = self._key[-1]
        if key is None:
            self._key[-1] = self._as_key(tree)
            return
        self._key[-1] = None
        if _is_merge(key):
            return
        self._value(tree, event)
        if key.value in inside.entries:
            first = inside.keys[key.value]
            self.faults.append(
                Fault(key.spot, f"{key.value} stands here a second time; the first is in line {first.line}.")
            )
            return
        inside.entries[key.value] = tree
        inside.keys[key.value] = key.spot

    def _as_key(self, tree: Tree) -> Text:
        if not isinstance(tree, Text):
            self.faults.append(Fault(tree.spot, "A key must be a word. If this is a value, quote it."))
            return Text(tree.spot, f"key at {tree.spot.line}:{tree.spot.column}")
        if _is_merge(tree):
            self.faults.append(Fault(tree.spot, "<< is a merge key, and a procedure has none. Write the keys out."))
        return tree

    def _value(self, tree: Tree, event: yaml.Event) -> None:
        if isinstance(tree, Text) and not tree.style and tree.value == "":
            self._fault(event, "There is no value here. Write '' for an empty text, or take the line out.")
