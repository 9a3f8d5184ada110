"""What a command loads before it answers: start-up cost is imports, so they are what is held."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from screens.registry import SCREENS


HEAVY = {"textual", "sh", "questionary", "prompt_toolkit", "pydantic", "yaml", "rich", "jmespath", "asyncio", "json"}
PROGRAM = """
import sys
from screens.launch import main
code = main()
sys.stderr.write(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
sys.exit(code)
"""


def loaded(tmp_path: Path, *words: str) -> set[str]:
    env = {
        **os.environ,
        "XDG_STATE_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_loads_click_and_nothing_heavy(tmp_path: Path, words: list[str]) -> None:
    found = loaded(tmp_path, *words)
    assert "click" in found
    allowed = {"json"} if words == ["--version"] else set()
    assert not found & (HEAVY - allowed)


def test_help_of_a_command_loads_nothing_heavy(tmp_path: Path) -> None:
    for command in ("run", "rehearse", "resume", "sessions", "export", "verify", "lint", "show", "list", "schema"):
        assert not loaded(tmp_path, command, "--help") & (HEAVY - {"json"}), command


def test_list_reads_heads_without_models(tmp_path: Path) -> None:
    assert not loaded(tmp_path, "list") & (HEAVY - {"yaml", "json"})


def test_sessions_are_listed_without_models_and_without_the_engine(tmp_path: Path) -> None:
    found = loaded(tmp_path, "sessions")
    assert not found & (HEAVY - {"yaml", "json"})


def test_the_first_page_waits_for_no_other_screen_and_no_engine() -> None:
    program = (
        "import sys; from screens.app import UplevelApp; UplevelApp().first_screen();"
        "print(*(name for name in sys.modules if name.startswith(('screens.', 'wizard.'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    found = set(done.stdout.split())
    assert "screens.picker.screen" in found
    late = {line.partition(":")[0] for line in SCREENS} - {"screens.picker.screen"}
    assert not found & {*late, "wizard.engine", "wizard.model", "wizard.session"}
