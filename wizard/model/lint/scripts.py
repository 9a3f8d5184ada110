"""`shell:` bodies: where a value could become syntax of bash.

A value is followed through the script's own variables; what never touched a value is the author's business.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wizard.acts.kinds import FREE_KEYS, KINDS, SCRIPT_KEYS
from wizard.fields.scalars import BUILT_IN
from wizard.model.lint.bash import (
    EXPANSIONS,
    MAX_DEPTH,
    is_bare_number,
    parse,
    program_of,
    source,
    too_deep,
    walk,
    walk_all,
    words_of,
)
from wizard.model.lint.dangers import Danger, danger
from wizard.model.lint.numbers import number_names, number_variables
from wizard.model.reading import Fault
from wizard.model.reading.outline import Outline, items, table, word
from wizard.model.reading.tree import Listing, Table, Text, Tree


if TYPE_CHECKING:
    from tree_sitter import Node

_SCRIPTED = frozenset(kind.KEY for kind in KINDS if kind.KEYS.scripts)
"""Acts that may have a script below their key."""
_READERS = frozenset({"read", "mapfile", "readarray"})


def script_faults(found: Outline) -> Iterator[Fault]:
    """The faults of every `shell:` body of a procedure."""
    values = frozenset({*found.names, *BUILT_IN})
    secrets = frozenset(name for name, declared in found.names.items() if declared.secret)
    numbers = number_names(found)
    for text, owner in scripts(found.root):
        trusted = tuple(word(name) for name in items(owner.get("trusts")))
        missing = secrets - table(owner.get("env")).entries.keys()
        yield from _Script(text, found, values, trusted, missing, numbers).faults()


def scripts(tree: Tree) -> Iterator[tuple[Text, Table]]:
    """Every body with the table that it stands in."""
    if isinstance(tree, Listing):
        for item in tree.items:
            yield from scripts(item)
    if not isinstance(tree, Table):
        return
    for key, value in tree.entries.items():
        if key in SCRIPT_KEYS and isinstance(value, Text):
            yield value, tree
        elif key in _SCRIPTED:  # its names and its env are the step's
            yield from ((text, tree) for text, _ in scripts(value))
        elif key not in FREE_KEYS:
            yield from scripts(value)


@dataclass(slots=True)
class _Script:
    """One body, its values, what the author trusts, and the secrets that its step does not ask for."""

    text: Text
    found: Outline
    values: frozenset[str]
    trusted: tuple[str, ...]
    missing: frozenset[str] = frozenset()
    numbers: frozenset[str] = field(default_factory=frozenset)

    def faults(self) -> Iterator[Fault]:
        root = parse(self.text.value)
        if (deep := too_deep(root)) is not None:
            yield self._fault(
                deep, f"The script is nested more than {MAX_DEPTH} levels deep here; nobody can follow that."
            )
            return
        if root.has_error:
            yield self._broken(root)
            return
        yield from self._without_env(root)
        carriers = self._carriers(root)
        numbers = number_variables(root, self.numbers)
        found = []
        for node in walk(root):
            if (node.type == "variable_name" or is_bare_number(node)) and (name := source(node)) in carriers:
                seen = danger(node, trusted=name in self.trusted, number=name in numbers)
                found += [] if seen is None else [(node, seen)]
        trusts = list(dict.fromkeys([*self.trusted, *(each.name for _, each in found if self._to_trust(each))]))
        for node, seen in found:
            yield self._fault(node, seen.sentence, self._cure(seen, f"trusts: [{', '.join(trusts)}]"))

    def _broken(self, root: "Node") -> Fault:
        broken = next((node for node in walk(root) if node.is_error or node.is_missing), root)
        if broken.is_missing:
            return self._fault(broken, f"bash expects {broken.type!r} here.")
        return self._fault(
            broken,
            "uplevel cannot follow this bash script from here on: a quote, a bracket or the word that closes a block "
            "(fi, done, esac) is missing, or stands where none belongs.",
        )

    def _cure(self, seen: Danger, trusts: str) -> str:
        """What to write, ready to be pasted; `trusts` names all that the script's faults are about."""
        if seen.cure:
            return seen.cure
        if seen.calculates and not self._to_trust(seen):
            rule = "matches: '[0-9]+'"
            instead = " instead of any: yes" if self._parameter(seen).get("any") else ""
            return f"Write {rule}{instead} for {seen.name} in parameters:, so that it is a number."
        if seen.calculates:
            return f"Write {trusts} beside shell: if you know that it is always a number."
        other = "Hand it over as an argument, or write" if seen.takes_arguments else "Write"
        return f"{other} {trusts} beside shell: if you know that it is harmless there."

    def _to_trust(self, seen: Danger) -> bool:
        """Whether only the author can say that it is harmless."""
        parameter = self._parameter(seen)
        known = parameter.entries and not parameter.get("choices") and _digits(parameter)
        return not seen.cure and not (seen.calculates and known)

    def _parameter(self, seen: Danger) -> Table:
        return table(table(self.found.root.get("parameters")).get(seen.name))

    def _without_env(self, root: "Node") -> Iterator[Fault]:
        """Secrets are in nobody's environment by default. One fault a secret, where the script first wants it."""
        used: dict[str, Node] = {}
        own: set[str] = set()
        for node in walk(root):
            if node.type != "variable_name":
                continue
            if node.parent is not None and node.parent.type in EXPANSIONS:
                used.setdefault(source(node), node)
            else:
                own.add(source(node))
        for name, node in used.items():
            if name in self.missing - own:
                yield self._fault(
                    node,
                    f"{name} is a secret, and a script gets only the secrets that its step names.",
                    f"Add to the step: env: {{{name}: '${{{name}}}'}}",
                )

    def _fault(self, node: "Node", sentence: str, cure: str = "") -> Fault:
        offset = len(self.text.value.encode("utf-8")[: node.start_byte].decode("utf-8", "replace"))
        return Fault(self.text.at(offset), sentence, cure)

    def _carriers(self, root: "Node") -> set[str]:
        """The values, and the script's variables that were given one."""
        carriers = set(self.values)
        given = [pair for node in walk(root) for pair in _given(node)]
        grown = True
        while grown:
            before = len(carriers)
            for names, values in given:
                if any(inner.type == "variable_name" and source(inner) in carriers for inner in walk_all(values)):
                    carriers.update(names)
            grown = len(carriers) > before
        return carriers


def _given(node: "Node") -> "Iterator[tuple[list[str], list[Node]]]":
    """The variables that a node gives something, and what it gives them."""
    if node.type in {"variable_assignment", "for_statement"}:
        name, *rest = [child for child in node.children if child.type not in {"for", "select"}]
        yield [source(name)], rest
    elif node.type == "command" and program_of(node) in _READERS:
        strings = [each for each in node.children if each.type == "herestring_redirect"]
        if node.parent is not None and node.parent.type == "redirected_statement":
            strings += [each for each in node.parent.children if each.type == "herestring_redirect"]
        names = [source(each) for each in words_of(node)[1:] if not source(each).startswith("-")]
        yield names, strings


def _digits(parameter: Table) -> bool:
    """Whether what the file itself gives the parameter is a number."""
    own = [word(parameter.get(key)) for key in ("default", "example") if parameter.get(key) is not None]
    return all(each.isdecimal() for each in own)
