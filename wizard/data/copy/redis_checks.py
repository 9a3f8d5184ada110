"""What must hold before a single session is copied."""

from wizard.data.compare.redis import size
from wizard.data.compare.redis_link import ServerFacts
from wizard.errors import UsageProblem


class CopyRefused(UsageProblem):
    """The copy was not begun; nothing was changed."""

    title = "Nothing is copied"


def require_fit(old: ServerFacts, new: ServerFacts) -> None:
    """See that the new server can take what the old one has.

    Raises:
        CopyRefused: It cannot; the sentence says why.
    """
    if not old.run_id or not new.run_id:
        raise CopyRefused(
            "A server does not tell its run_id, so it cannot be ruled out that both are the same.",
            "Use the server's own address, not that of a proxy.",
        )
    if old.run_id == new.run_id:
        raise CopyRefused("Both addresses lead to one and the same server.", "Look at what the two variables hold.")
    if old.cluster or new.cluster:
        raise CopyRefused(
            "A server is part of a cluster; only single servers are copied.", "Use the platform's own way."
        )
    if new.role != "master":
        raise CopyRefused("The new server is a replica and takes no writes.", "Use the address of its master.")
    if new.series < old.series:
        raise CopyRefused(
            f"The new server has version {new.version}, the old one {old.version}: an older server cannot read "
            "the values of a newer one.",
            "Create the new service with a plan of the same version or a later one.",
        )
    if new.limit and new.limit < old.used:
        raise CopyRefused(
            f"The new server may use {size(new.limit)} of memory, and the old one uses {size(old.used)}: "
            "it would throw sessions out or refuse them.",
            "Create the new service with a larger plan.",
        )
