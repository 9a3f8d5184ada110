"""`--help` tells enough to begin with: an example of every command, and what the exit codes mean."""

import re
from pathlib import Path

import click
from click.testing import CliRunner

from wizard.cli.commands import uplevel
from wizard.errors import ExitCode


README = Path(__file__).parents[2] / "README.md"


def told(*words: str) -> str:
    done = CliRunner().invoke(uplevel, [*words, "--help"], prog_name="uplevel", terminal_width=80)
    assert done.exit_code == 0, done.output
    return done.output


def test_every_command_has_one_example_of_itself() -> None:
    for name in uplevel.list_commands(click.Context(uplevel)):
        examples = re.findall(rf"For example: uplevel {name}\b", told(name))
        assert len(examples) == 1, name


def test_the_exit_codes_are_told_in_the_words_of_the_readme() -> None:
    codes = " ".join(told().partition("Exit codes:")[2].split())
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert {int(code) for code, _ in rows} == set(ExitCode)
    for code, words in rows:
        assert f"{code} {words.replace('`', '')}" in codes
