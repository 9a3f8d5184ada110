"""The pretend commands by name, and the one function that answers for all of them."""

from collections.abc import Callable, Mapping, Sequence

from wizard.platforms.cloudfoundry.cli import verbs
from wizard.platforms.digitalmarketplace import curl, docker, faults, index_scripts, jenkins, make
from wizard.platforms.digitalmarketplace.call import Call
from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.sdk import drills
from wizard.platforms.sdk.invocation import (
    CommandEnded,
    InvocationResult,
    NeedsInput,
    OpensTunnel,
    Streaming,
    Tunnel,
    WorkDir,
)


TOOLS: dict[str, tuple[Callable[[Call], None], int]] = {
    "cf": (verbs.run, 2),
    "curl": (curl.run, 1),
    "docker": (docker.run, 2),
    "index-to-search-service.py": (index_scripts.index, 3),
    "jenkins": (jenkins.run, 2),
    "make": (make.run, 2),
    "update-index-alias.py": (index_scripts.alias, 3),
}
"""Each tool's name, what carries it out, and the world seconds a call of it costs at the least."""


def play(
    world: EstateWorld,
    words: Sequence[str],
    environment: Mapping[str, str] | None = None,
    typed: Sequence[str] = (),
    *,
    closed: bool = True,
    place: WorkDir | None = None,
    cursor: str = "",
) -> InvocationResult[EstateWorld]:
    """Carry out a pretend command. The world that is given stays as it is.

    Args:
        world: The world before.
        words: The command, its bare name first.
        environment: The command's environment.
        typed: The lines typed at its prompts so far.
        closed: No more lines will come. Else a prompt without its line gives an answer whose code is None; ask again
            with the line added.
        place: Where it runs; the present folder, with nowhere to write, unless given.
        cursor: The cursor of the answer before, where the command follows what happens.

    Raises:
        KeyError: There is no such pretend command.
    """
    carry_out, cost = TOOLS[words[0]]
    own = world.copy()
    call = Call(own, words[1:], environment or {}, typed, closed=closed, place=place or WorkDir(), cursor=cursor)
    code: int | None = 0
    follows: str | None = None
    way: Tunnel | None = None
    try:
        call.spend(cost)
        drills.tick(call.world, faults.KINDS)
        carry_out(call)
    except CommandEnded as ended:
        code = ended.code
    except NeedsInput:
        code = None
    except Streaming as following:
        code, follows = None, following.cursor
    except OpensTunnel as opening:
        code, way = None, opening.way
    after = world if code is None and way is None else call.world
    return InvocationResult(call.pieces, code, after, call.seconds, cursor=follows, way=way)
