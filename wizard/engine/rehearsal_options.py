"""What a rehearsal of a procedure plays on, and which drills it may plant."""

from typing import TYPE_CHECKING

from wizard.errors import UsageProblem, nearest
from wizard.model.procedure import Procedure
from wizard.session.rehearsing import NO_WORLD


if TYPE_CHECKING:
    from wizard.platforms.sdk.platform import ServerSupport


def world_of(procedure: Procedure) -> str:
    """The name of the world that a procedure is rehearsed on."""
    rehearsal = procedure.rehearsal
    return rehearsal.world if rehearsal is not None and isinstance(rehearsal.world, str) else NO_WORLD


def offered_drills(procedure: Procedure) -> dict[str, str]:
    """What happens in each drill that may be planted, by name: those that the procedure lists, else all of its world.

    Raises:
        UsageProblem: There is no such world, or it lacks a drill that the procedure lists.
    """
    # Imported late: only a rehearsal needs the pretend platform.
    from wizard.platforms.sdk.found import PLATFORMS, platform_of

    world = world_of(procedure)
    platform = platform_of(world)
    with PLATFORMS.foreign_code(f"The drills of the world {world} cannot be told"):
        known = dict(platform.drills(world))
    listed = procedure.rehearsal.drills if procedure.rehearsal is not None else ()
    for name in listed:
        if name not in known:
            sentence = f"{procedure.procedure} offers the drill {name}, which the world {world} does not have."
            raise UsageProblem(sentence, nearest(name, known) or "Take it out of the procedure's drills.")
    return {name: known[name] for name in listed} if listed else known


def require_drill(procedure: Procedure, name: str) -> None:
    """Refuse a drill that may not be planted.

    Raises:
        UsageProblem: The procedure does not offer it; the sentence names the nearest.
    """
    offered = offered_drills(procedure)
    if name not in offered:
        cure = nearest(name, offered) or (f"Drills: {', '.join(offered)}." if offered else "It offers none.")
        raise UsageProblem(f"{procedure.procedure} has no drill {name}.", cure)


def real_servers(procedure: Procedure) -> tuple[str, ...]:
    """The offerings of the procedure whose instances stand on real servers in a rehearsal on this machine."""
    wanted = _wanted_servers(procedure)
    if not wanted or (support := _support(procedure)) is None:
        return ()
    return tuple(offering for offering in wanted if not support.why_not([offering]))


def without_servers(procedure: Procedure) -> tuple[str, bool]:
    """Why a rehearsal of the procedure has no real servers of some offerings here, and whether it cannot do without.

    Returns:
        A sentence, empty when nothing is missing; and whether one of them is needed.
    """
    wanted = _wanted_servers(procedure)
    real = real_servers(procedure)
    lacking = [offering for offering in wanted if offering not in real]
    support = _support(procedure) if lacking else None
    why = "" if support is None else support.why_not(lacking)
    return why, any(wanted[offering] == "needed" for offering in lacking)


def servers_words(procedure: Procedure) -> str:
    """What a start page says of a rehearsal's real servers, behind the name of its world; empty where it wants none."""
    found = real_servers(procedure)
    support = _support(procedure) if found else None
    real = "" if support is None else " and ".join(support.names[offering] for offering in found)
    lacking, _ = without_servers(procedure)
    return (f", with real {real} servers" if real else "") + (f". {lacking}" if lacking else "")


def _wanted_servers(procedure: Procedure) -> dict[str, str]:
    wanted = procedure.rehearsal.lab if procedure.rehearsal is not None else {}
    return {str(name): str(how) for name, how in wanted.items()}


def _support(procedure: Procedure) -> "ServerSupport | None":
    """Which real servers the platform of a procedure's world can have."""
    from wizard.platforms.sdk.found import platform_of

    return platform_of(world_of(procedure)).servers
