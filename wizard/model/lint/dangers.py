"""Where a variable that carries a value must not stand in a bash script, and what to write instead."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.model.lint.bash import (
    EXPANSIONS,
    NUMERIC,
    ancestors,
    calculates,
    in_double_brackets,
    operator,
    prints_a_number,
    program_of,
    source,
    words_of,
)


if TYPE_CHECKING:
    from tree_sitter import Node

_EVALUATES = frozenset({"eval", "let", "source", "."})
_INTERPRETERS = frozenset(
    {"bash", "sh", "dash", "zsh", "ksh", "psql", "mysql", "python", "python3", "perl", "ruby", "node"}
)
_TAKE_ARGUMENTS = _INTERPRETERS - {"psql", "mysql"}
_PATTERNS = frozenset({"==", "=", "!=", "=~"})
_UNSPLIT = frozenset({"variable_assignment", "case_statement", "heredoc_body", "herestring_redirect"})


@dataclass(frozen=True, slots=True)
class Danger:
    """One place.

    Attributes:
        name: The variable.
        sentence: What is wrong.
        cure: What to write instead; empty where that depends on more than the place.
        calculates: bash would calculate with it.
        takes_arguments: What would read it as a script takes arguments beside the script.
    """

    name: str
    sentence: str
    cure: str = ""
    calculates: bool = False
    takes_arguments: bool = False


def danger(node: "Node", *, trusted: bool, number: bool) -> Danger | None:
    """Why a variable must not stand where it stands; None when it may.

    Args:
        node: Its name.
        trusted: The author says that it is harmless.
        number: It can hold a number only.
    """
    name = source(node)
    for parent, child in ancestors(node):
        if parent.type == "command_substitution" and prints_a_number(parent):
            break  # whatever the value is, what comes of it is a number
        if not (number or trusted) and (seen := _calculated(name, parent, child)) is not None:
            return seen
        if parent.type == "command" and not trusted and (program := _evaluates(parent, child)):
            if program == "let" and number:
                continue
            arguments = program in _TAKE_ARGUMENTS
            return Danger(name, f"{program} would read the value of {name} as a script.", takes_arguments=arguments)
    return _unquoted(node)


def _calculated(name: str, parent: "Node", child: "Node") -> Danger | None:
    """Why bash must not calculate with it where it stands."""
    if parent.type == "subscript" and child != parent.children[0]:
        sentence = f"bash calculates what is in [ ], and a value of {name} can be a command there."
        return Danger(name, sentence, calculates=True)
    if calculates(parent):
        sentence = f"(( )) calculates, and a value of {name} can be a command there."
        return Danger(name, sentence, calculates=True)
    if parent.type == "binary_expression" and operator(parent) in NUMERIC and in_double_brackets(parent):
        sentence = f"[[ {operator(parent)} ]] calculates, and a value of {name} can be a command there."
        left, right = parent.children[0], parent.children[-1]
        return Danger(name, sentence, f"Write [ {_quoted(left)} {operator(parent)} {_quoted(right)} ] instead.")
    return None


def _quoted(node: "Node") -> str:
    text = source(node)
    if node.type in EXPANSIONS:
        return f'"{text}"'
    return f'"${text}"' if text.isidentifier() else text


def _evaluates(command: "Node", child: "Node") -> str | None:
    """The program that would read an argument as code, if that is what it does with it."""
    words = words_of(command)
    if child not in words[1:]:
        return None
    program = program_of(command)
    if program in _EVALUATES:
        return program
    behind = words[words.index(child) - 1]
    if program in _INTERPRETERS and source(behind) in {"-c", "-e", "-ec", "-lc", "-xc", "--command", "--execute"}:
        return program
    return program if program in {"ssh", "su"} else None


def _unquoted(node: "Node") -> Danger | None:
    expansion = node.parent
    if expansion is None or expansion.type not in EXPANSIONS:
        return None
    name = source(node)
    if any(child.type in {"#", "${#"} or source(child) == "#" for child in expansion.children[:2]):
        return None
    written = f'Write "{source(expansion)}".'
    for parent, child in ancestors(expansion):
        if parent.type in {"string", "translated_string"} or parent.type in _UNSPLIT:
            return None
        if parent.type == "binary_expression" and in_double_brackets(parent):
            on_the_right = child == parent.child_by_field_name("right")
            if on_the_right and operator(parent) in _PATTERNS:
                return Danger(name, f"Unquoted, the value of {name} is a pattern here.", written)
            return None
        if parent.type == "test_command" and parent.children[0].type == "[[":
            return None
        if parent.type == "for_statement" and child.type in EXPANSIONS:
            return Danger(
                name, f"Unquoted, bash splits the value of {name} and expands stars in it.", _list(parent, name)
            )
        if parent.type in {"command", "command_substitution", "for_statement", "file_redirect", "array", "subshell"}:
            break
    return Danger(name, f"Unquoted, bash splits the value of {name} at blanks and expands stars in it.", written)


def _list(loop: "Node", name: str) -> str:
    """How a loop over the words of a value is written."""
    variable = source(loop.children[1])
    return (
        f"For a list of words, write: IFS=' ' read -ra {name}_list <<< \"${name}\"; "
        f'for {variable} in "${{{name}_list[@]}}"; do'
    )
