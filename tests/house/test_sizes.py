"""No file, class or function grows past what a newcomer reads in one go."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import pytest

from tests.house.house import called, named, python_files, tree_of


_MOST_OF_A_FILE = 400
_MOST_OF_A_MEDIAN_FILE = 120
_MOST_OF_A_FUNCTION = 60
_MOST_OF_A_CLASS = 250
_MOST_WITH_ALL_IT_INHERITS = 2 * _MOST_OF_A_CLASS
"""Of classes of ours. What all pages share, and what all screens with keys share, take the half of it."""


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _long_functions() -> Iterator[str]:
    for path in python_files("wizard", "screens"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _lines(node) > _MOST_OF_A_FUNCTION:
                yield f"{named(path)}:{node.lineno} {node.name} has {_lines(node)} lines"


@dataclass
class _Classes:
    """Classes by name, which is unique where one is a base.

    Attributes:
        own: The lines of each.
        bases: What each inherits from directly; names that are no class of ours among them.
        used: Names that are called or asked for somewhere: those are of use by themselves.
    """

    own: dict[str, int]
    bases: dict[str, list[str]]
    used: set[str]

    @classmethod
    def of(cls, *trees: ast.Module) -> "_Classes":
        nodes = [node for tree in trees for node in ast.walk(tree)]
        classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
        calls = [node for node in nodes if isinstance(node, ast.Call)]
        asked = [node.args[1] for node in calls if called(node) == "isinstance"]
        return cls(
            {node.name: _lines(node) for node in sorted(classes, key=_lines)},
            {node.name: [_name(base) for base in node.bases] for node in classes},
            {
                *map(called, calls),
                *(part.id for each in asked for part in ast.walk(each) if isinstance(part, ast.Name)),
            },
        )

    def above(self, name: str) -> set[str]:
        """Every class of ours that one inherits from, however far up."""
        direct = {base for base in self.bases[name] if base in self.own}
        return direct.union(*(self.above(base) for base in direct))

    def whole(self, name: str) -> int:
        """Its lines with all that it inherits."""
        return sum(self.own[each] for each in {name, *self.above(name)})

    def alone(self, name: str) -> int:
        """Its lines with those bases that are nothing but a part of it: no other class has them, nor are they used."""
        parts = (base for base in self.bases[name] if base in self.own and base not in self.used)
        heirs = [base for bases in self.bases.values() for base in bases]
        return self.own[name] + sum(self.alone(base) for base in parts if heirs.count(base) == 1)


def _name(base: ast.expr) -> str:
    """`Page` of `Page[None]`."""
    match base:
        case ast.Subscript(value=value):
            return _name(value)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _long(classes: _Classes) -> dict[str, tuple[int, int]]:
    """What is too long, by class: its lines with what is only its own, and with all it inherits."""
    sizes = {name: (classes.alone(name), classes.whole(name)) for name in classes.own}
    return {
        name: (alone, whole)
        for name, (alone, whole) in sizes.items()
        if alone > _MOST_OF_A_CLASS or whole > _MOST_WITH_ALL_IT_INHERITS
    }


def test_no_file_is_long_and_most_are_short() -> None:
    sizes = {named(path): len(path.read_text("utf-8").splitlines()) for path in python_files("wizard", "screens")}
    assert {name: size for name, size in sizes.items() if size > _MOST_OF_A_FILE} == {}
    assert median(sizes.values()) <= _MOST_OF_A_MEDIAN_FILE


def test_no_function_is_long() -> None:
    assert list(_long_functions()) == []


def test_no_class_is_long_with_what_it_inherits_of_ours() -> None:
    assert _long(_Classes.of(*(tree_of(path) for path in python_files("wizard", "screens")))) == {}


@pytest.mark.parametrize(
    ("bases", "after", "long"),
    [
        (("", "(A)", "(B[None])"), "", {"C": (306, 306)}),
        (("", "(A)", "(B)"), "A()\nB()", {}),
        (("", "(A)", "(A)"), "", {}),
        (("", "(A)", "(B)", "(C)", "(D)"), "A()\nB()\nC()\nD()", {"E": (102, 510)}),
    ],
    ids=["cut into a chain", "each of use by itself", "a base that two share", "a long chain all the same"],
)
def test_the_rule_sees_a_class_that_was_cut_by_inheritance(
    bases: tuple[str, ...], after: str, long: dict[str, tuple[int, int]]
) -> None:
    body = "\n".join("    x = 1" for _ in range(101))
    source = "\n".join(f"class {name}{base}:\n{body}" for name, base in zip("ABCDE", bases, strict=False))
    assert _long(_Classes.of(ast.parse(f"{source}\n{after}"))) == long
