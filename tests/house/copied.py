"""A copy of the house in which something new is put, and the programs of that copy."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path

from tests import forked
from tests.house.house import ROOT


UPLEVEL = "import sys; from screens.launch import main; sys.exit(main())"
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


@contextmanager
def house_copied(to: Path, python: Path = Path(sys.executable)) -> Iterator["House"]:
    """A copy of the house whose programs can be run; what is new is put into it first."""
    copy_house(to)
    house = House(to, python)
    try:
        yield house
    finally:
        house.close()


def put_behind(file: Path, line: str, new: str) -> None:
    """Put a line behind another one of a file."""
    text = file.read_text("utf-8")
    assert text.count(f"{line}\n") == 1
    file.write_text(text.replace(f"{line}\n", f"{line}\n{new}\n"), "utf-8")


class House:
    """A copy of the house.

    Args:
        folder: Where it is.
        python: The interpreter of its programs.
    """

    def __init__(self, folder: Path, python: Path) -> None:
        self.folder = folder
        self._python = python
        self._server: forked.Server | None = None

    def run(self, program: str, *words: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
        """Run a program with the packages of the copy, in folders of the test's own."""
        return forked.run(
            [str(self._python), "-P", "-c", program, *words],
            server=self.server(),
            cwd=cwd,
            env=self.variables(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    def uplevel(self, *words: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
        """Run its command."""
        return self.run(UPLEVEL, *words, cwd=cwd)

    def variables(self) -> dict[str, str]:
        """What its programs have in their environment."""
        return {**os.environ, "PYTHONPATH": str(self.folder)}

    def server(self) -> forked.Server:
        """What its programs are forked from, once all that is new has been put into it."""
        if self._server is None:
            self._server = forked.Server(self.folder, str(self._python))
        return self._server

    def close(self) -> None:
        """Nobody runs anything of it any more."""
        if self._server is not None:
            self._server.close()
