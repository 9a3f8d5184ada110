"""`shell:` bodies: where a value could become syntax of bash (DESIGN 4 'Acts').

A value is followed through the script's own variables; what never touched a value is the author's business.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from wizard.procedure import BUILT_IN
from wizard.reading import Fault
from wizard.reading.outline import Outline, items, table, word
from wizard.reading.tree import Listing, Table, Text, Tree


if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_FREE = frozenset({"env", "answers", "set", "world", "when", "fence"})
_EXPANSIONS = frozenset({"simple_expansion", "expansion"})
_EVALUATES = frozenset({"eval", "let", "source", "."})
_INTERPRETERS = frozenset(
    {"bash", "sh", "dash", "zsh", "ksh", "psql", "mysql", "python", "python3", "perl", "ruby", "node"}
)
_NUMERIC = frozenset({"-eq", "-ne", "-lt", "-le", "-gt", "-ge"})
_PATTERNS = frozenset({"==", "=", "!=", "=~"})
_UNSPLIT = frozenset({"variable_assignment", "case_statement", "heredoc_body", "herestring_redirect"})


def script_faults(found: Outline) -> Iterator[Fault]:
    """The faults of every `shell:` body of a procedure."""
    values = frozenset({*found.names, *BUILT_IN})
    secrets = frozenset(name for name, declared in found.names.items() if declared.secret)
    for text, owner in _scripts(found.root):
        trusted = frozenset(word(name) for name in items(owner.get("trusts")))
        missing = secrets - table(owner.get("env")).entries.keys()
        yield from _Script(text, values, trusted, missing).faults()


def _scripts(tree: Tree) -> Iterator[tuple[Text, Table]]:
    """Every body with the table that it stands in."""
    if isinstance(tree, Listing):
        for item in tree.items:
            yield from _scripts(item)
    if not isinstance(tree, Table):
        return
    body = tree.get("shell")
    if isinstance(body, Text):
        yield body, tree
    watched = table(tree.get("watch")).get("shell")
    if isinstance(watched, Text):  # its names and its env are the step's
        yield watched, tree
    for key, value in tree.entries.items():
        if key not in {"watch", *_FREE}:
            yield from _scripts(value)


@cache
def _parser() -> "Parser":
    # Imported late: reading heads and showing a page need no parser.
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


def _walk(node: "Node") -> "Iterator[Node]":
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def _source(node: "Node") -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _ancestors(node: "Node") -> "Iterator[tuple[Node, Node]]":
    """Each ancestor with the child of it that leads down to the node."""
    child, parent = node, node.parent
    while parent is not None:
        yield parent, child
        child, parent = parent, parent.parent


@dataclass(slots=True)
class _Script:
    """One body, its values, what the author trusts, and the secrets that its step does not ask for."""

    text: Text
    values: frozenset[str]
    trusted: frozenset[str]
    missing: frozenset[str] = frozenset()

    def faults(self) -> Iterator[Fault]:
        root = _parser().parse(self.text.value.encode("utf-8")).root_node
        if root.has_error:
            broken = next((node for node in _walk(root) if node.is_error or node.is_missing), root)
            yield self._fault(
                broken, "uplevel cannot follow this bash script from here on; most likely a quote is missing."
            )
            return
        yield from self._without_env(root)
        carriers = self._carriers(root)
        for node in _walk(root):
            if node.type == "variable_name" and _source(node) in carriers:
                sentence = self._danger(node)
                if sentence is not None:
                    yield self._fault(node, sentence)

    def _without_env(self, root: "Node") -> Iterator[Fault]:
        """Secrets are in nobody's environment by default. One fault a secret, where the script first wants it."""
        used: dict[str, Node] = {}
        own: set[str] = set()
        for node in _walk(root):
            if node.type != "variable_name":
                continue
            if node.parent is not None and node.parent.type in _EXPANSIONS:
                used.setdefault(_source(node), node)
            else:
                own.add(_source(node))
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
        given = [node for node in _walk(root) if node.type in {"variable_assignment", "for_statement"}]
        grown = True
        while grown:
            before = len(carriers)
            for node in given:
                name, *rest = [child for child in node.children if child.type not in {"for", "select"}]
                named = _walk_all(rest)
                if any(inner.type == "variable_name" and _source(inner) in carriers for inner in named):
                    carriers.add(_source(name))
            grown = len(carriers) > before
        return carriers

    def _danger(self, node: "Node") -> str | None:
        """Why a variable that carries a value must not stand where it stands; None when it may."""
        name = _source(node)
        for parent, child in _ancestors(node):
            if parent.type == "subscript" and child != parent.children[0]:
                return f"bash calculates what is in [ ], and a value of {name} can be a command there. Check it before."
            if _calculates(parent):
                return f"(( )) calculates, and a value of {name} can be a command there. Compare texts, or use [ ]."
            if parent.type == "binary_expression" and _operator(parent) in _NUMERIC and _double_brackets(parent):
                sign = _operator(parent)
                return f"[[ {sign} ]] calculates, and a value of {name} can be a command there. Use [ ] instead."
            if parent.type == "command" and name not in self.trusted and (program := _evaluates(parent, child)):
                return f"{program} would read the value of {name} as a script. Hand it over as an argument."
        return _unquoted(node)


def _walk_all(nodes: "list[Node]") -> "Iterator[Node]":
    for node in nodes:
        if node.type != "do_group":
            yield from _walk(node)


def _calculates(node: "Node") -> bool:
    if node.type == "arithmetic_expansion":
        return True
    return node.type in {"compound_statement", "c_style_for_statement"} and any(c.type == "((" for c in node.children)


def _operator(node: "Node") -> str:
    operator = node.child_by_field_name("operator")
    return _source(operator) if operator is not None else ""


def _double_brackets(node: "Node") -> bool:
    return any(parent.type == "test_command" and parent.children[0].type == "[[" for parent, _ in _ancestors(node))


def _evaluates(command: "Node", child: "Node") -> str | None:
    """The program that would read an argument as code, if that is what it does with it."""
    words = [node for node in command.children if node.type not in {"variable_assignment", "file_redirect"}]
    program = _source(words[0]).rsplit("/", 1)[-1] if words else ""
    if child not in words[1:]:
        return None
    if program in _EVALUATES:
        return program
    behind = words[words.index(child) - 1]
    if program in _INTERPRETERS and _source(behind) in {"-c", "-e", "-ec", "-lc", "-xc", "--command", "--execute"}:
        return program
    return program if program in {"ssh", "su"} else None


def _unquoted(node: "Node") -> str | None:
    expansion = node.parent
    if expansion is None or expansion.type not in _EXPANSIONS:
        return None
    name = _source(node)
    if any(child.type in {"#", "${#"} or _source(child) == "#" for child in expansion.children[:2]):
        return None
    for parent, child in _ancestors(expansion):
        if parent.type in {"string", "translated_string"} or parent.type in _UNSPLIT:
            return None
        if parent.type == "binary_expression" and _double_brackets(parent):
            on_the_right = child == parent.child_by_field_name("right")
            if on_the_right and _operator(parent) in _PATTERNS:
                return f'Unquoted, the value of {name} is a pattern here. Write "${{{name}}}".'
            return None
        if parent.type == "test_command" and parent.children[0].type == "[[":
            return None
        if parent.type in {"command", "command_substitution", "for_statement", "file_redirect", "array", "subshell"}:
            break
    return f'Unquoted, the value of {name} falls apart at blanks and stars. Write "${{{name}}}".'
