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


_TITLES = {"border_title", "border_subtitle", "tooltip"}
_MARKED_UP = {"Text.from_markup", "Content.from_markup", "Text.from_ansi"}
_PARTS = {"Option"}


def _of_content(node: ast.expr) -> bool:
    """A text that is none of markup whatever stands in it: a literal, or made by Content."""
    made = isinstance(node, ast.Call) and ast.unparse(node.func) in {"Content", "Content.styled", "Content.assemble"}
    return made or isinstance(node, ast.Constant)


def _assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Target and value of each assignment, those of tuples apart."""
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=True)
        else:
            yield target, node.value


def _marking_up(paths: list[Path]) -> Iterator[str]:
    """Titles and options that Textual would read as markup, and calls that read markup or escapes on purpose."""
    for path in paths:
        for node in ast.walk(tree_of(path)):
            for target, value in _assigned(node):
                if isinstance(target, ast.Attribute) and target.attr in _TITLES and not _of_content(value):
                    yield f"{named(path)}:{target.lineno} {ast.unparse(target)}"
            if not isinstance(node, ast.Call):
                continue
            part = called(node) in _PARTS and isinstance(node.func, ast.Name)
            if ast.unparse(node.func) in _MARKED_UP or (part and not _of_content(node.args[0])):
                yield f"{named(path)}:{node.lineno} {ast.unparse(node)}"


def test_no_title_and_no_option_is_markup_and_nothing_reads_markup() -> None:
    assert (
        list(_marking_up([*python_files("screens"), *python_files("wizard/plain"), *python_files("wizard/cli")])) == []
    )


def test_that_rule_sees_what_it_is_there_for(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(
        "pane.border_title, pane.border_subtitle = f' {title} ', Content(f' {state} ')\n"
        "pane.tooltip = told\n"
        "pane.border_title = 'fine'\n"
        "text = Text.from_ansi(printed)\n"
        "text = Content.from_markup(told)\n"
        "line = Option(told)\n"
        "line = Option(Content.styled(told, 'bold'))\n"
    )
    assert sorted(line.split(maxsplit=1)[1] for line in _marking_up([planted])) == [
        "Content.from_markup(told)",
        "Option(told)",
        "Text.from_ansi(printed)",
        "pane.border_title",
        "pane.tooltip",
    ]


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
