"""Every command of uplevel that a sentence names is there, with its options: nobody is sent to what does not exist."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.house.house import ROOT, named, python_files, tree_of
from wizard.cli.commands import uplevel


_SAID_OF_UPLEVEL = re.compile(
    "asks|cannot|carries|checks|could|does|ended|finds|for|has|in|itself|keeps|knows|lives|may|needs|procedure|reads|"
    "remembers|service|sets|starts|stopped|that|to|walks|was|with"
)
"""Words behind `uplevel` in plain English. A word that is neither one of these nor a command fails the test."""
_NAMED = re.compile(r"(?<![\w/.$-])uplevel (?=([a-z]+))")
_END = re.compile(r"[`;|#\n]|\. |, |: |\)|&&|\bfor example\b|\b(?:and|says|gives|lists|opens) ")
_OPTION = re.compile(r"(?<![\w-])(--?[a-z][\w-]*)")


def _faults(text: str) -> Iterator[str]:
    """What a text names that is not there."""
    for found in _NAMED.finditer(text):
        word = found[1]
        if _SAID_OF_UPLEVEL.fullmatch(word):
            continue
        rest = text[found.end() :]
        rest = rest[: end.start()] if (end := _END.search(rest)) else rest
        yield from _faults_of_command(rest.split(), f"uplevel {rest}")


def _faults_of_command(words: list[str], told: str) -> Iterator[str]:
    command: click.Command = uplevel
    for at, word in enumerate(words):
        if not isinstance(command, click.Group):
            yield from _faults_of_options(command, " ".join(words[at:]), told)
            return
        if at and not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", word):
            return  # `uplevel compare --help`, `uplevel compare ...`
        found = command.get_command(click.Context(command), word.rstrip(",."))
        if found is None:
            yield f"{told!r}: there is no {word}"
            return
        command = found


def _faults_of_options(command: click.Command, words: str, told: str) -> Iterator[str]:
    there = {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}
    for option in _OPTION.findall(words):
        if option not in there:
            yield f"{told!r}: there is no {option}"


def _texts(path: Path) -> Iterator[str]:
    """String literals of a Python file, a word for each value of an f-string. Docstrings only where they are help."""
    inside: set[int] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Expr) and "cli" not in path.parts:
            inside.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            inside.update(id(each) for each in node.values)
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else "X" for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


def _prose() -> list[Path]:
    assets = (ROOT / "assets").rglob("*")
    return [ROOT / "README.md", *(path for path in sorted(assets) if path.suffix in {".txt", ".md", ".yaml", ".json"})]


def test_no_sentence_of_the_code_names_a_command_that_is_not_there() -> None:
    told = [
        f"{named(path)}: {fault}"
        for path in python_files("wizard", "screens")
        for text in _texts(path)
        for fault in _faults(text)
    ]
    assert told == []


def test_no_text_names_a_command_that_is_not_there() -> None:
    told = [f"{named(path)}: {fault}" for path in _prose() for fault in _faults(path.read_text("utf-8"))]
    assert told == []


def test_what_the_readme_calls_missing_is_missing() -> None:
    section = (ROOT / "README.md").read_text("utf-8").partition("\n## Not yet\n")[2]
    assert section
    procedures = {path.stem for path in (ROOT / "assets" / "procedures").glob("*.yaml")}
    there = procedures | set(uplevel.list_commands(click.Context(uplevel)))
    missing = [line for line in section.splitlines() if " not there" in line]
    told = {word for line in missing for word in re.findall(r"[\w-]+", line.lower().replace("`export` writes", ""))}
    assert told & there == set()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("until then it can only be read: uplevel replay, export, verify.", "no replay"),
        ("`uplevel export X --format cast` gives it", ""),
        ("`uplevel export X --bundle` gives it", "no --bundle"),
        ("uplevel copy postgres old new", "no postgres"),
        ("uplevel needs room", ""),
        ("systemd-run --user --scope uplevel", ""),
    ],
)
def test_it_finds_what_it_is_for(text: str, fault: str) -> None:
    assert (fault in "".join(_faults(text))) if fault else list(_faults(text)) == []
