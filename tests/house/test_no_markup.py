"""Text that is not ours is shown as text: square brackets of a command's output or of a file are no markup."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.house import called, named, python_files, tree_of


_SHOWERS = {"Static", "Label", "notify"}


def _heirs(paths: list[Path]) -> set[str]:
    """Classes of the screens that inherit from one that shows text, and do not settle the question themselves."""
    heirs: set[str] = set()
    for path in paths:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & {"Static", "Label"}:
                settled = any(
                    isinstance(call, ast.Call) and called(call) == "__init__" and _plain(call)
                    for call in ast.walk(node)
                )
                if not settled:
                    heirs.add(node.name)
    return heirs


def _plain(call: ast.Call) -> bool:
    return any(
        word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is False
        for word in call.keywords
    )


def _literal(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant)


def _obeying(paths: list[Path]) -> Iterator[str]:
    showers = _SHOWERS | _heirs(paths)
    for path in paths:
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Call) or called(node) not in showers or _plain(node):
                continue
            # A literal that is never replaced can hold what it likes; an empty one waits for its text.
            if not _literal(node) or (isinstance(node.args[0], ast.Constant) and node.args[0].value == ""):
                yield f"{named(path)}:{node.lineno} {ast.unparse(node)}"


def test_every_text_a_screen_shows_is_text() -> None:
    assert list(_obeying(python_files("screens"))) == []


def test_the_rule_sees_what_it_is_there_for(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(
        "class Banner(Static):\n    pass\n\n\n"
        "def compose(self):\n"
        "    yield Static(self.line)\n"
        "    yield Static('fine')\n"
        "    yield Static(self.line, markup=False)\n"
        "    yield Banner(self.line)\n"
        "    self.app.notify(self.line)\n"
    )
    assert sorted(line.split(maxsplit=1)[1] for line in _obeying([planted])) == [
        "Banner(self.line)",
        "Static(self.line)",
        "self.app.notify(self.line)",
    ]
