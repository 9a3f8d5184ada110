"""What every pretend platform gets from the sdk: a typed world that is kept as JSON, and drills of kinds of its own."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from wizard.errors import UsageProblem
from wizard.platforms.sdk import drills
from wizard.platforms.sdk.drills import Plant, Spoiler, TimedPlant
from wizard.platforms.sdk.world import World


@dataclass(slots=True, kw_only=True)
class Shop(World):
    """A platform of two things: a till, and loaves that are baked for an hour."""

    till: int = 0
    ready_at: dict[str, int] = field(default_factory=dict)
    loaves: list[str] = field(default_factory=list)

    def settle(self) -> None:
        done = [name for name, at in self.ready_at.items() if at <= self.now]
        self.loaves += done
        for name in done:
            del self.ready_at[name]


@dataclass(kw_only=True)
class Robbed(Plant[Shop]):
    """Somebody empties the till beforehand."""

    kind: ClassVar = "robbed"

    def strike(self, world: Shop) -> None:
        world.till = 0


@dataclass(kw_only=True)
class PowerCut(TimedPlant[Shop]):
    """What is in the oven is lost."""

    kind: ClassVar = "power_cut"

    def strike(self, world: Shop) -> None:
        world.ready_at.clear()
        world.harm["loaves"] = world.harm.get("loaves", 0) + 1


@dataclass(kw_only=True)
class Burnt(Spoiler[Shop]):
    """A loaf is burnt."""

    kind: ClassVar = "burnt"
    loaf: str = ""


KINDS = drills.table(Robbed, PowerCut, Burnt)


def shop(*plants: dict[str, Any]) -> Shop:
    made = Shop(world="corner", stage="street", seed=4, now=1000, began=1000, till=50)
    drills.plant(made, plants, KINDS)
    return made


def test_time_settles_what_is_due() -> None:
    made = shop()
    made.ready_at = {"rye": 1060, "oat": 1200}
    made.advance(60)
    assert (made.now, made.loaves, made.ready_at) == (1060, ["rye"], {"oat": 1200})
    made.advance(-5)
    assert made.now == 1060


def test_a_world_is_read_as_it_was_written_and_a_copy_shares_nothing() -> None:
    made = shop({"kind": "power_cut", "after": 9})
    made.harm["loaves"] = 2
    again = Shop.read(made.write())
    assert again == made
    assert [made.between(1, 6) for _ in range(5)] == [again.between(1, 6) for _ in range(5)]
    copy = made.copy()
    copy.harm["loaves"] = 3
    copy.armed.clear()
    assert (made.harm, made.armed) == ({"loaves": 2}, [{"kind": "power_cut", "after": 9}])


def test_what_is_wrong_with_a_world_is_said_in_a_line_without_what_stands_there() -> None:
    text = shop().write().replace(b'"till":50', b'"till":"s3cret"')
    with pytest.raises(ValueError, match=r"^till: Input should be a valid integer") as wrong:
        Shop.read(text)
    assert "s3cret" not in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_some_plants_act_at_once_and_others_wait_for_their_hour() -> None:
    made = shop({"kind": "robbed"}, {"kind": "power_cut", "after": 30})
    assert made.till == 0
    made.ready_at = {"rye": 5000}
    drills.tick(made, KINDS)
    assert made.ready_at
    made.advance(30)
    drills.tick(made, KINDS)
    drills.tick(made, KINDS)
    assert (made.ready_at, made.armed, made.harm) == ({}, [], {"loaves": 1})


def test_a_spoiler_waits_for_the_deed_it_is_about_so_many_times() -> None:
    made = shop({"kind": "burnt", "loaf": "rye", "times": 2})
    assert drills.take(made, Burnt, loaf="oat") is None
    assert drills.take(made, Burnt, loaf="rye") is not None
    assert made.armed == [{"kind": "burnt", "loaf": "rye", "times": 1}]
    assert drills.take(made.copy(), Burnt, loaf="rye") is not None
    assert drills.take(made, Burnt, loaf="rye") is not None
    assert drills.take(made, Burnt, loaf="rye") is None


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        ({"kind": "burn"}, "A drill plants burn, which this platform does not know. Did you mean burnt?"),
        ({}, "A drill plants nothing, which this platform does not know."),
        ({"kind": "power_cut", "aftr": 3}, "A drill cannot plant power_cut so. aftr: Unexpected keyword argument."),
        ({"kind": "power_cut", "after": "soon"}, "A drill cannot plant power_cut so. after: Input should be a valid"),
    ],
)
def test_an_unknown_kind_or_field_is_refused_when_the_world_is_built(plant: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        shop(plant)
    assert f"{refused.value} {refused.value.cure}".startswith(said)
