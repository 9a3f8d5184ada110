"""The lock: every dependency, one version each, by hash, and no address of any registry."""

import re
import tomllib

from packaging.requirements import Requirement

from tests.house.house import ROOT


_LOCK = (ROOT / ".ci" / "requirements.lock").read_text("utf-8")


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pinned() -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", _LOCK, flags=re.MULTILINE)
    return {_canonical(name): version for name, version in found}


def _wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    written = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["test"]
    return [Requirement(line) for line in written + project["build-system"]["requires"]]


def test_every_dependency_is_locked_to_a_version_that_the_project_allows() -> None:
    pinned = _pinned()
    wrong = {
        str(wanted): pinned.get(_canonical(wanted.name), "missing")
        for wanted in _wanted()
        if not wanted.specifier.contains(pinned.get(_canonical(wanted.name), "0.0.0.dev0"))
    }
    assert wrong == {}


def test_each_version_is_held_by_its_hash() -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9])", _LOCK, flags=re.MULTILINE)
    unheld = [block.split()[0] for block in blocks if block.strip() and "--hash=sha256:" not in block]
    assert unheld == []


def test_the_lock_names_no_address() -> None:
    assert "://" not in _LOCK
    assert not [line for line in _LOCK.splitlines() if line.startswith("-")]
