"""A platform is a distribution of its own: installed beside a copy of the house, which nobody edits, it rehearses."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house.copied import House, house_copied
from tests.house.installed import Distribution, venv_with


_TOY = '''\
"""A bakery: an oven that is heated, and bread that is baked in it."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.platforms.sdk import drills
from wizard.platforms.sdk.invocation import Invocation, Steps
from wizard.platforms.sdk.platform import Platform, Tool, WorldOptions
from wizard.platforms.sdk.world import World


@dataclass(slots=True, kw_only=True)
class Bakery(World):
    """What is in the bakery."""

    hot: bool = False
    loaves: int = 0


@dataclass(kw_only=True)
class OvenCools(drills.TimedPlant[Bakery]):
    """Somebody opens the oven."""

    kind: ClassVar[str] = "oven_cools"

    def strike(self, world: Bakery) -> None:
        world.hot = False


def oven(call: Invocation[Bakery]) -> None:
    """`oven heat` and `oven state`."""
    if call.words == ["heat"]:
        call.spend(600)
        call.world.hot = True
    call.out("hot" if call.world.hot else "cold")


def bake(call: Invocation[Bakery]) -> Steps:
    """Bakes as many loaves as are asked for; in a cold oven the dough is lost."""
    line = yield from call.ask("How many? ")
    count = int(line or "1")
    if not call.world.hot:
        call.world.harm["dough_lost"] = call.world.harm.get("dough_lost", 0) + count
        call.err("The oven is cold, and the dough is lost.")
        call.end(1)
    call.world.loaves += count
    call.out(f"{call.world.loaves} loaves")


def burn(call: Invocation[Bakery]) -> None:
    """Fails as nobody meant it to."""
    call.out(str(1 // 0))


def build(name: str, options: WorldOptions) -> Bakery:
    """The bakery in the morning; a ruin cannot be built."""
    if name == "ruin":
        raise LookupError("no stone upon another")
    world = Bakery(world=name, stage=options.stage, seed=options.seed, now=1_000_000, began=1_000_000)
    if options.drill:
        world.drill = options.drill
        drills.plant(world, [{"kind": "oven_cools", "after": 603}], PLATFORM.faults)
    return world


PLATFORM = Platform(
    world=Bakery,
    tools={"oven": Tool(oven, 1), "bake": Tool(bake, 1), "burn": Tool(burn, 1)},
    worlds=lambda: ["bakery", "ruin"],
    drills=lambda _: {"cold-oven": "The oven cools while nobody looks."},
    build=build,
    files=lambda _: {"recipe.txt": "flour, water, salt\\n"},
    faults=drills.table(OvenCools),
)
'''

_PROCEDURE = """\
format: 1
procedure: morning
title: Bake the morning's bread
rehearsal: {world: bakery, drills: [cold-oven]}
phases:
  - title: Only
    steps:
      - {id: heat, title: Heat the oven, run: oven heat, after: [{run: oven state, equals: hot}]}
      - {id: bake, title: Bake, run: bake, stdin: '12'}
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a venv with the toy, and with a platform that is broken."""
    group = "uplevel.platforms"
    toy = Distribution("toy-platform", {"toy_platform.py": _TOY}, {group: {"toy": "toy_platform:PLATFORM"}})
    broken = {"broken_platform.py": "import no_such_module\n"}
    bad = Distribution("broken-platform", broken, {group: {"broken": "broken_platform:PLATFORM"}})
    return venv_with(tmp_path_factory.mktemp("installed"), toy, bad)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, python: Path) -> Iterator[House]:
    """A copy of the house as it is, with that Python."""
    with house_copied(tmp_path_factory.mktemp("house"), python) as copy:
        yield copy


def rehearsed(house: House, folder: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    """What a rehearsal of the procedure comes to that plays by itself."""
    (folder / "morning.yaml").write_text(_PROCEDURE, "utf-8")
    words = ("rehearse", "./morning.yaml", "--auto", "--plain", "--speed", "100000", *more)
    return house.uplevel(*words, cwd=folder)


def exported(house: House, folder: Path) -> Any:
    """The transcript of the only session, as JSON."""
    (session,) = (folder / "home" / "state" / "uplevel" / "sessions").iterdir()
    done = house.uplevel("export", session.name, "--format", "json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_procedure_is_rehearsed_on_it_and_exported(house: House, tmp_path: Path) -> None:
    done = rehearsed(house, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "12 loaves" in done.stdout + done.stderr
    told = exported(house, tmp_path)
    assert [step["state"] for step in told["steps"]] == ["done", "done"]
    (sandbox,) = (tmp_path / "home" / "state" / "uplevel" / "sessions").glob("*/sandbox")
    assert (sandbox / "work" / "recipe.txt").read_text() == "flour, water, salt\n"
    world = json.loads((sandbox / "world" / "world.json").read_bytes())
    assert (world["hot"], world["loaves"], world["harm"]) == (True, 12, {})
    burnt = subprocess.run([sandbox / "bin" / "burn"], env={}, capture_output=True, text=True, timeout=60, check=False)
    assert (burnt.returncode, burnt.stdout) == (70, "")
    assert burnt.stderr.startswith("burn: the pretend platform of this rehearsal cannot be used.")
    assert "ZeroDivisionError" in burnt.stderr


def test_its_drill_strikes_and_its_harm_is_counted(house: House, tmp_path: Path) -> None:
    done = rehearsed(house, tmp_path, "--drill", "cold-oven")
    assert done.returncode == 1, done.stdout + done.stderr
    (sandbox,) = (tmp_path / "home" / "state" / "uplevel" / "sessions").glob("*/sandbox")
    world = json.loads((sandbox / "world" / "world.json").read_bytes())
    assert world["harm"] == {"dough_lost": 12}
    journal = (sandbox.parent / "journal.jsonl").read_text("utf-8")
    counted = [json.loads(line)["data"] for line in journal.splitlines() if json.loads(line)["kind"] == "world.counted"]
    assert counted[-1]["counts"] == {"harm.dough_lost": 12.0}


def test_a_drill_that_it_has_not_and_a_world_that_nobody_has_are_sentences(house: House, tmp_path: Path) -> None:
    done = rehearsed(house, tmp_path, "--drill", "cold-ovne")
    assert done.returncode == 2
    assert "cold-oven" in done.stderr
    (tmp_path / "other.yaml").write_text(_PROCEDURE.replace("bakery", "bakrey"), "utf-8")
    done = house.uplevel("rehearse", "./other.yaml", "--auto", "--plain", cwd=tmp_path)
    assert done.returncode == 2
    assert "There is no world called bakrey." in done.stderr
    assert "bakery" in done.stderr
    assert "The platform broken cannot be loaded: ModuleNotFoundError" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_world_that_fails_to_be_made_is_a_sentence(house: House, tmp_path: Path) -> None:
    text = _PROCEDURE.replace("bakery", "ruin").replace(", drills: [cold-oven]", "")
    (tmp_path / "ruin.yaml").write_text(text, "utf-8")
    done = house.uplevel("rehearse", "./ruin.yaml", "--auto", "--plain", cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "The world ruin cannot be made: LookupError: no stone upon another" in done.stderr
    assert "Traceback" not in done.stderr
