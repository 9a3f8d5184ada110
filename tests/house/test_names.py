"""Names: a public class is named once in the house, and a comment cites only what a reader of the house has."""

import ast
import re
from collections import defaultdict

from tests.house.house import named, python_files, text_files, tree_of


_CITED = re.compile(r"\b(?:DESIGN|DOMAIN|SAFETY|SCREENS|PERFORMANCE|STYLE|PEERS)(?:\.md\b| \d)")


def test_no_two_public_classes_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in python_files("wizard", "screens"):
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(named(path))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_no_page_is_cited_that_is_not_in_the_house() -> None:
    found = [
        f"{named(path)}: {match.group()}"
        for path in text_files()
        for match in _CITED.finditer(path.read_text("utf-8"))
        if named(path) != "tests/house/test_names.py"
    ]
    assert found == []
