"""The local ports of a session: chosen when it is opened, the same in it from then on."""

from wizard.engine.request import Preparation
from wizard.errors import UsageProblem
from wizard.places.ports import NoPort, Ports, is_free
from wizard.session import SessionState


def choose_ports(ports: Ports, preparation: Preparation) -> dict[str, str]:
    """The ports that the procedure names: what the operator said, else one that is free.

    Raises:
        UsageProblem: None is free.
    """
    given = preparation.ports
    try:
        free = iter(ports.take(sum(not port for port in given.values())))
    except NoPort as problem:
        raise UsageProblem(f"{problem.strerror}.", "Close what listens on ports 20000 to 31999.") from problem
    ports.keep([int(port) for port in given.values() if port])
    return {name: port or str(next(free)) for name, port in given.items()}


def taken_ports(state: SessionState) -> list[str]:
    """A sentence for each port of the session that somebody else listens on by now."""
    return [
        f"Port {port} of this machine, which this session uses as {name}, is taken by another program. End that one, "
        "or begin a new session, which takes another port."
        for name, port in state.opened.ports.items()
        if not is_free(int(port))
    ]
