"""Worlds that an earlier uplevel wrote, with commands played on them: they are read, kept whole, and go on as they did.

What their commands said then, before and after, stands beside them.
"""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.played import play
from wizard.platforms.digitalmarketplace.world import EstateWorld


WORLDS = Path(__file__).parent / "worlds"
NAMES = ("reader-and-lab", "database-jobs")
OF_A_PROCESS = {"/lab/control", "/lab/token"}
"""Where a process listened that is over."""


@pytest.mark.parametrize("name", NAMES)
def test_all_that_stood_in_the_file_stands_in_it_again(name: str) -> None:
    text = (WORLDS / f"{name}.json").read_bytes()
    assert set(lost(json.loads(text), json.loads(EstateWorld.read(text).write()))) <= OF_A_PROCESS


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_world_carries_on(name: str) -> None:
    world = EstateWorld.read((WORLDS / f"{name}.json").read_bytes())
    told = (WORLDS / f"{name}.txt").read_text(encoding="utf-8")
    said = ""
    for line in (line[2:] for line in told.splitlines() if line.startswith("$ ")):
        answer = play(world, shlex.split(line))
        world = answer.world
        said += f"$ {line}\n{answer.stdout}{answer.stderr}[{answer.code}]\n"
    assert said == told


def test_a_word_that_is_no_text_is_kept_as_a_question_mark() -> None:
    world = EstateWorld.read((WORLDS / "database-jobs.json").read_bytes())
    cf = ["cf", "set-env", "api", "NAME", "caf\udce9"]
    app = play(world, cf).world.copy().space.app("api")
    assert app is not None
    assert app.env["NAME"] == "caf?"


def lost(before: Any, after: Any, at: str = "") -> list[str]:
    """What is not as it was; what is new beside it does not count."""
    if isinstance(before, dict) and isinstance(after, dict):
        kept = [name for name in before if name in after]
        gone = [f"{at}/{name}" for name in before if name not in after]
        return gone + [each for name in kept for each in lost(before[name], after[name], f"{at}/{name}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [each for number, pair in pairs for each in lost(*pair, f"{at}/{number}")]
    return [] if before == after else [at]
