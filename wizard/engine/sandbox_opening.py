"""The sandbox of a rehearsal is made, or opened again; loaded for rehearsals alone."""

from pathlib import Path

from wizard.engine.environments import SandboxEnvironment
from wizard.errors import RecordProblem
from wizard.places.ports import Ports
from wizard.platforms.sdk.client import PlatformProcess
from wizard.platforms.sdk.found import platform_of
from wizard.platforms.sdk.platform import WorldOptions
from wizard.platforms.sdk.sandbox import Sandbox
from wizard.record.events import RehearsalCited
from wizard.session.rehearsing import NO_WORLD


def open_sandbox(
    place: Path, cited: RehearsalCited, stage: str, ports: Ports, *, again: bool, processes: bool
) -> SandboxEnvironment:
    """What the commands of a rehearsal stand on.

    Args:
        place: The sandbox's folder.
        cited: What the record says of the rehearsal.
        stage: What of its world it is about; empty: the world's own first.
        ports: Gives it ports, where it has real servers.
        again: Whether the sandbox was made before.
        processes: Whether its commands are processes.

    Raises:
        UplevelError: It cannot be had.
    """
    sandbox = Sandbox.open(place) if again else _made(place, cited, stage, ports)
    process = PlatformProcess(place) if cited.servers or processes else None
    if process is not None and cited.servers:
        process.start()
    return SandboxEnvironment(sandbox, cited.speed, process, cited.servers)


def _made(place: Path, cited: RehearsalCited, stage: str, ports: Ports) -> Sandbox:
    support = platform_of(cited.world).servers
    try:
        own = ports.take(support.ports) if support is not None and cited.servers else ()
        options = WorldOptions(
            # A world of the procedure's own choice knows its stages; the empty one has none.
            stage=stage if cited.world != NO_WORLD else "",
            seed=cited.seed,
            drill=cited.drill,
            servers=cited.servers,
            ports=own,
        )
        return Sandbox.create(place, cited.world, options)
    except OSError as problem:
        raise RecordProblem(f"The pretend platform in {place} cannot be made: {problem.strerror}.") from problem
