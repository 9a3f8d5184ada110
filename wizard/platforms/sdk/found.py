"""Finds platforms: ours and those that other distributions bring, by entry points."""

from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points

from wizard.errors import UsageProblem, nearest
from wizard.platforms.sdk.platform import Platform


GROUP = "uplevel.platforms"
"""The group of entry points; each names a `Platform`."""


def platform_of(world: str) -> Platform:
    """The platform that a world is of.

    Raises:
        UsageProblem: No platform has such a world, or one of them cannot be loaded and none of the others has it.
    """
    known: list[str] = []
    for platform in _platforms():
        names = platform.worlds()
        if world in names:
            return platform
        known += names
    raise UsageProblem(f"There is no world called {world}.", nearest(world, known) or f"Worlds: {', '.join(sorted(known))}.")


@cache
def _platforms() -> tuple[Platform, ...]:
    return tuple(_loaded())


def _loaded() -> Iterator[Platform]:
    for point in entry_points(group=GROUP):
        found = point.load()
        if not isinstance(found, Platform):
            raise UsageProblem(f"The entry point {point.name} of {GROUP} names no platform.", f"It names {point.value}.")
        yield found
