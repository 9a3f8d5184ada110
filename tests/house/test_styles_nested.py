"""A style belongs to one class of the screens, so that no rule reaches into another screen."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.house import ROOT, named, python_files, tree_of


_STYLES = sorted((ROOT / "assets" / "styles").rglob("*.tcss"))


def _own_classes() -> set[str]:
    return {
        node.name
        for path in python_files("screens")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
    }


def _top_level(text: str) -> list[str]:
    """Selectors of the rules that stand in no other rule."""
    depth, start, found = 0, 0, []
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    bare = re.sub(r"^\s*\$[\w-]+:[^;]*;", "", bare, flags=re.MULTILINE)
    for place, sign in enumerate(bare):
        if sign == "{":
            if not depth:
                found.append(bare[start:place].strip())
            depth += 1
        elif sign == "}":
            depth -= 1
            start = place + 1
    assert depth == 0, "braces that do not match"
    return found


def test_there_are_styles() -> None:
    assert _STYLES


@pytest.mark.parametrize("style", _STYLES, ids=named)
def test_each_rule_stands_under_a_class_of_ours(style: Path) -> None:
    own = _own_classes()
    strays = [
        selector
        for selector in _top_level(style.read_text("utf-8"))
        for one in selector.split(",")
        if re.split(r"[\s.:#>]", one.strip(), maxsplit=1)[0] not in own
    ]
    assert strays == []


def test_the_rule_sees_a_stray() -> None:
    assert _top_level("/* a */ Run { Static { color: red; } }\nStatic { color: red; }") == ["Run", "Static"]
