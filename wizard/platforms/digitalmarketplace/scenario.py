"""The world of a rehearsal on the estate: built from its file, with real servers and a drill where those are wanted."""

from wizard.errors import UsageProblem, nearest
from wizard.places import asset
from wizard.platforms.cloudfoundry import building
from wizard.platforms.cloudfoundry.estate import read_estate
from wizard.platforms.digitalmarketplace.estate import Estate
from wizard.platforms.digitalmarketplace.faults import KINDS
from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.sdk import drills
from wizard.platforms.sdk.platform import WorldOptions
from wizard.platforms.servers.world import LabFacts


def known_worlds() -> list[str]:
    """The names of the estates that there are."""
    return sorted(one.stem for one in asset("worlds").glob("*.yaml"))


def build(name: str, options: WorldOptions) -> EstateWorld:
    """The world of an estate that ships with uplevel.

    Raises:
        UsageProblem: There is no such estate, or it has no such stage or drill.
    """
    estates = read_estate(Estate, name)
    world = building.build(EstateWorld, name, estates, stage=options.stage, seed=options.seed)
    estate = estates[world.stage]
    world.documents = {space: dict(one.documents) for space, one in estates.items()}
    world.bases = dict(estate.bases)
    if options.servers:
        world.lab = LabFacts(list(options.servers), list(options.ports), estate.contents)
        for service in world.site.services.values():
            service.server = world.server(world.site, service.offering, original=True)
    if options.drill:
        _plant(world, estate, options.drill)
    return world


def _plant(world: EstateWorld, estate: Estate, drill: str) -> None:
    found = estate.drills
    if drill not in found:
        listed = f"Drills: {', '.join(found)}." if found else "It has none."
        raise UsageProblem(f"The world {world.world} has no drill {drill}.", nearest(drill, found) or listed)
    world.drill = drill
    drills.plant(world, found[drill].plants, KINDS)


def known_drills(name: str) -> dict[str, str]:
    """The drills of an estate: what happens in each, by name.

    Raises:
        UsageProblem: There is no such estate.
    """
    return {drill: given.about for drill, given in next(iter(read_estate(Estate, name).values())).drills.items()}


def files(world: EstateWorld) -> dict[str, str]:
    """The files that stand in the folder where commands start, by path: what of the repositories the procedures touch.

    Args:
        world: A world that `build` made; a drill may have changed some of them.

    Raises:
        KeyError: A drill changes a file or a text that is not there.
    """
    found = dict(world.estate.files)
    for change in world.changed:
        if change.old not in found[change.path]:
            raise KeyError(change.old)
        found[change.path] = found[change.path].replace(change.old, change.new)
    return found
