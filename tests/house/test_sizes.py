"""No file, class or function grows past what a newcomer reads in one go."""

import ast
from collections.abc import Iterator
from statistics import median

from tests.house.house import named, python_files, tree_of


_MOST_OF_A_FILE = 400
_MOST_OF_A_MEDIAN_FILE = 120
_MOST_OF_A_FUNCTION = 60
_MOST_OF_A_CLASS = 250


def _too_long(kinds: tuple[type[ast.AST], ...], most: int) -> Iterator[str]:
    for path in python_files("wizard", "screens"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, kinds) and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > most:
                    yield f"{named(path)}:{node.lineno} {node.name} has {lines} lines"


def test_no_file_is_long_and_most_are_short() -> None:
    sizes = {named(path): len(path.read_text("utf-8").splitlines()) for path in python_files("wizard", "screens")}
    assert {name: size for name, size in sizes.items() if size > _MOST_OF_A_FILE} == {}
    assert median(sizes.values()) <= _MOST_OF_A_MEDIAN_FILE


def test_no_function_is_long() -> None:
    assert list(_too_long((ast.FunctionDef, ast.AsyncFunctionDef), _MOST_OF_A_FUNCTION)) == []


def test_no_class_is_long() -> None:
    assert list(_too_long((ast.ClassDef,), _MOST_OF_A_CLASS)) == []
