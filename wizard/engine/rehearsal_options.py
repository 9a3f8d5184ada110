"""What a rehearsal of a procedure plays on, and which drills it may plant."""

from wizard.errors import UsageProblem, nearest
from wizard.model.procedure import Procedure
from wizard.session.rehearsing import NO_WORLD


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
    from wizard.platforms.digitalmarketplace.scenario import known_drills

    world = world_of(procedure)
    known = known_drills(world)
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
    from wizard.platforms.servers.lab import why_not

    wanted = procedure.rehearsal.lab if procedure.rehearsal is not None else {}
    return tuple(offering for offering in wanted if not why_not([offering]))


def without_servers(procedure: Procedure) -> tuple[str, bool]:
    """Why a rehearsal of the procedure has no real servers of some offerings here, and whether it cannot do without.

    Returns:
        A sentence, empty when nothing is missing; and whether one of them is needed.
    """
    from wizard.platforms.servers.lab import why_not

    wanted = procedure.rehearsal.lab if procedure.rehearsal is not None else {}
    real = real_servers(procedure)
    lacking = [offering for offering in wanted if offering not in real]
    return why_not(lacking) if lacking else "", any(wanted[offering] == "needed" for offering in lacking)


def servers_words(procedure: Procedure) -> str:
    """What a start page says of a rehearsal's real servers, behind the name of its world; empty where it wants none."""
    from wizard.platforms.servers.lab import NAMES

    real = " and ".join(NAMES[offering] for offering in real_servers(procedure))
    lacking, _ = without_servers(procedure)
    return (f", with real {real} servers" if real else "") + (f". {lacking}" if lacking else "")
