"""Which names and variables of a script can hold a number and nothing else, so that calculating with them is safe."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wizard.model.lint.bash import EXPANSIONS, prints_a_number, source, walk
from wizard.model.reading.outline import Outline, items, table, word


if TYPE_CHECKING:
    from tree_sitter import Node

_SIGNS = r"(?:\\d|\\[.:/-]|[0-9:/-]|\[(?:[0-9]-[0-9]|\\d|[0-9:/.-])+\]|\(\?:|[*+?|()^$]|\{[0-9]*,?[0-9]*\})*"
_DIGITS = re.compile(_SIGNS, re.ASCII)
"""Patterns that match digits and signs between them, never a letter."""
_BUILT_IN = frozenset({"today", "attempt"})


def number_names(found: Outline) -> frozenset[str]:
    """The names whose values the file allows to be numbers only."""
    numbers = {each.name for each in found.asked if _is_number(word(each.rule.get("matches")))}
    chosen = {
        each.name
        for each in found.asked
        if (choices := items(each.rule.get("choices"))) and all(word(choice).isdecimal() for choice in choices)
    }
    return frozenset({*_BUILT_IN, *numbers, *chosen, *table(found.root.get("ports")).entries})


def _is_number(pattern: str) -> bool:
    return pattern != "" and _DIGITS.fullmatch(pattern) is not None


def number_variables(root: "Node", known: frozenset[str]) -> frozenset[str]:
    """Those names, and the script's variables that are only ever given numbers; less those it gives something else."""
    given: dict[str, list[list[Node]]] = {}
    for node in walk(root):
        if node.type in {"variable_assignment", "for_statement"}:
            name, *rest = [child for child in node.children if child.type not in {"for", "select"}]
            values = [child for child in rest if child.type not in {"=", "+=", "in", ";", "\n", "do_group"}]
            given.setdefault(source(name), []).append(values)
    taken = set(_taken(root))
    numbers = set(known) - taken - given.keys()
    grown = True
    while grown:
        ready = {
            name
            for name, all_values in given.items()
            if name not in numbers | taken and all(_are_numbers(values, numbers) for values in all_values)
        }
        numbers |= ready
        grown = bool(ready)
    return frozenset(numbers)


def _taken(root: "Node") -> Iterator[str]:
    """Variables that are given something by a command, such as `read`."""
    for node in walk(root):
        if node.type == "command" and source(node.children[0]) in {"read", "mapfile", "readarray", "printf", "getopts"}:
            yield from (source(each) for each in node.children[1:])


def _are_numbers(values: "list[Node]", numbers: set[str]) -> bool:
    return all(_is_number_node(value, numbers) for value in values)


def _is_number_node(node: "Node", numbers: set[str]) -> bool:
    if node.type == "arithmetic_expansion" or (node.type == "command_substitution" and prints_a_number(node)):
        return True
    if node.type in EXPANSIONS:
        plain = len(node.children) == (2 if node.type == "simple_expansion" else 3)
        return plain and source(node.children[1]) in numbers
    if node.type in {"string", "concatenation"}:
        return all(_is_number_node(child, numbers) for child in node.children if child.type != '"')
    return re.fullmatch(r"[0-9]*", source(node)) is not None
