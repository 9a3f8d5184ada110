"""The file of the estate: beside what its platform has, what its own tools, jobs and pages work with."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import ClassVar, Literal

from wizard.platforms.cloudfoundry.estate import STRICT, CloudEstate


@dataclass(kw_only=True)
class Roles:
    """The apps that have a part to play; empty where there is none for it.

    Attributes:
        router: In front of the site.
        data: With the database.
        search: With the search service.
        login: Where people log in; it begins sessions, and the other frontends read them.
    """

    __pydantic_config__: ClassVar = STRICT
    router: str = ""
    data: str = ""
    search: str = ""
    login: str = ""


@dataclass(kw_only=True)
class Repositories:
    """What the repositories are called."""

    __pydantic_config__: ClassVar = STRICT
    manifests: str = ""
    credentials: str = ""
    scripts: str = ""
    of_app: str = "{app}"

    def of(self, app: str) -> str:
        """The repository of an app."""
        return self.of_app.replace("{app}", app)


@dataclass(kw_only=True)
class Variables:
    """What the variables of apps and tools are called.

    Attributes:
        mode: The router's mode.
        stage: The stage that an app is told.
        repository: Where the credentials are.
        token: A person's own token of the search API at a stage.
        token_of_search: The search API's tokens in the credentials.
        secrets: What manifests hold of the credentials.
        rendered: What the router's configuration is tested with.
    """

    __pydantic_config__: ClassVar = STRICT
    mode: str = ""
    stage: str = ""
    repository: str = ""
    token: str = ""
    token_of_search: str = ""
    secrets: list[str] = field(default_factory=list)
    rendered: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class SiteMode:
    """A mode of the router.

    Attributes:
        compiles: What its start script says that it compiles.
        down: First parts of names that get the maintenance page.
        up: Those of them that do not.
    """

    __pydantic_config__: ClassVar = STRICT
    compiles: list[str] = field(default_factory=list)
    down: list[str] = field(default_factory=list)
    up: list[str] = field(default_factory=list)

    def turns_away(self, part: str) -> bool:
        """Whether a name that begins so gets the maintenance page."""
        return part not in self.up and any(fnmatchcase(part, pattern) for pattern in self.down)


LIVE = "live"
"""The mode of a router that is in no other."""


@dataclass(kw_only=True)
class SiteEntry:
    """What the router answers.

    Attributes:
        page: What every page says.
        closed: First parts of names that are for a list of addresses only.
        modes: By name; every other one is live.
    """

    __pydantic_config__: ClassVar = STRICT
    page: str = ""
    closed: list[str] = field(default_factory=list)
    modes: dict[str, SiteMode] = field(default_factory=dict)

    def mode(self, name: str) -> SiteMode:
        """A mode as the router understands its name."""
        return self.modes.get(name) or self.modes.get(LIVE, SiteMode())


@dataclass(kw_only=True)
class Scripts:
    """What the scripts that fill search indices hold.

    Attributes:
        data_api: The address of the app with the database; `{STAGE}` in it is the stage that is meant.
        search_api: Likewise of the app with the search.
        stages: Those that the scripts know.
        mappings: The mapping of a framework's documents, by a pattern of its name.
        indices: How an index of a framework is called before its day, by a pattern of the framework's name.
    """

    __pydantic_config__: ClassVar = STRICT
    data_api: str = ""
    search_api: str = ""
    stages: list[str] = field(default_factory=list)
    mappings: dict[str, str] = field(default_factory=dict)
    indices: dict[str, str] = field(default_factory=dict)

    def mapping_for(self, framework: str) -> str:
        """The mapping of a framework's documents; empty where none is held."""
        return _first(self.mappings, framework)

    def index_for(self, framework: str) -> str:
        """How an index of a framework is called before its day."""
        return _first(self.indices, framework).replace("{framework}", framework)


@dataclass(kw_only=True)
class JobEntry:
    """A job of Jenkins.

    Attributes:
        does: What it does.
        frameworks: Whose indices it fills: how their names begin.
        name: What it calls itself in its log.
        pages: What its tests look at; `slower`: what takes longer.
    """

    __pydantic_config__: ClassVar = STRICT
    does: Literal[
        "release_all",
        "release_one",
        "build_image",
        "reindex",
        "refill_indices",
        "change_mode",
        "ask_platform_team",
        "back_up",
        "smoke_tests",
        "smoulder_tests",
    ]
    frameworks: str = ""
    name: str = ""
    pages: str = ""
    slower: str = ""


@dataclass(kw_only=True)
class Estate(CloudEstate):
    """The estate.

    Attributes:
        documents: How many of each framework the database holds.
        bases: The Debian release that each tag of the nginx image stands on.
    """

    documents: dict[str, int] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    roles: Roles = field(default_factory=Roles)
    repositories: Repositories = field(default_factory=Repositories)
    variables: Variables = field(default_factory=Variables)
    site: SiteEntry = field(default_factory=SiteEntry)
    scripts: Scripts = field(default_factory=Scripts)
    jobs: dict[str, JobEntry] = field(default_factory=dict)

    def image(self, app: str, tag: str) -> str:
        """An image of an app, as docker names it."""
        return f"{self.images}/{app}:{tag}"

    def job_that(self, does: str) -> str:
        """The name of the job that does something."""
        return next((name for name, job in self.jobs.items() if job.does == does), does)


def at_stage(text: str, stage: str) -> str:
    """A text of the file for the stage that somebody means, which need not be the one that is worked on."""
    return text.replace("{STAGE}", stage)


def _first(table: dict[str, str], name: str) -> str:
    return next((value for pattern, value in table.items() if fnmatchcase(name, pattern)), "")
