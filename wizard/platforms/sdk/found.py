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
    known, broken = _worlds()
    if world in known:
        return known[world]
    cure = nearest(world, known) or f"Worlds: {', '.join(sorted(known))}."
    raise UsageProblem(f"There is no world called {world}.", " ".join([cure, *broken]))


@cache
def _worlds() -> tuple[dict[str, Platform[Any]], tuple[str, ...]]:
    """The platform of each world, and a sentence about each platform that cannot be used."""
    found: dict[str, Platform[Any]] = {}
    broken: list[str] = []
    for name in PLATFORMS.names():
        try:
            platform = PLATFORMS.load(name)
            if not isinstance(platform, Platform):
                raise UsageProblem(f"The platform {name} is none.")  # noqa: TRY301 - told as what cannot be loaded is
            with PLATFORMS.foreign_code(f"The platform {name} cannot tell its worlds"):
                found |= dict.fromkeys(platform.worlds(), platform)
        except UsageProblem as problem:
            broken.append(problem.sentence)
    return found, tuple(broken)
