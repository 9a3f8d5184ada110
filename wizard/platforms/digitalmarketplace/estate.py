"""The file of the estate: beside what its platform has, what its own tools work with."""

from dataclasses import dataclass, field
from functools import cache

from wizard.platforms.cloudfoundry.estate import CloudEstate, read_estate
from wizard.platforms.digitalmarketplace.world import EstateWorld


@dataclass(kw_only=True)
class Estate(CloudEstate):
    """The estate.

    Attributes:
        documents: How many of each framework the database holds.
        bases: The Debian release that each tag of the nginx image stands on.
    """

    documents: dict[str, int] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)


@cache
def estate_of(name: str) -> dict[str, Estate]:
    """What the file of an estate says, by its stages.

    Raises:
        UsageProblem: There is no such estate, or its file is wrong.
    """
    return read_estate(name, Estate)


def at(world: EstateWorld) -> Estate:
    """What the file of a world's estate says of the stage that is worked on."""
    return estate_of(world.world)[world.stage]
