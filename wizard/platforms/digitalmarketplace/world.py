"""The world of the estate: a Cloud Foundry platform, and what stands beside it."""

from dataclasses import dataclass, field

from wizard.platforms.cloudfoundry.world import CloudWorld


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
