"""What opens a server."""

from dataclasses import asdict, dataclass, field

from wizard.platforms.sdk.world import Json


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens a service instance; user and name of a database where it has some."""

    host: str
    port: int
    password: str = field(repr=False)
    uri: str = field(default="", repr=False)
    username: str = ""
    name: str = ""

    def json(self) -> Json:
        """As a platform hands them out."""
        return {key: value for key, value in sorted(asdict(self).items()) if value or key == "password"}
