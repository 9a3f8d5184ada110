"""What a Cloud Foundry platform is made of: each thing with what is known of it. Names may change, guids do not."""

from dataclasses import dataclass, field
from typing import NamedTuple

from wizard.platforms.sdk.world import Json


@dataclass(slots=True)
class Cli:
    """The CLI of this machine; its major version is 7 or 8."""

    major: int
    version: str


@dataclass(slots=True)
class Target:
    """What the CLI is pointed at. The token is `good`, `expired` or `none`."""

    api: str
    version: str
    user: str
    org: str
    space: str
    token: str = "good"  # noqa: S105 - the state of a login, not a secret


@dataclass(slots=True)
class Quota:
    """How much there may be in the organisation."""

    name: str
    services: int
    memory: str
    paid: bool


@dataclass(slots=True)
class Plan:
    """A size in which an offering can be had."""

    description: str
    free: bool
    costs: str


@dataclass(slots=True)
class Takes:
    """How long a broker takes: the fewest and the most seconds."""

    create: tuple[int, int]
    delete: tuple[int, int]
    update: tuple[int, int] = (120, 600)


@dataclass(slots=True)
class Offering:
    """A kind of service in the marketplace.

    Attributes:
        broker: Who makes its instances.
        description: For the marketplace.
        documentation: An address.
        tags: What apps may find it by.
        takes: How long things take.
        plans: By name.
        updates: Which change of plan is possible in place: `none`, `size`, `next major`.
        message: What the broker tells of an instance, by name.
        brokers: How many brokers have an offering of this name.
    """

    broker: str
    description: str
    documentation: str
    tags: list[str]
    takes: Takes
    plans: dict[str, Plan]
    updates: str = "none"
    message: dict[str, str] = field(default_factory=dict)
    brokers: int = 1


@dataclass(slots=True)
class LastOperation:
    """What a broker did last with an instance, or does.

    Attributes:
        type: `create`, `update` or `delete`.
        started: When, in world time.
        seconds: How long it takes.
        outcome: What it comes to: `succeeded` or `failed`.
        message: What the broker says of it.
        plan: The plan that an update leads to; empty for the one it has.
    """

    type: str
    started: int
    seconds: int
    outcome: str = "succeeded"
    message: str = ""
    plan: str = ""


@dataclass(slots=True)
class SearchIndex:
    """An index of a search service: whose documents it holds, how many, and how they are laid out."""

    mapping: str
    framework: str
    mapping_version: str
    documents: int = 0
    hash: str = ""
    holds: str = ""
    aliases: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RealServer:
    """The real server under a service instance; `original`: the estate had it from the start, so that it is filled."""

    port: int
    original: bool = False


@dataclass(slots=True, kw_only=True)
class Service:
    """A service instance; one that a user provided has no offering.

    Attributes:
        restored_from: The guid of the instance whose contents it began with; empty for none.
        server: Where it stands on one.
    """

    guid: str
    name: str
    offering: str = ""
    plan: str = ""
    broker: str = ""
    params: Json = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    indices: dict[str, SearchIndex] = field(default_factory=dict)
    restored_from: str = ""
    last: LastOperation
    server: RealServer | None = None


@dataclass(slots=True)
class Binding:
    """What opens a service instance to an app; its name is the one that the app finds it by, empty for its own."""

    guid: str
    app: str
    service: str
    name: str
    created: int
    params: Json = field(default_factory=dict)


@dataclass(slots=True)
class ServiceKey:
    """What opens a service instance to somebody who is no app."""

    guid: str
    name: str
    service: str
    created: int
    params: Json = field(default_factory=dict)


@dataclass(slots=True)
class Route:
    """An address.

    Attributes:
        apps: The guids of the apps it leads to, and since when.
        service: The guid of the route service in front of it; empty for none.
        visits: Seconds between two requests of the public; 0 when nobody knows it.
    """

    guid: str
    host: str
    domain: str
    path: str
    apps: dict[str, int] = field(default_factory=dict)
    service: str = ""
    visits: int = 0
    created: int = 0


@dataclass(slots=True)
class Manifest:
    """What the pipeline deploys an app with."""

    routes: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    instances: int = 1
    memory: str = "512M"


@dataclass(slots=True)
class HealthCheck:
    """How the platform finds out whether an app is well."""

    type: str = "http"
    endpoint: str = "/_status?ignore-dependencies"
    timeout: int = 60


@dataclass(frozen=True, slots=True)
class Held:
    """What a process was started with: a name, and the guids of service instance and binding."""

    name: str
    service: str
    binding: str


class LogLine(NamedTuple):
    """A line of an app's log; `number` goes up by one with each."""

    at: int
    source: str
    stream: str
    text: str
    number: int


class AppEvent(NamedTuple):
    """What was done to an app, by whom."""

    at: int
    kind: str
    actor: str
    about: str


@dataclass(slots=True)
class Task:
    """A command that runs once beside an app."""

    id: int
    name: str
    command: str
    started: int
    seconds: int
    outcome: str


@dataclass(slots=True, kw_only=True)
class App:
    """An app, and the process that runs of it.

    Attributes:
        looks_up: The variables that name a service which the process looks for, and the names where they are not set.
        state: What is wanted: `started` or `stopped`.
        process: What is: `running`, `crashed` or `down`.
        staged: Whether the image was fetched.
        since: When the process came to be what it is.
        vcap: What is frozen into the process.
        logged: How many lines were logged so far.
    """

    guid: str
    name: str
    image: str
    instances: int = 1
    memory: str = "512M"
    disk: str = "2G"
    looks_up: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    health: HealthCheck = field(default_factory=HealthCheck)
    state: str = "stopped"
    process: str = "down"
    staged: bool = False
    uploaded: int
    since: int
    vcap: list[Held] = field(default_factory=list)
    logs: list[LogLine] = field(default_factory=list)
    logged: int = 0
    events: list[AppEvent] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)


LATEST = "latest"
"""Stands for the releases of an image that are not named."""


@dataclass(slots=True)
class ImageKind:
    """What the images of a name have: the services they look up, and the versions of programs by release."""

    looks_up: dict[str, str] = field(default_factory=dict)
    software: dict[str, dict[str, str]] = field(default_factory=dict)
