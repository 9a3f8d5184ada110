"""Faults of the estate: its pipeline, its scripts, its repositories; and the table of all that can be planted in it."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.platforms.cloudfoundry import faults, plants
from wizard.platforms.cloudfoundry.indices import behind
from wizard.platforms.digitalmarketplace import releases
from wizard.platforms.digitalmarketplace.world import EstateWorld, FileChange
from wizard.platforms.sdk.drills import Kinds, Plant, Spoiler, table
from wizard.platforms.servers.faults import PlantedJob


@dataclass(kw_only=True)
class SomeoneDeploys(faults.StagePlant[EstateWorld]):
    """Somebody else releases an app through the pipeline."""

    kind: ClassVar = "someone_else_deploys"
    app: str
    release: str = ""

    def strike(self, world: EstateWorld) -> None:
        releases.release(world, world.site, self.app, self.release)


@dataclass(kw_only=True)
class WriteDocuments(faults.StagePlant[EstateWorld]):
    """Documents are published: the database has them, and the backend that serves."""

    kind: ClassVar = "write_documents"
    count: int
    serves: str

    def strike(self, world: EstateWorld) -> None:
        index = behind(world.site, self.once.alias, self.serves)
        if index is not None:
            index.documents += self.count
            world.documents[world.stage][index.holds] += self.count


@dataclass(kw_only=True)
class FileChanged(Plant[EstateWorld]):
    """Somebody changed a file of a repository: in `path` stands `new` instead of `old`."""

    kind: ClassVar = "file_changed"
    path: str
    old: str
    new: str

    def strike(self, world: EstateWorld) -> None:
        world.changed.append(FileChange(self.path, self.old, self.new))


@dataclass(kw_only=True)
class ReleaseFails(Spoiler[EstateWorld]):
    """A release of an app through the pipeline does not come up."""

    kind: ClassVar = "release_fails"
    app: str = ""
    says: str = "Start unsuccessful"


@dataclass(kw_only=True)
class NotIndexed(Spoiler[EstateWorld]):
    """Some documents are not taken."""

    kind: ClassVar = "not_indexed"
    framework: str = ""
    count: int = 37


KINDS: Kinds[EstateWorld] = table(
    *(faults.ExpireToken, faults.NetworkDown, faults.NetworkBack, faults.RestartApp, faults.SomeoneBinds),
    *(faults.MoveAlias, faults.CreateFailed, faults.SlowCreate, faults.UpdateFailed, faults.PushFails, faults.LogsFail),
    *(plants.QuotaFull, plants.MemoryFull, plants.WrongSpace, plants.OldCli, plants.LoggedOut, plants.NameTaken),
    *(
        plants.PlanGone,
        plants.BindingMissing,
        plants.StaleRelease,
        plants.LeftBound,
        plants.KeyLeft,
        plants.OrphanRoute,
    ),
    *(PlantedJob, SomeoneDeploys, WriteDocuments, FileChanged, ReleaseFails, NotIndexed),
)
