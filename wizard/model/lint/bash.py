"""A bash script as a tree, and what can be read off it."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from tree_sitter import Node, Parser


MAX_DEPTH = 250
EXPANSIONS = frozenset({"simple_expansion", "expansion"})
NUMERIC = frozenset({"-eq", "-ne", "-lt", "-le", "-gt", "-ge"})
_SIGNS = frozenset({"+", "-", "*", "/", "%", "\\*"})
_NUMBER_FORMATS = {"date": ("+%s", "+%Y", "+%m", "+%d", "+%H", "+%M", "+%S", "+%j"), "stat": ("%s", "%Y", "%X", "%Z")}
"""Programs that print numbers alone where one of their words is such a format."""


@cache
def _parser() -> "Parser":
    # Imported late: reading heads and showing a page need no parser.
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


def parse(script: str) -> "Node":
    """The root of a script's tree."""
    return _parser().parse(script.encode("utf-8")).root_node


def walk(node: "Node") -> "Iterator[Node]":
    """A node and all below it, in the script's order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def walk_all(nodes: "Iterable[Node]") -> "Iterator[Node]":
    """Several nodes and all below them, bodies of loops left out."""
    for node in nodes:
        if node.type != "do_group":
            yield from walk(node)


def too_deep(root: "Node") -> "Node | None":
    """The first node that lies deeper than anybody looks; None where there is none."""
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            return node
        waiting.extend((child, depth + 1) for child in reversed(node.children))
    return None


def source(node: "Node") -> str:
    """The text of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def ancestors(node: "Node") -> "Iterator[tuple[Node, Node]]":
    """Each ancestor with the child of it that leads down to the node."""
    child, parent = node, node.parent
    while parent is not None:
        yield parent, child
        child, parent = parent, parent.parent


def operator(node: "Node") -> str:
    """The operator of an expression; empty for none."""
    found = node.child_by_field_name("operator")
    return source(found) if found is not None else ""


def in_double_brackets(node: "Node") -> bool:
    """Whether a node stands inside `[[ ]]`."""
    return any(parent.type == "test_command" and parent.children[0].type == "[[" for parent, _ in ancestors(node))


def is_bare_number(node: "Node") -> bool:
    """Whether a word is a side of `[[ name -gt 2 ]]`, where bash takes the value of the variable of that name."""
    parent = node.parent
    return node.type == "word" and parent is not None and operator(parent) in NUMERIC and in_double_brackets(parent)


def calculates(node: "Node") -> bool:
    """Whether a node is `$(( ))` or `(( ))`."""
    if node.type == "arithmetic_expansion":
        return True
    return node.type in {"compound_statement", "c_style_for_statement"} and any(c.type == "((" for c in node.children)


def words_of(command: "Node") -> "list[Node]":
    """The words of a command, its name first."""
    return [node for node in command.children if node.type not in {"variable_assignment", "file_redirect"}]


def program_of(command: "Node") -> str:
    """The bare name of what a command starts; empty where it is none that can be read."""
    words = words_of(command)
    return source(words[0]).rsplit("/", 1)[-1] if words else ""


def prints_a_number(substitution: "Node") -> bool:
    """Whether `$( )` holds one command that prints numbers alone, whatever its words are."""
    commands = [node for node in substitution.children if node.is_named]
    if len(commands) != 1 or commands[0].type != "command":
        return False
    program, words = program_of(commands[0]), [source(node).strip("'\"") for node in words_of(commands[0])[1:]]
    if program == "seq":
        return not any(word.startswith(("-f", "-s", "--f", "--s")) for word in words)
    if program == "expr":  # with another operator it prints one of its words
        return len(words) == 3 and words[1] in _SIGNS
    return any(word in _NUMBER_FORMATS.get(program, ()) for word in words)
