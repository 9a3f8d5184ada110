"""What a drill has somebody else do in a database, at the moment it says: once, and not again after a break."""

import json
from collections.abc import Mapping
from pathlib import Path

import psycopg

from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.servers.postgres import Postgres


class Jobs:
    """The jobs of one world, by their place in its list.

    Args:
        folder: The lab's folder, where those that are done are noted.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "done"
        self._done: set[int] = set(json.loads(self._file.read_text())) if self._file.is_file() else set()

    def pending(self, world: EstateWorld) -> bool:
        """Whether any is to be done yet."""
        return len(self._done) < len(world.database_jobs)

    def do(self, world: EstateWorld, servers: Mapping[str, Postgres]) -> bool:
        """Do those whose moment has come: their service is there, and the question they wait for says yes.

        Returns:
            Whether one of them was that the ways to the servers are cut.
        """
        space, cut = world.site, False
        for number, job in enumerate(world.database_jobs):
            service = space.service(job.service)
            server = None if service is None or number in self._done else servers.get(service.guid)
            if server is None or not server.answers(job.when or "select true"):
                continue
            try:
                server.run(job.sql or "select true")
            except psycopg.Error:
                continue  # what it needs is not there yet
            cut = cut or not job.sql
            self._done.add(number)
            self._file.write_text(json.dumps(sorted(self._done)), encoding="ascii")
        return cut
