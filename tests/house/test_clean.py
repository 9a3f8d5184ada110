"""What must not lie around: addresses, paths of one machine, markers of unfinished work, sleeping or skipped tests."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.house import ROOT, called, named, python_files, text_files, tree_of


# Written in pieces, so that this file does not find itself.
_FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.}~-])/(?:home|Users|work)/[a-z]"),
    "an address of a registry": re.compile(
        "|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.", "(?<!emit-)index" + "-url"]), re.IGNORECASE
    ),
    "unfinished work": re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b"),
    "a picture or style that fetches": re.compile(r"url\([\"']?https" + "?:|@im" + "port"),
    "a merge left open": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}
_BROAD = {"Exception", "BaseException"}
_MAY_CATCH_ALL = {
    "wizard/plugins.py",  # the edge to code of other distributions: whatever goes wrong there ends as a sentence
    "wizard/engine/engine.py",  # the edge of the engine's thread: whatever goes wrong ends as a message
    "wizard/cli/main.py",  # the edge of the command: whatever goes wrong ends as a sentence
    "screens/shared/background.py",  # the edge of a thread of the screens: it is raised again where the app sees it
}


@pytest.mark.parametrize("what", _FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    found = [
        f"{named(path)}: {match.group()}"
        for path in text_files()
        for match in _FORBIDDEN[what].finditer(path.read_text("utf-8"))
    ]
    assert found == []


def test_the_top_level_is_what_the_design_says() -> None:
    tracked = {"pyproject.toml", "README.md", "LICENSE", ".gitignore", ".ci", "wizard", "screens", "tests", "assets"}
    ignored = set((ROOT / ".gitignore").read_text("utf-8").replace("/", "").split())
    made = {path.name for path in ROOT.iterdir()} - {".git"}
    assert made - tracked <= ignored
    assert tracked <= made
    assert not (ROOT / "uv.lock").exists()


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def test_no_test_waits_by_the_clock() -> None:
    found = [
        f"{named(path)}:{call.lineno}"
        for path in python_files("tests")
        for call in _calls(path)
        if ast.unparse(call.func) in {"time.sleep", "sleep"}
    ]
    assert found == []


def test_no_test_is_skipped() -> None:
    found = [
        f"{named(path)}:{node.lineno} {ast.unparse(node)}"
        for path in python_files("tests")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and called(node) in {"skip", "skipif", "importorskip", "xfail"}
        # The one thing a machine may honestly lack; the sandbox says so to the operator too.
        if _reason(node) != "the kernel has no Landlock"
    ]
    assert found == []


def _reason(call: ast.Call) -> str:
    return next((ast.literal_eval(word.value) for word in call.keywords if word.arg == "reason"), "")


def test_everything_is_caught_at_the_named_edges_only() -> None:
    found = {
        f"{named(path)}:{node.lineno}"
        for path in python_files("wizard", "screens")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and named(path) not in _MAY_CATCH_ALL
        and (node.type is None or _BROAD & {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)})
    }
    assert found == set()


def test_nothing_prints_past_the_one_who_owns_the_terminal() -> None:
    found = [
        f"{named(path)}:{call.lineno}"
        for path in python_files("wizard", "screens", "tests")
        for call in _calls(path)
        if isinstance(call.func, ast.Name) and called(call) == "print"
    ]
    assert found == []
