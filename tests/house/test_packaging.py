"""The wheel that is installed: what is in it, and that it finds its assets."""

import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.house.house import ROOT


_BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built here and without a network: the build backend is in the lock."""
    into = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-c", _BUILD, str(into)], capture_output=True, text=True, check=False, cwd=ROOT, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return into / done.stdout.split()[-1]


def test_the_wheel_holds_two_packages_and_its_own_card(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"wizard", "screens"}
    assert len(tops) == 3


def test_every_asset_is_in_the_wheel_and_found_there(wheel: Path, tmp_path: Path) -> None:
    shipped = {path.relative_to(ROOT / "assets").as_posix() for path in (ROOT / "assets").rglob("*") if path.is_file()}
    with zipfile.ZipFile(wheel) as archive:
        inside = {name.removeprefix("wizard/_assets/") for name in archive.namelist() if "/_assets/" in name}
        archive.extractall(tmp_path)
    assert inside == shipped
    asks = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from wizard.places import asset; print(asset('procedures/redis.yaml'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asks, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        timeout=60,
    )
    found = Path(done.stdout.strip())
    assert found == tmp_path / "wizard" / "_assets" / "procedures" / "redis.yaml"
    assert found.is_file()


def test_the_wheel_is_marked_typed_and_not_for_upload(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        card = archive.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode()
        commands = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    assert {"wizard/py.typed", "screens/py.typed"} <= set(names)
    assert "Classifier: Private :: Do Not Upload" in card
    assert "uplevel = screens.launch:main" in commands


def test_the_version_is_written_once_and_can_be_asked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert version("uplevel-wizard") == project["version"]
