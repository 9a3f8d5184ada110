"""Finds platforms: ours and those that other distributions bring, by entry points."""

from functools import cache
from typing import Any

from wizard.errors import UsageProblem, nearest
from wizard.platforms.sdk.platform import Platform
from wizard.plugins import Plugins


PLATFORMS = Plugins("uplevel.platforms", "platform")
"""Each entry point names a `Platform`."""


def platform_of(world: str) -> Platform[Any]:
    """The platform that a world is of.

    Raises:
        UsageProblem: No platform that can be loaded has such a world.
    """
    platforms, broken = _platforms()
    known = [name for platform in platforms for name in platform.worlds()]
    for platform in platforms:
        if world in platform.worlds():
            return platform
    cure = nearest(world, known) or f"Worlds: {', '.join(sorted(known))}."
    raise UsageProblem(f"There is no world called {world}.", " ".join([cure, *broken]))


@cache
def _platforms() -> tuple[tuple[Platform[Any], ...], tuple[str, ...]]:
    """The platforms, and a sentence about each that cannot be used."""
    found: list[Platform[Any]] = []
    broken: list[str] = []
    for name in PLATFORMS.names():
        try:
            platform = PLATFORMS.load(name)
        except UsageProblem as problem:
            broken.append(problem.sentence)
        else:
            if isinstance(platform, Platform):
                found.append(platform)
            else:
                broken.append(f"The platform {name} is none.")
    return tuple(found), tuple(broken)
