"""Distributions of somebody else, installed with pip into a venv that sees all that the tests see."""

import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


_PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "1"

[tool.hatch.build.targets.wheel]
include = ["/*.py", "/*/"]
"""


@dataclass(frozen=True, slots=True)
class Distribution:
    """What somebody else ships.

    Attributes:
        name: Its name for pip.
        files: Modules and packages, by their paths from its root.
        entry_points: What it brings, by group and name.
    """

    name: str
    files: Mapping[str, str]
    entry_points: Mapping[str, Mapping[str, str]]

    def write(self, folder: Path) -> None:
        """Lay the sources into a folder."""
        project = [_PROJECT.format(name=self.name)]
        for group, points in self.entry_points.items():
            project += [f'[project.entry-points."{group}"]', *(f'{name} = "{it}"' for name, it in points.items())]
        for path, text in {**self.files, "pyproject.toml": "\n".join(project)}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")


def venv_with(folder: Path, *distributions: Distribution) -> Path:
    """Make a venv, install the distributions into it, and say where its Python is. No network is needed."""
    python = folder / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True, timeout=60)
    (packages,) = (folder / "venv" / "lib").glob("python3*/site-packages")
    seen = sysconfig.get_path("purelib")
    (packages / "seen.pth").write_text(f"import site; site.addsitedir({seen!r})\n", "utf-8")
    for each in distributions:
        each.write(folder / each.name)
    sources = [folder / each.name for each in distributions]
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", *options, *sources],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return python
