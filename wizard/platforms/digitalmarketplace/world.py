"""The world of the estate: a Cloud Foundry platform, and what stands beside it."""

from dataclasses import dataclass, field

from wizard.platforms.cloudfoundry import apps
from wizard.platforms.cloudfoundry.estate import estate_at
from wizard.platforms.cloudfoundry.things import App
from wizard.platforms.cloudfoundry.world import CloudWorld
from wizard.platforms.digitalmarketplace.estate import Estate, SiteMode


@dataclass(slots=True)
class BuiltImage:
    """An image of docker that was built on this machine."""

    nginx: str
    pushed: bool = False


@dataclass(slots=True)
class FileChange:
    """What somebody changed in a file of a repository: in `path` stands `new` instead of `old`."""

    path: str
    old: str
    new: str


@dataclass(slots=True, kw_only=True)
class EstateWorld(CloudWorld):
    """The estate.

    Attributes:
        documents: How many the database holds, by stage and framework.
        bases: The Debian release that each tag of the nginx image stands on.
        images: What was built here, by tag.
        changed: What of the repositories is not as it was.
    """

    documents: dict[str, dict[str, int]] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    images: dict[str, BuiltImage] = field(default_factory=dict)
    changed: list[FileChange] = field(default_factory=list)

    @property
    def estate(self) -> Estate:
        """What the estate's file says of the stage that is worked on."""
        return estate_at(Estate, self.world, self.stage)

    def said_at_start(self, app: App) -> list[str]:
        if apps.kind(app.image) != self.estate.roles.router:
            return []
        return [f"Compiling {template}" for template in self.mode_of(app).compiles]

    def mode_of(self, router: App) -> SiteMode:
        """The mode that a router is in."""
        return self.estate.site.mode(router.env.get(self.estate.variables.mode, ""))
