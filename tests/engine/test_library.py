"""Procedures are found by name or path, and none hides another."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from wizard import places
from wizard.errors import UsageProblem
from wizard.model import library
from wizard.model.library import clashes, find, head, heads, problems


def procedure(name: str, steps: str = "  - {id: a, title: A, run: ls}\n") -> str:
    return (
        f"format: 1\nprocedure: {name}\ntitle: Upgrade {name}\nsummary: |\n  One line\n  and more.\n\n  Not this.\n"
        f"phases:\n- title: P\n  steps:\n{steps}"
    )


@pytest.fixture
def shelves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("built", "config/procedures", "work/procedures"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(library, "asset", lambda _relative: tmp_path / "built")
    monkeypatch.setattr(library, "config_dir", lambda: tmp_path / "config")
    monkeypatch.chdir(tmp_path / "work")
    (tmp_path / "built/redis.yaml").write_text(procedure("redis"))
    (tmp_path / "config/procedures/mine.yml").write_text(procedure("warm-cache"))
    return tmp_path


def test_heads_come_shelf_by_shelf(shelves: Path) -> None:
    (shelves / "work/procedures/x.yaml").write_text(procedure("here-only"))
    (shelves / "work/procedures/notes.txt").write_text("no procedure")
    found = heads()
    assert [(known.name, known.origin, known.steps) for known in found] == [
        ("redis", "built in", 1),
        ("warm-cache", "yours", 1),
        ("here-only", "here", 1),
    ]
    assert found[0].title == "Upgrade redis"
    assert found[0].summary == "One line and more."


def test_by_name_or_by_path(shelves: Path) -> None:
    assert find("redis") == shelves / "built/redis.yaml"
    assert find("./any/where.yaml") == Path("any/where.yaml")
    assert find("where.yml") == Path("where.yml")
    with pytest.raises(UsageProblem, match=r"no procedure called rediss\. Did you mean redis\?"):
        find("rediss")
    with pytest.raises(UsageProblem, match=r"There are redis, warm-cache\."):
        find("zzz")


def test_a_clash_is_reported_and_neither_wins(shelves: Path) -> None:
    (shelves / "work/procedures/redis.yaml").write_text(procedure("redis"))
    (said,) = clashes(heads())
    assert "2 procedures are called redis" in said
    with pytest.raises(UsageProblem, match="Name one by its path"):
        find("redis")


def test_a_file_that_cannot_be_read_is_listed_with_its_problem(shelves: Path) -> None:
    folder = shelves / "work/procedures"
    (folder / "broken.yaml").write_text("title: [")
    (folder / "binary.yaml").write_bytes(b"\xff\xfe")
    (folder / "deep.yaml").write_text("[" * 900_000)
    (folder / "list.yaml").write_text("- a")
    (folder / "empty.yaml").write_text("")
    (folder / "odd.yaml").write_text("{[a]: b, title: *x, phases: {steps: 3}}")
    found = {known.name: known for known in heads() if known.origin == "here"}
    assert set(found) == {"broken", "binary", "deep", "list", "empty", "odd"}
    assert len(list(problems(list(found.values())))) == 5
    assert found["odd"].steps == 0


def test_included_steps_count(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(procedure("p", "  - include: c/a.yaml\n  - {id: z, title: Z, run: ls}\n"))
    (tmp_path / "c").mkdir()
    (tmp_path / "c/a.yaml").write_text("- {id: a}\n- {id: b}\n- include: none.yaml\n- include: a.yaml\n")
    assert head(tmp_path / "p.yaml", "here").steps == 7


def test_heads_need_no_models() -> None:
    show = (
        "import sys, wizard.model.library as l; l.heads(); "
        "sys.exit({'pydantic', 'jmespath'} & sys.modules.keys() != set())"
    )
    assert subprocess.run([sys.executable, "-c", show], check=False).returncode == 0


def test_no_built_in_text_names_a_step_by_a_number() -> None:
    """Steps that do not apply are counted too, so the manual's numbers are not those on the screen."""
    files = [file for file in places.asset("procedures").rglob("*.yaml") if file.is_file()]
    named = [
        f"{file.name}: {line.strip()}"
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"\bsteps? [0-9]", line)
    ]
    assert files
    assert named == []
