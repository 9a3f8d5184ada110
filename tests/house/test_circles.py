"""No circles: two files that import each other are one file cut in the wrong place."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.house import ROOT, python_files, tree_of


@pytest.mark.parametrize("package", ["wizard", "screens"])
def test_no_file_imports_one_that_imports_it(package: str) -> None:
    """An import within a function counts, and so does one for types alone: whoever reads the one needs the other."""
    assert circle_in(imports_within(package)) == []


def test_a_circle_is_named_whole() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) in (["b", "c", "b"], ["c", "b", "c"])


def circle_in(imports: Mapping[str, set[str]]) -> list[str]:
    """One circle among files, from the first to itself; empty where there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as found:
        circle: list[str] = found.args[1]
        return circle
    return []


def imports_within(package: str) -> dict[str, set[str]]:
    """By dotted name: the files of a package that each of its files imports."""
    files = {_name(path): path for path in python_files(package)}
    return {name: {each for each in _imported(path, set(files)) if each != name} for name, path in files.items()}


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imported(path: Path, files: set[str]) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                for each in names:
                    whole = f"{module}.{each.name}"
                    yield from {whole if whole in files else module} & files
            case ast.Import(names=names):
                yield from {each.name for each in names} & files
            case _:
                pass
