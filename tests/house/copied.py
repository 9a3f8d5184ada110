"""A copy of the house in which something new is put, and the programs of that copy."""

import os
import shutil
import subprocess
import sys
from importlib.util import cache_from_source
from pathlib import Path

from tests.house.house import ROOT


_LISTED = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")


def copy_house(to: Path) -> None:
    """Copy every file that is, or could be, in the repository, and what Python compiled of it."""
    listed = subprocess.run(_LISTED, cwd=ROOT, capture_output=True, encoding="utf-8", check=True, timeout=30)
    for name in filter(None, listed.stdout.split("\0")):
        compiled = cache_from_source(name) if name.endswith(".py") else name
        for each in {name, compiled}:
            if (ROOT / each).is_file():
                (to / each).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / each, to / each)


def put_behind(file: Path, line: str, new: str) -> None:
    """Put a line behind another one of a file."""
    text = file.read_text("utf-8")
    assert text.count(f"{line}\n") == 1
    file.write_text(text.replace(f"{line}\n", f"{line}\n{new}\n"), "utf-8")


def python_in(
    house: Path, program: str, *words: str, cwd: Path, python: Path = Path(sys.executable)
) -> "subprocess.CompletedProcess[str]":
    """Run a program with the packages of a copy, in folders of the test's own."""
    return subprocess.run(
        [python, "-P", "-c", program, *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(house)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def uplevel_in(
    house: Path, *words: str, cwd: Path, python: Path = Path(sys.executable)
) -> "subprocess.CompletedProcess[str]":
    """Run the command of a copy."""
    program = "import sys; from screens.launch import main; sys.exit(main())"
    return python_in(house, program, *words, cwd=cwd, python=python)
