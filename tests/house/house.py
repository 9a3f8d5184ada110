"""Where the rules look: the files of the house and what Python makes of them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path


ROOT = Path(__file__).resolve().parents[2]
"""The checkout these tests stand in."""

_TEXT = {".py", ".md", ".toml", ".yaml", ".tcss", ".lock", ".txt", ".json", ".svg", ".typed", ""}
_LEFT_OUT = {"__pycache__", ".venv", ".git", "journals"}


def python_files(*folders: str) -> list[Path]:
    """All Python files below these folders of the top level."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def text_files() -> Iterator[Path]:
    """Every file of the house that a person wrote."""
    tops = ["pyproject.toml", "README.md", "LICENSE", ".gitignore", ".ci", "wizard", "screens", "tests", "assets"]
    for top in tops:
        start = ROOT / top
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            if path.is_file() and path.suffix in _TEXT and not _LEFT_OUT & set(path.parts):
                yield path


@cache
def tree_of(path: Path) -> ast.Module:
    """The file as Python reads it; read once a process."""
    return ast.parse(path.read_text("utf-8"))


def named(path: Path) -> str:
    """The path as a failure should name it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def called(call: ast.Call) -> str:
    """The last word of what is called: `notify` of `self.app.notify(...)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def modules(package: str) -> list[str]:
    """Dotted names of all modules below a package of the top level, without running any."""
    names = []
    for path in python_files(package):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[-1] != "__main__":
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return sorted(names)
