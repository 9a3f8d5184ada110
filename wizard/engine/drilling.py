"""Which drills a rehearsal of a procedure may plant."""

from wizard.errors import UsageProblem, nearest
from wizard.procedure import Procedure
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
    from wizard.rehearsal.estate import known_drills

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
