"""Local ports for the tunnels of a rehearsal, free just now."""

import socket
from contextlib import ExitStack


def free_ports() -> dict[str, str]:
    """Values of the parameters that name them."""
    with ExitStack() as stack:
        found = {}
        for name in ("old_port", "new_port", "clone_port"):
            holder = stack.enter_context(socket.socket())
            holder.bind(("127.0.0.1", 0))
            found[name] = str(holder.getsockname()[1])
    return found
