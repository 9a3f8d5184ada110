"""Faults in the databases of a rehearsal."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.platforms.sdk.drills import Plant
from wizard.platforms.servers.world import DatabaseJob, ServedWorld


@dataclass(kw_only=True)
class PlantedJob(Plant[ServedWorld]):
    """Somebody runs `sql` in the database of `service` once `when` says yes there; without `sql` the tunnels drop."""

    kind: ClassVar = "database_job"
    service: str
    when: str = ""
    sql: str = ""

    def strike(self, world: ServedWorld) -> None:
        world.database_jobs.append(DatabaseJob(self.service, self.when, self.sql))
