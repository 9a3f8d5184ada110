"""What a server of the lab is to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """A server that a service instance stands on.

    Attributes:
        guid: The instance's.
        offering: `postgres` or `redis`.
        port: Its TCP port on the loopback address.
        major: The major version that its plan names.
        source: The guid of the instance whose contents it begins with; empty for none.
        original: Whether the estate had it from the start, so that it is filled.
        logins: User and password of each binding and key of a database.
        password: The one password of a Redis.
        logical: Whether the platform team has prepared it for logical replication.
        database: The name of its database.
        megabytes: Memory that its plan gives it; 0 where it says nothing of that.
    """

    guid: str
    offering: str
    port: int
    major: int
    source: str = ""
    original: bool = False
    logins: Mapping[str, str] = field(default_factory=dict, repr=False)
    password: str = field(default="", repr=False)
    logical: bool = False
    database: str = ""
    megabytes: int = 0
