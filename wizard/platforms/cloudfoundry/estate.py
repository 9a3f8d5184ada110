"""The file of an estate on the platform: what there is on the day a rehearsal begins, and what can go wrong there."""

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, TypeVar

import yaml
from pydantic import ConfigDict, ValidationError

from wizard.errors import UsageProblem
from wizard.places import asset
from wizard.platforms.cloudfoundry.things import Cli, Quota, Takes
from wizard.platforms.sdk.adapters import adapter_of, first_mistake
from wizard.platforms.sdk.world import Json
from wizard.platforms.servers.world import Contents


STRICT = ConfigDict(extra="forbid")
"""A word that means nothing is a mistake."""


class PlanEntry(NamedTuple):
    """A plan, and what it costs: `free`, or in words."""

    description: str
    cost: str


@dataclass(kw_only=True)
class OfferingEntry:
    """An offering of the marketplace."""

    __pydantic_config__: ClassVar = STRICT
    broker: str
    description: str
    documentation: str
    tags: list[str]
    takes: Takes
    plans: dict[str, PlanEntry]
    updates: str = "none"
    message: dict[str, str] = field(default_factory=dict)


class IndexEntry(NamedTuple):
    """An index that was filled before the rehearsal began: its mapping, its alias, and whose documents it holds."""

    mapping: str
    alias: str
    framework: str
    documents: int


class MappingEntry(NamedTuple):
    """How documents are laid out: the framework that this was generated from, and its version."""

    framework: str
    version: str


@dataclass(kw_only=True)
class ServiceEntry:
    """A service instance that each stage has."""

    __pydantic_config__: ClassVar = STRICT
    name: str
    offering: str = ""
    plan: str = ""
    params: Json = field(default_factory=dict)
    indices: dict[str, IndexEntry] = field(default_factory=dict)


@dataclass(kw_only=True)
class AppEntry:
    """An app that each stage has, and what the pipeline deploys it with."""

    __pydantic_config__: ClassVar = STRICT
    name: str
    release: int
    software: dict[str, dict[str, str]] = field(default_factory=dict)
    instances: int = 1
    memory: str = "512M"
    routes: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    looks_up: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class ApiEntry:
    """Where the platform is, and who works on it."""

    __pydantic_config__: ClassVar = STRICT
    api: str
    version: str
    user: str


@dataclass(kw_only=True)
class DrillEntry:
    """A drill: what happens, how it shows, what is right to do, and what is planted."""

    __pydantic_config__: ClassVar = STRICT
    about: str
    sign: str
    answer: str
    plants: list[Json]


@dataclass(kw_only=True)
class CloudEstate:
    """An estate as one of its stages has it.

    Attributes:
        starts: The day and hour at which a rehearsal begins.
        images: Whose images of docker its apps are.
        contents: What real servers hold at the start.
        files: What of the repositories the procedures touch.
        mappings: How search indices can be laid out.
        guard: The route service in front of metrics; empty for none.
    """

    __pydantic_config__: ClassVar = STRICT
    starts: str
    cli: Cli
    api: ApiEntry
    org: str
    quota: Quota
    spaces: list[str]
    images: str
    domains: list[str]
    offerings: dict[str, OfferingEntry]
    services: list[ServiceEntry]
    apps: list[AppEntry]
    contents: Contents = field(default_factory=Contents)
    files: dict[str, str] = field(default_factory=dict)
    drills: dict[str, DrillEntry] = field(default_factory=dict)
    mappings: dict[str, MappingEntry] = field(default_factory=dict)
    guard: str = ""


E = TypeVar("E", bound=CloudEstate)


def estate_at(kind: type[E], name: str, stage: str) -> E:
    """What the file of an estate says of a stage; see `read_estate`."""
    return read_estate(kind, name)[stage]


_KNOWN: dict[tuple[type[Any], str], dict[str, Any]] = {}
"""What was read, by what the file says and the estate's name."""


def read_estate(kind: type[E], name: str) -> dict[str, E]:
    """An estate that ships with uplevel, by its stages.

    Args:
        kind: What its file says.
        name: The estate's name.

    Raises:
        UsageProblem: There is no such estate, or its file says something else.
    """
    if (kind, name) not in _KNOWN:
        _KNOWN[kind, name] = _read(kind, name)
    return _KNOWN[kind, name]


def _read(kind: type[E], name: str) -> dict[str, E]:
    path = asset(f"worlds/{name}.yaml")
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        known = ", ".join(sorted(one.stem for one in asset("worlds").glob("*.yaml")))
        raise UsageProblem(f"There is no world called {name}.", f"Worlds: {known}.")
    told: Json = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    try:
        return {stage: adapter_of(kind).validate_python(_at(told, stage)) for stage in told.get("spaces", ())}
    except ValidationError as wrong:
        raise UsageProblem(f"The file of the world {name} cannot be used. {first_mistake(wrong)}.") from None


def _at(told: Any, stage: str) -> Any:
    """What a file says as it is at a stage: its own values instead of tables of stages, its name for `{stage}`."""
    if isinstance(told, dict) and stage in told:
        return _at(told.get(stage), stage)
    if isinstance(told, dict):
        return {key: _at(one, stage) for key, one in told.items()}
    if isinstance(told, list):
        return [_at(one, stage) for one in told]
    return told.replace("{stage}", stage) if isinstance(told, str) else told
