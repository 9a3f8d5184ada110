"""Who may import whom: the layers of README's map, read from the source and seen in fresh interpreters."""

import json
import subprocess
import sys

import pytest

from tests.house.house import ROOT, modules


_GUESTS = [
    "textual",
    "screens",
    "questionary",
    "prompt_toolkit",
    "sh",
    "pydantic",
    "rich",
    "yaml",
    "jmespath",
    "click",
    "psycopg",
    "redis",
]

_ROOMS = {"model", "record", "execution", "data"}
"""Rooms whose packages are looked at each for itself."""

_EACH_IN_ITS_OWN = """
import importlib, json, os, sys
groups, guests = json.loads(sys.argv[1])
for name, group in groups.items():
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            for module in group:
                importlib.import_module(module)
            said = json.dumps([guest for guest in guests if guest in sys.modules])
        except BaseException as problem:
            said = json.dumps(f"{type(problem).__name__}: {problem}")
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    print(json.dumps([name, json.loads(os.read(reading, 65536))]))
    os.close(reading)
    os.waitpid(child, 0)
"""


def _seen(groups: dict[str, list[str]]) -> dict[str, list[str] | str]:
    """What each group of modules brought along, each imported in an interpreter that had imported nothing."""
    done = subprocess.run(
        [sys.executable, "-c", _EACH_IN_ITS_OWN, json.dumps([groups, _GUESTS])],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=120,
    )
    return dict(json.loads(line) for line in done.stdout.splitlines())


@pytest.fixture(scope="module")
def brought() -> dict[str, list[str] | str]:
    """For each file or package with guests of its own, and for the lab: the guests its modules brought along."""
    groups: dict[str, list[str]] = {}
    for module in modules("wizard"):
        if module.startswith("wizard.platforms.servers."):
            groups.setdefault("lab", []).append(module)
        elif module != "wizard":
            room, _, inside = module.removeprefix("wizard.").partition(".")
            groups.setdefault(inside.partition(".")[0] if room in _ROOMS and inside else room, []).append(module)
    return _seen(groups)


def test_the_contracts_of_import_linter_hold() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_part_of_the_wizard_can_be_imported_first_and_alone(brought: dict[str, list[str] | str]) -> None:
    assert {part: said for part, said in brought.items() if isinstance(said, str)} == {}


@pytest.mark.parametrize(
    ("guest", "hosts"),
    [
        ("textual", set()),
        ("screens", set()),
        ("questionary", {"plain"}),
        ("prompt_toolkit", {"plain"}),
        ("sh", {"supervisor", "checker", "helper"}),
        ("psycopg", {"compare", "lab"}),
        ("redis", {"lab"}),
    ],
)
def test_a_guest_is_seen_only_where_it_is_invited(
    brought: dict[str, list[str] | str], guest: str, hosts: set[str]
) -> None:
    assert {part for part, said in brought.items() if guest in said} <= hosts


def test_the_command_loads_click_and_nothing_heavy_before_it_knows_what_is_wanted() -> None:
    seen = _seen({"launch": ["screens.launch"]})["launch"]
    assert seen == ["screens", "click"]
