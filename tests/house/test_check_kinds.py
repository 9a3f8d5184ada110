"""A kind of check is known to its own room alone, and there by a line in the registry."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.house import ROOT, named, python_files, tree_of
from wizard.checks.kinds import KINDS


_MODULES = {kind.__module__ for kind in KINDS}
_KEYS = {kind.KEY for kind in KINDS}
_KNOWS_NONE = ("judge", "model", "kinds", "assertion")
"""Files of the room that no new kind is written into."""


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def test_no_file_outside_its_room_imports_a_kind() -> None:
    room = ROOT / "wizard" / "checks"
    files = [path for path in python_files("wizard", "screens") if not path.is_relative_to(room)]
    files += [room / f"{name}.py" for name in _KNOWS_NONE]
    assert [named(path) for path in files if _MODULES.intersection(_imported(path))] == []


def test_the_judge_names_no_kind() -> None:
    tree = tree_of(ROOT / "wizard" / "checks" / "judge.py")
    looked_at = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert not _KEYS & said
    assert looked_at & _KEYS == {"exit"}  # of an answer, which has one
