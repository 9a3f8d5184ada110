"""The README is what a newcomer acts on: its commands, its map, its example and its tables are held to the truth."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from tests.house.house import ROOT
from tests.house.key_table import readme_table
from wizard.cli.commands import uplevel
from wizard.cli.group import Commands
from wizard.errors import ExitCode
from wizard.model.lint import examine
from wizard.record.events import Evidence
from wizard.settings import known


if TYPE_CHECKING:
    from tests.conftest import Opener


_README = (ROOT / "README.md").read_text("utf-8")


def _fence(marker: str) -> str:
    """What stands in the first fence behind a marker."""
    found = re.search(rf"^<!-- {marker} -->\n```\w+\n(.*?)^```$", _README, flags=re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no fence behind <!-- {marker} -->"
    return found.group(1)


def _between(name: str) -> str:
    return _README.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0].strip()


def test_a_picture_one_paragraph_and_two_commands_come_first() -> None:
    blocks = re.split(r"\n{2,}", _README)
    assert blocks[0] == "# uplevel"
    assert re.fullmatch(r"!\[[^]]+]\(assets/pictures/run\.svg\)", blocks[1])
    assert (ROOT / "assets" / "pictures" / "run.svg").is_file()
    beginning = _README.partition("\n## ")[0]
    assert len(re.findall(r"^```sh$", beginning, flags=re.MULTILINE)) == 2


@pytest.mark.parametrize(
    ("marker", "ends"),
    [("command: rehearse", "uplevel rehearse redis"), ("command: tests", "-m pytest -q -n 4 --dist worksteal")],
)
def test_a_command_is_one_line_that_sets_itself_up(marker: str, ends: str) -> None:
    command = _fence(marker)
    assert command.count("\n") == 1
    assert command.startswith("python3 -m venv .venv && ")
    assert command.strip().endswith(ends)


def test_ci_takes_the_test_command_from_here(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for tool in ("ruff", "mypy", "lint-imports"):
        linter = tmp_path / ".venv" / "bin" / tool
        linter.write_text("#!/bin/sh\n")
        linter.chmod(0o755)
    told = []
    for command in ("echo 3 passed in 0.1s", "echo 1 failed; exit 1", None):
        marked = "" if command is None else f"<!-- command: tests -->\n```sh\n{command}\n```\n"
        (tmp_path / "README.md").write_text(f"# uplevel\n\n{marked}")
        done = subprocess.run([tmp_path / ".ci" / "run"], capture_output=True, text=True, check=False, timeout=30)
        told.append((done.returncode, done.stdout + done.stderr))
    assert told[0][0] == 0
    assert "3 passed in 0.1s" in told[0][1]
    assert told[1][0] == 1
    assert "failed: [tests]" in told[1][1]
    assert told[2][0] == 2
    assert "README.md has no single line" in told[2][1]


def test_every_module_of_the_house_is_on_the_map() -> None:
    mapped = set(re.findall(r"^\| `([\w/]+)` \|", _between("map"), flags=re.MULTILINE))
    rooms = {f"wizard/{room}" for room in ("model", "record", "execution", "data")}
    there = {
        f"{folder}/{path.stem}"
        for folder in ("wizard", "screens", *rooms)
        for path in (ROOT / folder).iterdir()
        if not path.name.startswith(("_", ".")) and (path.suffix == ".py" or (path / "__init__.py").is_file())
    }
    assert there <= mapped
    gone = {each for each in mapped if not (ROOT / each).is_dir() and not (ROOT / f"{each}.py").is_file()}
    assert gone == set()


def test_the_map_of_the_wizard_is_in_the_order_of_the_layers() -> None:
    mapped = re.findall(r"^\| `wizard/(\w+)` \|", _between("map"), flags=re.MULTILINE)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    rank = {name: place for place, layer in enumerate(reversed(layers)) for name in re.findall(r"\w+", layer)}
    assert [rank[name] for name in mapped] == sorted(rank[name] for name in mapped)


def test_the_example_is_a_procedure_without_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "switch-site.yaml"
    file.write_text(_fence("example"), "utf-8")
    loaded = examine(file)
    assert [step.id for step in loaded.procedure.steps()] == ["switch", "remove"]


def test_the_example_runs(sessions: "Opener", tmp_path: Path) -> None:
    site = tmp_path / "site"
    for version in ("v1", "v2"):
        (site / version).mkdir(parents=True)
    (site / "current").symlink_to("v1")
    drive = sessions.open(_fence("example"), values={"folder": str(site), "version": "v2"})
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("typed", "v1", sort="type")
    assert drive.until_finished().code is ExitCode.COMPLETED
    assert (site / "current").readlink() == Path("v2")
    assert not (site / "v1").exists()


def test_the_example_is_not_completed_by_whoever_only_says_so(sessions: "Opener", tmp_path: Path) -> None:
    """The name is asked for, the check after it says no three times, and what a person takes as it is is accepted."""
    site = tmp_path / "site"
    for version in ("v1", "v2"):
        (site / version).mkdir(parents=True)
    (site / "current").symlink_to("v1")
    drive = sessions.open(_fence("example"), values={"folder": str(site), "version": "v2"})
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("by-hand", sort="go")
    drive.ask_and_answer("typed", "v1", sort="type")
    drive.until_asked("go")
    drive.answer("did-it", "", Evidence(kind="file", text=str(site / "current" / "..")))
    drive.until(lambda _: bool(drive.refusals))  # a folder shows nothing
    drive.answer("did-it", "", Evidence(kind="text", text="done"))
    for choice in ("again", "again", "accept"):
        drive.ask_and_answer(choice, "enough" if choice == "accept" else "", sort="failed")
    assert drive.until_finished().code is ExitCode.UNPROVEN
    assert drive.state.step("remove").end == "accepted"
    assert [each.what for each in drive.state.deviations] == ["done by hand", "accepted without proof: after 1"]
    assert (site / "v1").exists()


def test_the_example_of_acts_is_without_a_fault_and_plays_to_its_end(sessions: "Opener", tmp_path: Path) -> None:
    file = tmp_path / "new-version.yaml"
    file.write_text(_fence("example of acts"), "utf-8")
    examine(file)
    drive = sessions.open(_fence("example of acts"), mode="rehearsal", auto=True, speed=100000.0)
    assert drive.until_finished().code is ExitCode.COMPLETED
    assert {step.end for step in drive.state.steps.values()} == {"done", "done by hand"}


def test_a_journal_is_checked_by_hand_as_it_says(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(_fence("example"), values={"folder": str(tmp_path), "version": "v2"})
    drive.until_asked_or_finished()
    drive.leave()
    script = _fence("by hand")
    folder = drive.engine.folder

    def said() -> str:
        done = subprocess.run(
            ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False, timeout=30
        )
        return done.stdout + done.stderr

    assert said() == ""
    journal = folder / "journal.jsonl"
    whole = journal.read_bytes()
    assert whole.count(b"\n") > 2
    journal.write_bytes(whole.replace(b'"mode":"live"', b'"mode":"lie!"', 1))
    assert journal.read_bytes() != whole
    assert said() != ""


def test_the_table_of_keys_is_the_one_the_screens_use() -> None:
    assert _between("keys") == readme_table(), (
        "put what tests.house.key_table.readme_table() returns between the two markers"
    )


def test_every_setting_is_named() -> None:
    row = next(line for line in _README.splitlines() if line.startswith("| your settings |"))
    assert re.findall(r"`(\w+)`", row) == list(known())


def test_the_table_of_exit_codes_is_whole() -> None:
    section = _README.partition("## Exit codes")[2].partition("\n## ")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", section, flags=re.MULTILINE)} == set(ExitCode)


def test_every_command_and_option_it_shows_exists() -> None:
    assert isinstance(uplevel, Commands)
    shown = re.findall(
        r"(?:^|&& )(?:\.venv/bin/)?uplevel( [^#\n]*)?",
        "\n".join(re.findall(r"```sh\n(.*?)```", _README, re.DOTALL)),
        re.MULTILINE,
    )
    for line in shown:
        words = line.split()
        if not words:
            continue
        command = uplevel.get_command(click.Context(uplevel), words[0])
        depth = 2 if isinstance(command, click.Group) and words[1:] else 1
        told = CliRunner().invoke(uplevel, [*words[:depth], "--help"])
        assert told.exit_code == 0, line
        for option in (word for word in words[1:] if word.startswith("-")):
            assert option in told.output, line
