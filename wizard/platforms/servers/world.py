"""What a world with real servers behind some of its service instances knows of them."""

from dataclasses import dataclass, field

from wizard.platforms.sdk.world import World


@dataclass(slots=True)
class Contents:
    """What servers hold at the start: about so many rows and sessions. The database has a name."""

    database: str = ""
    rows: int = 0
    sessions: int = 0


@dataclass(slots=True)
class LabFacts:
    """Where the lab is, and what stands on its servers.

    Attributes:
        offerings: Whose instances on the stage stand on real servers; none: there is no lab.
        ports: Ports for those that will be made.
        contents: What those of the start hold.
        folder: The lab's folder.
    """

    offerings: list[str] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    contents: Contents = field(default_factory=Contents)
    folder: str = ""


@dataclass(slots=True)
class DatabaseJob:
    """What somebody else does in the database of a service instance, once a question to it says yes.

    Attributes:
        service: The instance's name.
        when: The question; empty: at once.
        sql: What is run; empty: the ways to the servers are cut.
    """

    service: str
    when: str = ""
    sql: str = ""


@dataclass(slots=True, kw_only=True)
class ServedWorld(World):
    """A world whose service instances may stand on real servers.

    Attributes:
        lab: The process that keeps them.
        database_jobs: What somebody does in their databases.
    """

    lab: LabFacts = field(default_factory=LabFacts)
    database_jobs: list[DatabaseJob] = field(default_factory=list)
